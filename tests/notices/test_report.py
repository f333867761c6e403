"""The ICO's report: valid from the first hour, honest about what is missing, the same on paper and on the copy sheet."""

import io
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from notices.errors import BadData, Unprintable
from notices.filled import read_back
from notices.forms.ico_answers import CATEGORIES, DATA, KINDS, PEOPLE
from notices.report import FORMS, Field, Report, Stage, build, pdf, sheet
from rulebook.codes import words
from rulebook.library import book
from tests.notices.incident import FIRST_HOUR, FOLLOW_UP, THIRD_DAY
from tests.notices.samples import one_line, pdf_text

AS_OF = datetime(2016, 12, 2, 9, tzinfo=UTC)
MOMENTS: list[tuple[str, Stage, dict[str, object]]] = [
    ("nothing-known", "initial", {}),
    ("first-hour", "initial", FIRST_HOUR),
    ("third-day", "initial", THIRD_DAY),
    ("follow-up", "follow_up", FOLLOW_UP),
]


def _field(report: Report, key: str) -> Field:
    return next(field for field in report.fields if field.key == key)


def _answer(key: str, **facts: object) -> Field:
    return _field(build("ico", "initial", {name.replace("__", "."): value for name, value in facts.items()}), key)


@pytest.mark.parametrize(("name", "stage", "model"), MOMENTS)
def test_a_report_reads_as_it_was_approved(
    name: str, stage: Stage, model: dict[str, object], approved: Callable[[str, str], None]
) -> None:
    report = build("ico", stage, model)
    approved(f"reports/ico/{name}.json", json.dumps(report.content, indent=1, ensure_ascii=False) + "\n")
    approved(f"reports/ico/{name}.sheet.txt", sheet(report))
    approved(f"reports/ico/{name}.pdf.txt", pdf_text(pdf(report, as_of=AS_OF)))


@pytest.mark.parametrize(("name", "stage", "model"), MOMENTS)
def test_a_report_on_paper_is_accessible_and_the_same_every_time(
    name: str, stage: Stage, model: dict[str, object]
) -> None:
    made = pdf(build("ico", stage, model), as_of=AS_OF)
    trailer: Any = PdfReader(io.BytesIO(made)).trailer
    assert b"<pdfuaid:part>1</pdfuaid:part>" in trailer["/Root"]["/Metadata"].get_data()
    assert made == pdf(build("ico", stage, model), as_of=AS_OF)
    assert pdf(build("ico", stage, model)) == pdf(build("ico", stage, model))


def test_every_page_shows_the_hash_of_the_content() -> None:
    report = build("ico", "initial", THIRD_DAY)
    pages = pdf_text(pdf(report, as_of=AS_OF)).split("\n\f\n")
    assert len(pages) > 1
    assert all(report.sha256 in page and f"of {len(pages)}" in page for page in pages)


def test_a_report_of_the_first_hour_is_marked_preliminary_and_can_be_filed() -> None:
    report = build("ico", "initial", FIRST_HOUR)
    assert len(report.missing) > 10
    assert {"people_affected", "records_affected", "consequences", "measures", "nature"} <= set(report.missing_by_law)
    text = one_line(pdf_text(pdf(report)))
    assert f"Preliminary: {len(report.missing)} answers are not known yet and will follow." in text
    assert "preliminary" not in one_line(pdf_text(pdf(build("ico", "initial", THIRD_DAY)))).casefold()


@given(st.sets(st.sampled_from(sorted(THIRD_DAY))))
@settings(max_examples=60, deadline=None)
def test_knowing_more_never_makes_more_missing(known: set[str]) -> None:
    fewer = build("ico", "initial", {name: THIRD_DAY[name] for name in known})
    answered = {field.key for field in fewer.fields if not field.missing}
    everything = build("ico", "initial", THIRD_DAY)
    assert not answered & set(everything.missing)
    assert [field.key for field in fewer.fields] == [field.key for field in everything.fields]
    assert json.loads(json.dumps(fewer.content)) == fewer.content


def test_all_that_the_law_wants_in_a_report_is_asked_for() -> None:
    asked = {field.required_by for field in build("ico", "initial", {"filing.late": True}).fields}
    for duty in ("uk-p3-67-1", "uk-gdpr-33-1", "eu-gdpr-33-1"):
        law = next(law for law in book().laws.values() if duty in law.duties)
        assert set(law.duties[duty].contents) <= asked
    assert "reasons_for_delay" in asked


def test_the_form_keeps_its_sections_and_says_how_sure_its_wording_is() -> None:
    titles = [section.title for section in FORMS["ico"].sections]
    assert titles == [
        "About your report",
        "About the breach",
        "Cyber incidents only",
        "Staff and training",
        "Taking action",
        "About you",
    ]
    report = build("ico", "initial", THIRD_DAY)
    assert "KNOWN wording (Word form 2018-2024)" in sheet(report)
    assert "KNOWN wording (Word form 2018-2024)" in one_line(pdf_text(pdf(report)))


def test_each_choice_stands_on_the_sheet_in_the_form_s_own_words_and_the_right_ones_are_marked() -> None:
    text = sheet(build("ico", "initial", THIRD_DAY))
    asked = [
        q for section in FORMS["ico"].sections if section.title != "Cyber incidents only" for q in section.questions
    ]
    for option in (option for question in asked for option in question.options):
        assert f"] {option}\n" in text
    for chosen in (
        "initial report",
        "meets threshold",
        "250+",
        "sex life",
        "children",
        "employees",
        "other",
        "no but planning",
    ):
        assert f"[x] {chosen}\n" in text
    assert text.count("[x] not yet known") == 0


def test_what_the_form_does_not_ask_has_no_number() -> None:
    numbers = [
        line.partition(".")[0] for line in sheet(build("ico", "initial", THIRD_DAY)).splitlines() if line[:1].isdigit()
    ]
    questions = numbers[6 : numbers.index("1", 7)]
    assert questions == [str(number) for number in range(1, len(questions) + 1)]


def test_an_exercise_is_told_to_stop_before_sending() -> None:
    text = sheet(build("ico", "initial", FIRST_HOUR))
    assert "EXERCISE: DO NOT FILE THIS" in text
    assert "2. Send it." not in text
    assert "Exercise. Not to be filed" in one_line(pdf_text(pdf(build("ico", "initial", FIRST_HOUR))))
    real = build("ico", "initial", {**FIRST_HOUR, "incident.exercise": False})
    assert "2. Send it." in sheet(real)
    assert "exercise" not in (sheet(real) + pdf_text(pdf(real))).casefold()


def test_times_are_given_where_the_authority_is_and_in_utc() -> None:
    summer = build("ico", "initial", {"events.detected": "2026-07-01T22:30-04:00"})
    said = "Thursday 2 July 2026, 03:30 BST (Thursday 2 July 2026, 02:30 UTC)"
    assert said in sheet(summer)
    assert said in one_line(pdf_text(pdf(summer)))


def test_every_code_of_the_rulebook_finds_its_place_on_the_form() -> None:
    for options, codes, mapped in ((CATEGORIES, words()["data"], DATA), (KINDS, words()["kinds"], PEOPLE)):
        placed = [code for group in mapped.values() for code in group]
        assert len(placed) == len(set(placed))
        assert set(placed) <= set(codes)
        assert set(mapped) <= set(options)
    for code in words()["data"]:
        chosen = _answer("data_categories", data=[code])
        assert chosen.value != ("not yet known",)
        assert chosen.value != ("other",) or code.replace("_", " ") in chosen.note


@pytest.mark.parametrize(
    ("risk", "reason", "high"),
    [
        ("high", "meets threshold", "yes"),
        ("risk", "meets threshold", "no"),
        ("unlikely", "does not meet threshold but want you to be aware", "no"),
        ("unknown", "unclear whether meets threshold", "not yet known"),
        (None, "unclear whether meets threshold", "not yet known"),
    ],
)
def test_the_reason_and_the_risk_follow_the_decision(risk: str | None, reason: str, high: str) -> None:
    assert _answer("reason", risk=risk).value == reason
    assert _answer("high_risk", risk=risk).value == high
    assert _answer("high_risk", risk=risk).missing is (high == "not yet known")


@pytest.mark.parametrize(
    ("people", "number", "missing"),
    [
        ({"GB": 15}, 15, False),
        ({"GB": 15, "FR": 2}, 17, False),
        ({"US": 40, "US-TX": 30}, 40, False),
        ({"US-TX": 30, "US-NY": 2}, 32, False),
        ({"GB": 15, "FR": None}, 15, True),
        ({"GB": 0}, 0, False),
        ({}, None, True),
    ],
)
def test_people_are_counted_once(people: dict[str, int | None], number: int | None, missing: bool) -> None:
    field = _answer("people", people=people)
    assert (field.value, field.missing) == (number, missing)


@pytest.mark.parametrize(
    ("risk", "state", "said"),
    [
        ("high", "told", "yes high risk"),
        ("risk", "told", "yes anyway"),
        ("high", None, "no but planning"),
        ("unlikely", "not_needed", "no, not high risk"),
        ("high", "already_aware", "already aware"),
        ("risk", None, None),
    ],
)
def test_whether_people_were_told_is_said_in_the_form_s_words(risk: str, state: str | None, said: str | None) -> None:
    assert _answer("people_told", risk=risk, people_told=state).value == said


def test_the_questions_for_cyber_incidents_are_asked_only_then() -> None:
    keys = ("cyber_systems", "cyber_impact", "cyber_recovery", "cyber_likelihood")
    assert not any(_answer(key, story__cyber=False).asked for key in keys)
    assert all(_answer(key, story__cyber=True).missing for key in keys)
    known = {"story__cyber": True, "story__cyber_systems": ["Availability"], "story__cyber_impact": "High"}
    assert _answer("cyber_systems", **known).value == ("availability",)
    assert _answer("cyber_impact", **known).value == "high"


def test_a_late_report_is_incomplete_without_its_reasons() -> None:
    assert _answer("reasons_for_delay", filing__late=True).missing
    assert not _answer("reasons_for_delay", filing__late=True, filing__reasons_for_delay="It was misread.").missing
    assert not _answer("reasons_for_delay", filing__late=False).asked


def test_a_follow_up_quotes_the_authority_s_reference() -> None:
    assert "case_reference" in build("ico", "follow_up", THIRD_DAY).missing
    report = build("ico", "follow_up", FOLLOW_UP)
    assert _field(report, "case_reference").value == "IC-000000-X0X0"
    assert "Your reference IC-000000-X0X0" in one_line(pdf_text(pdf(report)))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("events.detected", "2016-12-01T10:00"),
        ("events.detected", datetime(2016, 12, 1, 10)),  # noqa: DTZ001 - a time without a zone is what is tried
        ("events.detected", "yesterday"),
        ("story.records", "many"),
        ("story.records", True),
        ("story.records", -1),
        ("story.cyber", "no"),
        ("story.others_told", [1]),
        ("people", {"GB": "15"}),
    ],
)
def test_a_fact_of_the_wrong_kind_is_refused_by_name(name: str, value: object) -> None:
    with pytest.raises(BadData) as refused:
        build("ico", "initial", {name: value})
    assert refused.value.problems[0][0].startswith(name)


def test_a_form_that_is_not_there_is_refused() -> None:
    with pytest.raises(BadData, match="is none of ico"):
        build("no-form", "initial", {})


def test_a_report_that_cannot_be_printed_says_which() -> None:
    with pytest.raises(Unprintable, match="the ico report of incident FW-2016-0001"):
        pdf(build("ico", "initial", {**FIRST_HOUR, "story.how": "漢"}))


def test_the_hash_is_of_what_is_said_and_of_nothing_else() -> None:
    report = build("ico", "initial", THIRD_DAY)
    assert report.sha256 == build("ico", "initial", dict(reversed(THIRD_DAY.items()))).sha256
    assert report.sha256 != build("ico", "initial", {**THIRD_DAY, "story.records": 16}).sha256
    assert report.sha256 != build("ico", "initial", {**THIRD_DAY, "incident.exercise": False}).sha256


def test_a_report_shows_nothing_by_accident() -> None:
    report = build("ico", "initial", THIRD_DAY)
    assert "parcel" not in f"{report!r} {report.fields!r}"


@pytest.mark.parametrize(("name", "stage", "model"), MOMENTS)
def test_a_report_that_was_kept_is_the_same_report_again(name: str, stage: Stage, model: dict[str, object]) -> None:
    report = build("ico", stage, model)
    again = read_back(json.loads(json.dumps(report.content)))
    assert again == report
    assert (again.sha256, sheet(again), pdf(again)) == (report.sha256, sheet(report), pdf(report))
