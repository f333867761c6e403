"""The notices for people in danger, for the accused, and for those in between: what they must and must never say."""

from datetime import date

import pytest

from notices.letter import letter
from notices.notice import Notice
from notices.shelf import shelf
from tests.notices.samples import ADDRESS, notice_of, pdf_text

VICTIMS = list(shelf().samples("victim-notice"))
DISCREET = ("victim-notice", "accused-notice", "third-party-notice")


def _call(sample: str) -> list[str]:
    return notice_of("victim-notice", sample).call_script.splitlines()


def _first(lines: list[str], start: str) -> int:
    return next(number for number, line in enumerate(lines) if line.startswith(start))


@pytest.mark.parametrize("sample", VICTIMS)
def test_a_victim_is_never_written_to_by_mail_program(sample: str) -> None:
    notice = notice_of("victim-notice", sample)
    assert notice.shapes == ("letter", "call")
    assert (notice.text, notice.html) == ("", "")


@pytest.mark.parametrize("sample", VICTIMS)
def test_nothing_is_said_before_the_right_person_is_alone_and_has_agreed(sample: str) -> None:
    lines = _call(sample)
    told = _first(lines, "WHAT HAPPENED")
    assert _first(lines, "WHEN SOMEONE ANSWERS") < _first(lines, "Say:") < told
    assert _first(lines, "[ ] Wait for a clear yes.") < told
    assert _first(lines, "[ ] If someone else answers") < _first(lines, "Say:")


def test_the_code_word_is_asked_for_before_anything_is_said_and_stays_with_the_caller() -> None:
    notice = notice_of("victim-notice", person={"code_word": "windmill"})
    before = notice.call_script.partition("Say:")[0]
    assert "Ask for the code word before anything else. It is “windmill”." in before
    assert notice.call_script.count("windmill") == 1
    assert "windmill" not in pdf_text(letter(notice, ADDRESS, date(2026, 1, 2)))
    assert "windmill" not in notice.subject


def test_without_a_code_word_the_caller_is_told_to_give_nothing_away() -> None:
    assert "No code word is agreed." in notice_of("victim-notice", person={"code_word": None}).call_script


@pytest.mark.parametrize("sample", VICTIMS)
def test_a_victim_is_offered_a_meeting_and_an_independent_helper(sample: str) -> None:
    script = notice_of("victim-notice", sample).call_script
    for offer in ("meet you face to face", "ISVA", "CHISVA", "does not work for us", "Would you like this in writing?"):
        assert offer in script


def test_a_child_is_spoken_of_to_the_guardian_and_spoken_to_as_a_child() -> None:
    to_guardian = notice_of("victim-notice", "a child, through a guardian").call_script
    assert "ask for Ms Sample" in to_guardian
    assert "is not under investigation" in to_guardian
    assert "The information about Alex was:" in to_guardian
    to_child = notice_of("victim-notice", "a young person, told themselves").call_script
    assert "You have done nothing wrong, and you are not in any trouble." in to_child
    assert "someone they trust" in to_child


@pytest.mark.parametrize("template", DISCREET)
def test_what_can_be_read_at_home_gives_no_hint(template: str) -> None:
    """Tried with neutral facts, so that the words of the template itself are what is looked at."""
    facts = {"what_happened": "x.", "data_kinds": ["x"], "consequences": ["x."], "measures": ["x."], "advice": ["x."]}
    notice = notice_of(template, incident=facts)
    read = f"{notice.subject}\n{notice.text}\n{pdf_text(letter(notice, ADDRESS, date(2026, 1, 2)))}".casefold()
    hints = (
        "victim",
        "abuse",
        "police",
        "court",
        "prosecut",
        "crim",
        "offen",
        "witness",
        "interview",
        "suspect",
        "accused",
    )
    assert [hint for hint in hints if hint in read] == []
    assert notice.discreet


@pytest.mark.parametrize("template", DISCREET)
def test_a_discreet_subject_says_nothing_to_someone_who_looks_over_a_shoulder(template: str) -> None:
    notice = notice_of(template)
    assert "Example" not in notice.subject
    assert notice.subject.endswith("reference 7K4M-2QPX")


def test_a_flagged_person_gets_a_quiet_subject_from_the_general_notice_too() -> None:
    assert notice_of("breach-notice", person={"flagged": True}).subject == "A message for you – reference 7K4M-2QPX"


@pytest.mark.parametrize("template", ["accused-notice", "third-party-notice"])
def test_nobody_else_is_spoken_of(template: str) -> None:
    notice = notice_of(template)
    said = f"{notice.text} {_spoken(notice)}".casefold()
    for other in ("victim", "complainant", "child", "witness", "she ", "he "):
        assert other not in said.replace("the ", "")


def _spoken(notice: Notice) -> str:
    return " ".join(line for line in notice.call_script.splitlines() if not line.startswith("[ ]"))


def test_the_accused_are_told_that_nothing_else_changes() -> None:
    text = notice_of("accused-notice").text
    assert "Whatever you have been asked or ordered to do, or not to do, still holds." in text
    assert "Please do not get in touch with anyone else about it." in text


def test_third_parties_are_asked_not_to_tell_it_first() -> None:
    assert "Please do not speak or write to them about it" in notice_of("third-party-notice").text
