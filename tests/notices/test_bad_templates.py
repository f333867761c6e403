"""A template that is wrong is one clear error with its file and line; one that is only unwise cannot do harm."""

from datetime import date
from importlib import metadata
from pathlib import Path

import pytest

from notices.check import check_template
from notices.compose import compose, compose_from, missing_contents, template_sha256
from notices.content import Contact, Heading, Instruction, Items, Paragraph, Table
from notices.errors import BadTemplate
from notices.notice import Notice
from notices.preview import preview
from notices.shelf import Shelf, shelf
from notices.typesetting import typeset
from tests.notices.samples import data_of

PATH = "notices/breach-notice/en.txt"
HEAD = "subject: A subject\nshapes: message, call\n\n"


def _with(body: str, head: str = HEAD) -> Shelf:
    return shelf().with_file(PATH, head + body)


def _composed(body: str, head: str = HEAD) -> Notice:
    return compose_from(_with(body, head), "breach-notice", data_of("breach-notice"), language="en")


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("\n{{ nope }}", "'nope' is undefined"),
        ("\n{{ person.nope }}", "has no attribute 'nope'"),
        ("\n{% if %}", "Expected an expression"),
        ("\n{{ person.guardian_name }}", "prints nothing"),
        ("\n{{ person.is_child }}", "prints nothing"),
        ("\n{{ incident.advice }}", "a list is printed one by one"),
        ("\n{{ 'a' * 10 }}", "the operator * is not for templates"),
        ("\n{{ 2 ** 9 }}", "the operator ** is not for templates"),
        ("\n{{ ''.__class__.__mro__ }}", "is unsafe"),
        ("\n{{ person.model_dump }}", "is unsafe"),
        ("\n{{ incident.advice[0] }}", "values are reached by name"),
        ("\n{{ cycler }}", "'cycler' is undefined"),
        ("\n{{ lipsum(9) }}", "only a macro"),
        ("\n{{ range(9) }}", "only a macro"),
        ("\n{{ person.salutation | pprint }}", "No filter named 'pprint'"),
        ("\n{{ person.salutation | default('x') }}", "No filter named 'default'"),
        ("\n{% include 'shared/en/nope.txt' %}", "includes a file that is not there"),
        ("\n[natur]", "knows no content 'natur'; the contents are nature, "),
        ("\n@only lettr", "knows no shape 'lettr'; the shapes are message, letter, call"),
        ("\n@onyl call", "knows no mark '@onyl'"),
        ("\n{% if true %}- an item{% endif %}", "a mark must be the first thing on its line"),
        ("\nsubject: Another", "a notice has one subject"),
        ("\n\ufdd0x", "holds a character that is kept for marks"),
    ],
)
def test_a_bad_template_is_one_error_with_its_file_and_line(body: str, says: str) -> None:
    with pytest.raises(BadTemplate) as refused:
        _composed(body)
    assert (refused.value.file, refused.value.line) == (PATH, 5)
    assert says in refused.value.says
    assert str(refused.value).startswith(f"{PATH}, line 5: ")


def test_an_error_in_a_shared_file_names_that_file() -> None:
    books = shelf().with_file("shared/en/rights.txt", "# Your rights\n[rihgts]\n")
    with pytest.raises(BadTemplate) as refused:
        compose_from(books, "breach-notice", data_of("breach-notice"), language="en")
    assert (refused.value.file, refused.value.line) == ("shared/en/rights.txt", 2)


@pytest.mark.parametrize(
    ("head", "says"), [("shapes: message\n\n", "has no subject"), ("subject: x\n\n", "does not name its shapes")]
)
def test_a_template_without_its_first_lines_is_refused(head: str, says: str) -> None:
    with pytest.raises(BadTemplate, match=says):
        _composed("Words.", head)


def test_a_notice_that_is_not_there_says_what_is() -> None:
    with pytest.raises(BadTemplate, match="there are accused-notice, breach-notice, third-party-notice, victim-notice"):
        compose("no-such-notice", data_of("breach-notice"))
    with pytest.raises(BadTemplate, match="not written in language 'cy'"):
        compose("breach-notice", data_of("breach-notice"), language="cy")
    with pytest.raises(BadTemplate, match="no such notice"):
        template_sha256("no-such-notice")


def test_marks_become_blocks() -> None:
    notice = _composed(
        "# A heading\n[nature]\nOne line\ngoes on.\n\nAnother.\n\n- first\n  goes on\n- second\n\n[advice]\nTerm :: value\n\n"
        "@contact\nPhone :: 1\nE-mail :: 2\n\n@only call\n> Do this.\nSay this.\n@all\n[]\nEnd.\n"
    )
    assert notice.blocks == (
        Heading(text="A heading"),
        Paragraph(text="One line goes on.", satisfies=("nature",)),
        Paragraph(text="Another.", satisfies=("nature",)),
        Items(entries=("first goes on", "second"), satisfies=("nature",)),
        Table(rows=(("Term", "value"),), satisfies=("advice",)),
        Contact(rows=(("Phone", "1"), ("E-mail", "2")), satisfies=("advice",)),
        Instruction(text="Do this. Say this.", only=("call",)),
        Paragraph(text="End."),
    )


def test_a_content_counts_only_where_every_shape_says_it() -> None:
    body = "[nature]\nBoth.\n\n@only call\n[advice]\nOnly said.\n\n@only message\n[rights]\nRead.\n\n@only call\n[rights]\nHeard.\n"
    notice = _composed(body)
    assert notice.contents == {"nature": "Both.", "rights": "Read. Heard."}
    assert missing_contents(notice, ["nature", "advice", "rights", "advice"]) == ["advice"]


def test_an_instruction_or_a_heading_satisfies_nothing() -> None:
    assert _composed("[advice]\n> Advise them.\n\n# Advice\n").contents == {}


def test_a_check_finds_what_the_words_do_not_say() -> None:
    found = check_template("breach-notice", books=_with("[nature]\nSomething happened at example.com.\n"))
    assert "a customer: does not say: advice" in found
    assert any("looks like a web" in says for says in found)


@pytest.mark.parametrize(
    "path", ["notices/breach-notice/en.txt", "shared/en/rights.txt", "shapes/letter.typ", "shapes/message.html"]
)
def test_a_template_s_version_changes_with_every_file_that_shapes_it(path: str) -> None:
    changed = shelf().with_file(path, shelf().files[path] + " ")
    assert changed.sha256("breach-notice") != template_sha256("breach-notice")
    if path.startswith("notices/"):
        assert changed.sha256("victim-notice") == template_sha256("victim-notice")


def test_templates_are_read_once_and_from_their_own_folder(tmp_path: Path) -> None:
    folder = tmp_path / "notices" / "a-notice"
    folder.mkdir(parents=True)
    (folder / "en.txt").write_text("subject: x\n", encoding="utf-8")
    books = shelf(tmp_path)
    (folder / "en.txt").write_text("subject: y\n", encoding="utf-8")
    assert books.names() == ("a-notice",)
    assert shelf(tmp_path).files == {"notices/a-notice/en.txt": "subject: x\n"}


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("{{ 'a'*10**9 }}", "the operator ** is not for templates"),
        ("{% macro m(s) %}{{ m(s ~ s) }}{% endmacro %}{{ m('aaaaaaaa') }}", "failed with MemoryError"),
        ("{% for a in person.salutation %}" * 14 + "x" + "{% endfor %}" * 14, "takes longer than 1 second"),
        (
            "{% for a in person.salutation %}" * 3 + "a long passage of words " * 40 + "{% endfor %}" * 3,
            "longer than any notice",
        ),
        ("{{ nope }}", "'nope' is undefined"),
    ],
)
def test_an_unapproved_template_cannot_take_the_machine_with_it(body: str, says: str) -> None:
    with pytest.raises(BadTemplate) as refused:
        preview("breach-notice", HEAD + body, data_of("breach-notice"), seconds=1)
    assert says in refused.value.says
    assert refused.value.file == PATH


def test_a_preview_shows_what_the_notice_would_be() -> None:
    data = data_of("breach-notice")
    notice = compose("breach-notice", data)
    shown = preview("breach-notice", shelf().files[PATH], data, seconds=20)
    assert (shown.subject, shown.text, shown.html) == (notice.subject, notice.text, notice.html)
    assert (shown.call_script, shown.contents, shown.problems) == (notice.call_script, notice.contents, [])


def test_a_page_template_that_does_not_compile_says_where() -> None:
    with pytest.raises(BadTemplate) as refused:
        typeset(
            "= Title\n#let x = (\n", {"name": "secret"}, dated_on=date(2026, 1, 2), what="a page", file="shapes/x.typ"
        )
    assert (refused.value.file, refused.value.line) == ("shapes/x.typ", 2)
    assert "unclosed delimiter" in refused.value.says


@pytest.mark.parametrize("engine", ["jinja2", "typst"])
def test_a_template_s_version_changes_with_the_engines(engine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("notices.shelf.version", lambda name: "another" if name == engine else metadata.version(name))
    assert Shelf(shelf().files).sha256("breach-notice") != template_sha256("breach-notice")
