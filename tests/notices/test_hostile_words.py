"""Whatever stands in people's data comes out as text, in every shape, and never anywhere that it has no place."""

import json
from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from notices.compose import compose, compose_from
from notices.data import NoticeData
from notices.errors import BadData, BadTemplate, Unprintable
from notices.letter import letter
from notices.notice import Notice
from notices.shelf import shelf
from notices.wording import UNSEEN, clean, paragraphs
from tests.notices.samples import ADDRESS, data_of, html_tags, html_text, notice_of, one_line, pdf_text

NASTY = [
    '#import "@preview/x:1.0.0": *',
    "$ x^2 $ = heading *bold* _it_ `raw` <label> @ref // comment /* more",
    "= Heading",
    "- item",
    "> instruction",
    "# heading",
    "[advice]",
    "@only call",
    "Term :: value",
    "subject: other",
    "<script>alert(1)</script><img src=x onerror=y>",
    "{{ 7 * 7 }} {% include 'x' %} {# gone? #}",
    "&amp; &lt; \\n \\u{6f22} %s %(x)s {0}",
    "two\nlines\r\n\r\nthree\u2028four\u2029five\x85six",
    "\u202egnitirw sdrawkcab\u202c \u2066inner\u2069 \u200f \u061c",
    "nul\x00 bell\x07 escape\x1b[31m zero\u200bwidth soft\u00adhyphen \ufeff",
    "marks \ufdd0heading\ufdd1x\ufdd11\ufdd1\ufdd2",
    "half a pair \ud800 and a tag \U000e0041",
]
anything = st.one_of(st.sampled_from(NASTY), st.text(min_size=1, max_size=40)).filter(lambda text: bool(clean(text)))


def _structure(notice: Notice) -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    return [(block.kind, block.satisfies, tuple(block.only)) for block in notice.blocks]


@pytest.mark.parametrize("template", ["breach-notice", "victim-notice"])
@given(name=anything, said=anything)
@settings(max_examples=120, deadline=None)
@example(name=NASTY[3], said=NASTY[3])
@example(name=NASTY[16], said=NASTY[15])
def test_a_value_is_text_in_every_shape_and_makes_no_structure(template: str, name: str, said: str) -> None:
    plain = notice_of(template)
    data = data_of(template)
    data["person"] = {**data["person"], "salutation": name}
    data["incident"] = {**data["incident"], "data_kinds": [said] * len(data["incident"]["data_kinds"])}
    notice = compose(template, data)
    assert _structure(notice) == _structure(plain)
    assert html_tags(notice.html) == html_tags(plain.html)
    for text in filter(None, (one_line(notice.text), html_text(notice.html), one_line(notice.call_script))):
        assert one_line(clean(name)) in text
        assert one_line(clean(said)) in text
    assert not any(UNSEEN.search(text.replace("\n", "")) for text in (notice.text, notice.html, notice.call_script))


@pytest.mark.parametrize("nasty", NASTY)
def test_a_value_that_slipped_past_the_model_is_still_only_text(nasty: str) -> None:
    known = NoticeData.model_validate(data_of("breach-notice"))
    person = known.person.model_copy(update={"salutation": nasty})
    notice = compose("breach-notice", known.model_copy(update={"person": person}))
    assert _structure(notice) == _structure(notice_of("breach-notice"))
    assert f"Dear {clean(nasty)}\n" in notice.text


@pytest.mark.parametrize("nasty", NASTY)
def test_a_value_is_text_on_paper(nasty: str) -> None:
    data = data_of("breach-notice")
    data["incident"] = {**data["incident"], "data_kinds": [nasty], "measures": [nasty]}
    on_paper = one_line(
        pdf_text(letter(compose("breach-notice", data), ("Ms Sample", nasty, "Sampletown"), date(2026, 1, 2)))
    )
    assert on_paper.replace(" ", "").count(clean(nasty).replace(" ", "")) == 3


@given(text=st.text(max_size=60))
@settings(max_examples=300, deadline=None)
def test_clean_text_is_one_line_that_hides_nothing_and_stays_as_it_is(text: str) -> None:
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    assert not UNSEEN.search(cleaned)
    assert cleaned == cleaned.strip()
    assert len(cleaned.splitlines()) <= 1
    assert all(clean(part) == part for part in paragraphs(text))


MARKER = "Zaphrodine"


def test_nothing_that_can_be_printed_by_accident_shows_what_is_in_it() -> None:
    notice = notice_of("victim-notice", person={"salutation": MARKER, "code_word": MARKER})
    data = NoticeData.model_validate({**data_of("breach-notice"), "reply_reference": MARKER})
    shown = [
        repr(notice),
        str(notice),
        repr(notice.blocks),
        repr(data),
        str(data),
        f"{data.person}",
        repr([data.incident]),
    ]
    with pytest.raises(ValidationError) as raw:
        NoticeData.model_validate({"person": {"kind": MARKER}})
    assert MARKER not in "".join([*shown, str(raw.value)])
    assert MARKER in notice.call_script


@pytest.mark.parametrize(
    ("room", "change", "field"),
    [
        ("person", {"salutation": None, "kind": MARKER}, "person.kind"),
        ("person", {"salutation": {MARKER: MARKER}}, "person.salutation"),
        ("person", {"told_to": "guardian", "salutation": MARKER}, "person"),
        ("organisation", {"email": MARKER}, "organisation.email"),
        ("incident", {"advice": MARKER}, "incident.advice"),
        ("incident", {"what_happened": " \n\n\u200b"}, "incident.what_happened"),
        ("incident", {"advise": [MARKER]}, "incident.advise"),
    ],
)
def test_data_that_cannot_be_used_is_refused_by_the_name_of_its_field_alone(
    room: str, change: dict[str, object], field: str
) -> None:
    data = data_of("breach-notice")
    data[room] = {**data[room], **change}
    with pytest.raises(BadData) as refused:
        compose("breach-notice", data)
    assert field in [place for place, _ in refused.value.problems]
    assert MARKER not in str(refused.value)
    assert refused.value.__cause__ is None
    assert refused.value.__context__ is None


@pytest.mark.parametrize(
    "source",
    [
        "{{ person.salutation() }}",
        "{{ person.salutation.upper() }}",
        "{{ person[person.salutation] }}",
        "{% include person.salutation %}",
        "{{ person.salutation | day }}",
        "{{ person.salutation + 1 }}",
        "{{ person.salutation.nothing }}",
        "{{ person }}",
    ],
)
def test_a_template_that_fails_on_a_value_does_not_say_which(source: str) -> None:
    path = "notices/breach-notice/en.txt"
    books = shelf().with_file(path, f"subject: x\nshapes: message\n\nDear\n{source}\n")
    data = data_of("breach-notice")
    data["person"] = {**data["person"], "salutation": MARKER}
    with pytest.raises(BadTemplate) as refused:
        compose_from(books, "breach-notice", data, language="en")
    assert (refused.value.file, refused.value.line) == (path, 5)
    assert MARKER not in str(refused.value)
    assert refused.value.__cause__ is None
    assert refused.value.__context__ is None


def test_a_letter_that_no_font_can_set_names_the_notice_and_not_the_person() -> None:
    notice = notice_of("breach-notice", person={"salutation": f"{MARKER} 漢"})
    with pytest.raises(Unprintable) as refused:
        letter(notice, ADDRESS, date(2026, 1, 2))
    said = str(refused.value)
    assert "breach-notice" in said
    assert "7K4M-2QPX" in said
    assert MARKER not in said
    assert "漢" not in said
    assert refused.value.__context__ is None


def test_the_samples_are_invented_and_obviously_so() -> None:
    for path, text in shelf().files.items():
        if path.endswith("samples.json") or path == "shared/sample.json":
            json.loads(text)
            assert "@" not in text.replace("privacy@example.org", "")
