"""Each notice, in each shape, reads as it was approved, says what the law wants said, and says it plainly."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from notices.check import check_template
from notices.compose import compose, missing_contents, template_names
from notices.letter import letter
from rulebook.library import book
from tests.notices.samples import ADDRESS, CASES, data_of, html_text, notice_of, one_line, pdf_text

DUTIES_TO_PEOPLE = ("uk-p3-68-1", "uk-gdpr-34-1", "eu-gdpr-34-1")
DATED_ON = date(2026, 11, 23)


@pytest.mark.parametrize(("template", "sample"), CASES)
def test_a_notice_reads_in_each_shape_as_it_was_approved(
    template: str, sample: str, approved: Callable[[str, str], None]
) -> None:
    notice = notice_of(template, sample)
    folder = f"notices/{template}/{sample.replace(' ', '-').replace(',', '')}"
    approved(f"{folder}/subject.txt", notice.subject + "\n")
    approved(f"{folder}/call.txt", notice.call_script)
    if "message" in notice.shapes:
        approved(f"{folder}/message.txt", notice.text)
        approved(f"{folder}/message.html", notice.html)
    approved(f"{folder}/letter.txt", pdf_text(letter(notice, ADDRESS, DATED_ON)))


@pytest.mark.parametrize("duty", DUTIES_TO_PEOPLE)
@pytest.mark.parametrize(("template", "sample"), CASES)
def test_a_notice_says_all_that_the_duty_to_tell_people_demands(template: str, sample: str, duty: str) -> None:
    demanded = [
        content
        for law in book().laws.values()
        for key, one in law.duties.items()
        if key == duty
        for content in one.contents
    ]
    assert len(demanded) >= 5
    assert missing_contents(notice_of(template, sample), demanded) == []


@pytest.mark.parametrize(("template", "sample"), CASES)
def test_the_words_that_satisfy_a_content_stand_in_every_shape(template: str, sample: str) -> None:
    notice = notice_of(template, sample)
    shapes = {"call": one_line(notice.call_script), "letter": one_line(pdf_text(letter(notice, ADDRESS, DATED_ON)))}
    if "message" in notice.shapes:
        shapes |= {"text": one_line(notice.text), "html": html_text(notice.html)}
    for key in ("nature", "consequences", "measures", "advice", "rights"):
        for block in notice.blocks:
            if key in block.satisfies and not block.only and block.kind in ("paragraph", "items"):
                parts = getattr(block, "entries", None) or (block.words,)
                for shape, text in shapes.items():
                    assert all(part in text for part in parts), (shape, key)


@pytest.mark.parametrize("template", template_names())
@pytest.mark.parametrize("content", ["consequences", "measures", "advice"])
def test_a_content_that_nobody_has_written_is_missing(template: str, content: str) -> None:
    notice = notice_of(template, incident={content: []})
    assert missing_contents(notice, ["nature", content]) == [content]


@pytest.mark.parametrize("template", template_names())
def test_the_samples_of_each_notice_pass_every_check(template: str) -> None:
    assert check_template(template) == []


@pytest.mark.parametrize(("template", "sample"), CASES)
def test_a_thirteen_year_old_can_read_it(template: str, sample: str) -> None:
    """The Flesch-Kincaid grade, counted roughly: 8 is a reading age of about thirteen."""
    notice = notice_of(template, sample)
    passages = [
        part for block in notice.in_shape("letter") if block.kind in ("paragraph", "items") for part in _parts(block)
    ]
    sentences = [s for part in passages for s in re.split(r"[.?!]+\s|$", part) if s.strip()]
    words = [word for sentence in sentences for word in re.findall(r"[A-Za-z']+", sentence)]
    syllables = sum(max(1, len(re.findall(r"[aeiouy]+", re.sub(r"e\b", "", word.lower())))) for word in words)
    grade = 0.39 * len(words) / len(sentences) + 11.8 * syllables / len(words) - 15.59
    assert grade < 8


def _parts(block: object) -> tuple[str, ...]:
    return getattr(block, "entries", None) or (getattr(block, "text", ""),)


@pytest.mark.parametrize(("template", "sample"), CASES)
def test_an_exercise_says_so_in_the_first_words_of_every_shape(template: str, sample: str) -> None:
    notice = notice_of(template, sample, exercise=True)
    for shape in notice.shapes:
        assert notice.in_shape(shape)[0].words.startswith("This is an exercise")


def test_the_same_facts_give_the_same_notice_hash_included() -> None:
    data = data_of("breach-notice")
    assert compose("breach-notice", data) == compose("breach-notice", data)


@pytest.mark.parametrize(
    "change",
    [
        {"person": {"salutation": "Mr Sample"}},
        {"incident": {"occurred_on": "in 2025"}},
        {"incident": {"advice": ["Ring us."]}},
        {"reply_reference": "XXXX-YYYY"},
        {"organisation": {"postal": ["2 Example Street", "Sampletown"]}},
        {"authority": {"phone": None}},
        {"person": {"flagged": True}},
    ],
)
def test_the_hash_changes_with_anything_that_the_reader_would_see(change: dict[str, Any]) -> None:
    assert notice_of("breach-notice", **change).sha256 != notice_of("breach-notice").sha256
