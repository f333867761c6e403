"""Lint finds what a notice must not hold; each rule is shown red."""

from dataclasses import replace
from typing import Any

import pytest

from notices.content import Paragraph
from notices.lint import lint, lint_report
from notices.report import build
from tests.notices.samples import notice_of

LOOKS_LIKE_AN_ADDRESS = "holds something that looks like a web or e-mail address other than the contact's own"


@pytest.mark.parametrize(
    "said",
    [
        "See example.com for more.",
        "See help.example.co.uk.",
        "Write to someone@example.com.",
        "Write to someone at münchen.example now.",
        "See example\u3002com now.",
        "A sentence.With no space after it.",
        "privacy@example.org.example.com",
    ],
)
def test_anything_that_looks_like_a_domain_is_found_but_for_the_contact_address(said: str) -> None:
    found = lint(notice_of("breach-notice", incident={"advice": [said]}))
    assert found == [f"{shape}: {LOOKS_LIKE_AN_ADDRESS}" for shape in ("message", "call", "letter")]


@pytest.mark.parametrize(
    "said", ["Go to https://localhost now.", "Go to www.", "mailto:you", "A picture src=x", "url(x)"]
)
def test_anything_that_looks_like_a_link_is_found(said: str) -> None:
    found = lint(notice_of("breach-notice", incident={"advice": [said]}))
    assert "message: holds a link" in found
    assert "letter: holds a link" in found


@pytest.mark.parametrize(
    "said",
    ["It costs 9.50 in all, e.g. on Monday.", "At 9.30 a.m. or 5 p.m. Wait… then ring.", "U.K. and U.S. law; No.10."],
)
def test_ordinary_prose_is_left_alone(said: str) -> None:
    assert lint(notice_of("breach-notice", incident={"advice": [said]})) == []


@pytest.mark.parametrize(
    ("html", "says"),
    [
        ('<p><a href="x">y</a></p>', "html: has a <a> tag"),
        ('<img src="x">', "html: has a <img> tag"),
        ('<p style="background:url(x)">y</p>', "html: has a <p> with an attribute that is not for messages"),
        ('<p onclick="x">y</p>', "html: has a <p> with an attribute that is not for messages"),
        ("<script>x</script>", "html: has a <script> tag"),
        ('<p style="@import x">y</p>', "html: has a <p> with an attribute that is not for messages"),
    ],
)
def test_a_page_holds_no_tag_and_no_attribute_but_the_house_s_own(html: str, says: str) -> None:
    assert says in lint(replace(notice_of("breach-notice"), html=html))


@pytest.mark.parametrize("sign", ["\x00", "\x1b", "\u202e", "\u200b", "\u2066"])
def test_a_character_that_cannot_be_seen_is_found(sign: str) -> None:
    notice = notice_of("breach-notice")
    assert "message: holds a control character or one that cannot be seen" in lint(
        replace(notice, text=notice.text + sign)
    )


def test_a_shape_that_says_nothing_is_found() -> None:
    assert "message: says nothing" in lint(replace(notice_of("breach-notice"), text="\n"))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"subject": "About the data breach"}, "subject: tells what the message is about; someone else may see it"),
        ({"subject": "The police rang"}, "subject: tells what the message is about; someone else may see it"),
        ({"subject": "From example organisation"}, "subject: names the sender; someone else may see it"),
        ({"subject": "A" * 121}, "subject: is longer than 120 characters"),
    ],
)
def test_a_subject_that_tells_too_much_is_found(change: dict[str, Any], says: str) -> None:
    assert lint(replace(notice_of("third-party-notice"), **change)) == [says]


def test_a_telling_word_is_found_in_what_can_be_read_at_home_and_left_alone_in_what_is_said() -> None:
    notice = notice_of("victim-notice", incident={"what_happened": "The recording of your interview was lost."})
    assert lint(notice) == [
        "letter: holds a word that tells others in the house what this is about; say it more quietly"
    ]
    assert lint(notice_of("breach-notice", incident={"what_happened": "The police rang us."})) == []


@pytest.mark.parametrize("shape", ["message", "letter", "call"])
def test_someone_who_must_not_be_read_about_is_found_in_every_shape(shape: str) -> None:
    notice = notice_of("accused-notice")
    said = replace(
        notice,
        blocks=(*notice.blocks, Paragraph(text="It was Jo  Sample's.")),
        text="JO sample",
        call_script="jo sample",
    )
    found = lint(said, must_not_mention=["Jo Sample", ""])
    assert f"{shape}: mentions someone whom this reader must not read about" in found
    assert "Jo" not in " ".join(found)
    assert lint(notice, must_not_mention=["Jo Sample", "arc"]) == []


def test_a_report_that_names_an_affected_person_is_found() -> None:
    report = build(
        "ico", "initial", {"story.what_happened": "The disc of Jo Sample was lost.", "story.how": "It fell."}
    )
    assert lint_report(report, ["jo sample"]) == ["what_happened: names an affected person; say it without the name"]
    assert lint_report(report, ["Alex"]) == []
