"""The message that hands a report in says which kind of report it is, whether it is preliminary, and why it is late."""

import pytest

from notices.cover import Cover, cover
from notices.filled import Stage
from notices.report import build
from tests.notices.incident import FIRST_HOUR, FOLLOW_UP

SAID = {"organisation": "Example Office", "contact": "dpo@example.org", "pdf_name": "report.pdf"}
KINDS: list[tuple[Stage, str]] = [
    ("initial", "Initial report"),
    ("follow_up", "Follow-up report"),
    ("final", "Final report"),
    ("withdrawal", "Withdrawal of a report"),
]


def _cover(stage: Stage, model: dict[str, object], late_reasons: str = "") -> Cover:
    return cover(build("ico", stage, model), {**SAID, "late_reasons": late_reasons})


@pytest.mark.parametrize(("stage", "title"), KINDS)
def test_each_kind_of_report_is_called_what_it_is_and_only_a_first_one_preliminary(stage: Stage, title: str) -> None:
    model = FIRST_HOUR if stage == "initial" else FOLLOW_UP
    said, report = _cover(stage, model), build("ico", stage, model)
    assert title in said.subject
    assert f"its {title.lower()} of a personal data breach" in said.text
    assert ("(preliminary)" in said.subject) == (stage == "initial" and bool(report.missing))
    assert ("Preliminary: " in said.text) == (stage == "initial" and bool(report.missing))
    assert ("not known yet and will follow" in said.text) == bool(report.missing)


def test_a_late_report_gives_its_reasons_and_one_in_time_gives_none() -> None:
    assert "The reasons for the delay: We searched first." in _cover("initial", FIRST_HOUR, "We searched first.").text
    assert "after the limit" not in _cover("initial", FIRST_HOUR).text
