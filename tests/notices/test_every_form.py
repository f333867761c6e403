"""Every form: a report can always be built, fits its own schema, and says exactly what is missing and what would supply it."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from actions.form_facts import OPTIONS, QUESTIONS
from actions.known import STORY, check_known
from actions.names import law_facts_told
from notices.filled import Report, Stage, read_back
from notices.forms.every import FORMS
from notices.forms.form import PORTAL
from notices.machine import machine
from notices.pages import pages
from notices.report import Last, build, pdf, sheet
from notices.schema import schemas
from rulebook.library import book
from tests.notices.everything import everything
from tests.notices.incident import FIRST_HOUR, THIRD_DAY
from tests.notices.samples import pdf_text

ALL = everything()
STAGES: tuple[Stage, ...] = ("initial", "follow_up", "final", "withdrawal")
PHASES = ("early_warning", "initial", "intermediate", "update", "final")
ROOT = Path(__file__).resolve().parents[2]
AS_OF = datetime(2016, 12, 2, 9, tzinfo=UTC)
COMPUTED = ("filing.", "incident.", "ledger.", "people_told")
OURS = ("organisation.",)
NEW = [key for key in FORMS if key not in ("ico", "article-33")]

facts = st.sets(st.sampled_from(sorted(ALL))).map(lambda names: {name: ALL[name] for name in names})


def fits(report: Report) -> bool:
    made = machine(report)
    if made is not None:
        Draft202012Validator(schemas()[report.on.machine]).validate(json.loads(json.dumps(made)))
    return True


@given(form=st.sampled_from(sorted(FORMS)), stage=st.sampled_from(STAGES), phase=st.sampled_from(PHASES), known=facts)
@settings(max_examples=150, deadline=None)
def test_a_report_can_be_built_from_whatever_is_known_and_fits_its_schema(
    form: str, stage: Stage, phase: str, known: dict[str, object]
) -> None:
    report = build(form, stage, {**known, "obligation.phase": phase})
    assert read_back(json.loads(json.dumps(report.content))) == report
    assert sheet(report).startswith("COPY SHEET") and fits(report)
    for field in report.fields:
        unanswered = field.value in (None, "", ())
        assert not field.missing or (field.asked and field.required), field
        assert field.missing or not (field.asked and field.required and unanswered), field
        assert field.asked or unanswered, "what is not asked has no answer"


@given(form=st.sampled_from(sorted(FORMS)), name=st.sampled_from(sorted(ALL)))
@settings(max_examples=200, deadline=None)
def test_what_is_missing_is_what_was_not_told_and_nothing_else(form: str, name: str) -> None:
    """One fact taken away: only questions that it answers, or that are asked because of it, can be missing."""
    whole = build(form, "follow_up", ALL)
    less = build(form, "follow_up", {key: value for key, value in ALL.items() if key != name})
    before = {field.key: field for field in whole.fields}
    for field in less.fields:
        if field.missing and not before[field.key].missing:
            newly_asked = not before[field.key].asked
            answers = [fact for fact in field.facts if fact == name or fact.startswith(f"{name}.")]
            assert answers or newly_asked or name.startswith("protection") or name == "risk", field


@pytest.mark.parametrize("form", sorted(FORMS))
def test_when_everything_is_known_nothing_is_missing(form: str) -> None:
    report = build(form, "follow_up", ALL)
    assert report.missing == ()
    assert machine(report) is None or fits(report)


def test_every_question_names_facts_that_there_are() -> None:
    """So that whoever reads what is missing can be told how to supply it."""
    known = {*STORY, *law_facts_told(), "people", "people_told"}
    for form in FORMS.values():
        for question in form.questions:
            assert question.facts or question.sums_up, f"{form.key}: {question.key} names no fact"
            for name in question.facts:
                assert name in known or name.startswith(COMPUTED + OURS), f"{form.key}: {question.key} needs {name}"


def test_one_fact_has_one_list_of_options() -> None:
    for form in FORMS.values():
        for question in form.questions:
            if question.from_fact in OPTIONS and question.derived is None:
                assert question.options == OPTIONS[question.from_fact], f"{form.key}: {question.key}"


def test_every_fact_that_forms_ask_for_can_be_recorded() -> None:
    told = {name: value for name, value in ALL.items() if name in QUESTIONS}
    check_known(told)
    assert len(told) > 100


def test_keys_and_numbers_of_a_form_are_its_own_once_each() -> None:
    for form in FORMS.values():
        keys = [question.key for question in form.questions]
        codes = [question.code for question in form.questions if question.code]
        assert len(keys) == len(set(keys)) and len(codes) == len(set(codes)), form.key


def test_the_template_of_the_board_has_its_hundred_fields_and_that_of_dora_its_seventy_six() -> None:
    numbers = [int(question.code) for question in FORMS["edpb-33"].questions]
    assert (len(numbers), numbers[0], numbers[-1]) == (100, 3, 126) and numbers == sorted(numbers)
    codes = [question.code for question in FORMS["dora"].questions]
    assert [sum(code.startswith(f"{part}.") for code in codes) for part in range(1, 5)] == [15, 10, 35, 16]


def test_a_form_for_computers_has_all_its_fields_in_its_schema() -> None:
    assert all(question.path for question in FORMS["dora"].questions)
    for key, schema in schemas().items():
        Draft202012Validator.check_schema(schema)
        assert schema["additionalProperties"] is False, key


def test_times_leave_the_house_with_their_offset() -> None:
    made = machine(build("dora", "final", ALL))
    assert made is not None
    assert made["incident"]["detectionDateTime"] == "2016-12-01T10:00:00+00:00"
    assert made["incident"]["grossAmountIndirectDirectCosts"] == 3400
    assert made["impactAssessment"]["affectedAssets"]["affectedClients"] == {"number": 12, "percentage": 12.5}


def test_an_incomplete_notification_says_so_and_a_withdrawn_one_too() -> None:
    said = [
        build("edpb-33", stage, known) for stage, known in (("initial", {}), ("follow_up", ALL), ("withdrawal", ALL))
    ]  # type: ignore[arg-type]  # stages by their words
    assert [next(f.value for f in one.fields if f.code == "4") for one in said] == [
        "Incomplete",
        "Complete",
        "Withdraw",
    ]


def test_options_for_what_is_not_known_stand_only_in_an_incomplete_notification() -> None:
    report = build("edpb-33", "initial", {})
    open_fields = [
        field
        for field in report.fields
        if str(field.value).lower().strip("(',)") in ("to be determined", "not yet known")
    ]
    assert open_fields and all(field.missing for field in open_fields)


@pytest.mark.parametrize("form", NEW)
def test_a_form_reads_as_it_was_approved(form: str, approved: Callable[[str, str], None]) -> None:
    early = build(form, "initial", FIRST_HOUR | {"obligation.contents": ["nature", "people_affected", "people_told"]})
    last = Last(number=1, version=1, filed_at=AS_OF, report=early)
    late = build(form, "follow_up", ALL | {"incident.exercise": False}, last)
    approved(f"reports/{form}/first-hour.sheet.txt", sheet(early))
    approved(f"reports/{form}/everything.sheet.txt", sheet(late))
    approved(f"reports/{form}/everything.pdf.txt", pdf_text(pdf(late, as_of=AS_OF)))
    if made := machine(late):
        approved(f"reports/{form}/everything.json", json.dumps(made, indent=1, ensure_ascii=False) + "\n")


@pytest.mark.parametrize("form", sorted(FORMS))
def test_what_the_law_wants_in_a_report_its_form_can_carry(form: str) -> None:
    """Every content that a duty with this form demands has a question."""
    rows: dict[str, Any] = dict(book().by_duty)
    carried = {question.required_by for question in FORMS[form].questions if question.required_by != PORTAL}
    wanted = [content for duty in _duties(form) for content in rows[duty][1].contents]
    assert set(wanted) - carried <= EXCUSED.get(form, set())


EXCUSED = {
    "edpb-33": {"remainder"},
    "ico": {"records_affected", "circumstances", "remainder"},
    "article-33": {"remainder", "organisation", "occurred", "detected"},
    "dora": {"delay"},
}
"""What is carried by the form's own questions without that name."""


def _duties(form: str) -> list[str]:
    text = pages(book())["README.md"]
    rows = [line.split(" | ") for line in text.splitlines() if line.startswith("| `")]
    return [row[0].strip("| `") for row in rows if f"[{form}]" in row[3]]


def test_the_pages_of_the_forms_are_those_that_the_forms_write() -> None:
    """`make pages` writes them."""
    for name, text in pages(book()).items():
        assert (ROOT / "docs" / "forms" / name).read_text("utf-8") == text, name


def test_no_sheet_of_an_exercise_asks_anyone_to_send() -> None:
    for form in FORMS:
        assert "2. Send it." not in sheet(build(form, "initial", THIRD_DAY | {"incident.exercise": True}))
