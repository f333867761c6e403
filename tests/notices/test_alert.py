"""Alerts to staff: when in the authority's own time, what to do next, who else knows, and nothing about the people."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notices.alert import KINDS, Kind, alert
from notices.errors import BadData

NOW = datetime(2026, 7, 3, 16, 0, tzinfo=UTC)


def _data(**changes: object) -> dict[str, Any]:
    return {
        "reference": "FW-2026-0001",
        "matter": "Report to the Information Commissioner",
        "next_step": "Look at the preliminary report, put right what is wrong in it, and have it approved.",
        "now_at": NOW,
        "zone": "Europe/London",
        "due_at": NOW + timedelta(hours=18),
        "since_at": NOW - timedelta(hours=30),
        "rung": "75 % of the time is used",
        "citation": "DPA 2018 s.67(1)",
        "told": ["owner@example.org", "deputy@example.org"],
        "coming": [
            {"reference": "FW-2026-0002", "matter": "Report to the CNIL", "due_at": NOW, "zone": "Europe/Paris"}
        ],
        **changes,
    }


@pytest.mark.parametrize("kind", KINDS)
def test_an_alert_reads_as_it_was_approved(kind: Kind, approved: Callable[[str, str], None]) -> None:
    late = {"due_at": NOW - timedelta(hours=3)} if kind == "overdue" else {}
    made = alert(kind, _data(**late))
    approved(f"alerts/{kind}.txt", f"{made.subject}\n\n{made.text}")


INSIDE = [kind for kind in KINDS if kind != "push"]
"""All but the short one for what lies outside the house, which names nobody and is never of an exercise."""


@pytest.mark.parametrize("kind", INSIDE)
def test_an_alert_says_what_to_do_next_and_who_else_was_told(kind: Kind) -> None:
    text = alert(kind, _data()).text
    assert "put right what is wrong in it, and have it approved." in text
    assert "Also told: owner@example.org and deputy@example.org." in text
    assert "Nobody else was told." in alert(kind, _data(told=[])).text


@pytest.mark.parametrize("kind", INSIDE)
def test_an_exercise_s_alert_says_so_in_its_subject_and_first(kind: Kind) -> None:
    made = alert(kind, _data(exercise=True, law_as_of="2026-11-21"))
    assert made.subject.startswith("[Exercise] ")
    assert made.text.startswith("EXERCISE.")
    assert "Played under the law of 2026-11-21." in made.text


@given(
    hours=st.integers(-400, 400), zone=st.sampled_from(["UTC", "Europe/London", "America/New_York", "Asia/Kathmandu"])
)
@settings(max_examples=80, deadline=None)
def test_a_limit_stands_with_its_date_time_and_zone_and_once_it_has_passed_the_alert_says_so(
    hours: int, zone: str
) -> None:
    due_at = NOW + timedelta(hours=hours)
    for kind in ("rung", "overdue"):
        made = alert(kind, _data(due_at=due_at, zone=zone))
        assert ("OVERDUE" in made.subject) is (hours <= 0)
        limit = next(line for line in made.text.splitlines() if line.startswith("Limit: "))
        assert str(due_at.year) in limit
        assert "UTC" in limit


def test_a_zone_without_letters_is_named_by_its_offset() -> None:
    text = alert("rung", _data(zone="Asia/Kathmandu")).text
    assert "Saturday 4 July 2026, 15:45 UTC+0545 (Saturday 4 July 2026, 10:00 UTC)" in text


@pytest.mark.parametrize(
    ("kind", "change", "field"),
    [
        ("rung", {"due_at": None}, "due_at"),
        ("overdue", {"reference": None}, "reference"),
        ("waiting_for_you", {"since_at": None}, "since_at"),
        ("rung", {"due_at": datetime(2026, 7, 4)}, "due_at"),  # noqa: DTZ001 - a time without a zone is what is tried
        ("rung", {"zone": "Europe/Nowhere"}, "zone"),
        ("rung", {"next_step": " "}, "next_step"),
        ("rung", {"salutation": "Ms Sample"}, "salutation"),
    ],
)
def test_an_alert_without_what_it_needs_is_refused_by_name(kind: Kind, change: dict[str, object], field: str) -> None:
    with pytest.raises(BadData) as refused:
        alert(kind, _data(**change))
    assert refused.value.problems[0][0] == field
    assert "Sample" not in str(refused.value)


def test_a_scheduler_that_was_never_seen_says_so() -> None:
    text = alert("silent_scheduler", _data(since_at=None, coming=[])).text
    assert "have never been checked" in text
    assert "Nothing is known to be due." in text


def test_what_staff_type_cannot_add_a_line_to_a_subject() -> None:
    made = alert("rung", _data(matter="Report\r\nBcc: someone@example.com"))
    assert "\n" not in made.subject
    assert "\r" not in made.subject


def test_the_short_one_for_outside_names_nobody() -> None:
    made = alert("push", _data())
    assert "@" not in made.subject + made.text and "put right what is wrong in it" in made.text
    assert made.subject.startswith("FW-2026-0001: 18 hours left")


def test_a_warning_that_is_late_itself_says_since_when_nobody_looked() -> None:
    late = _data(unwatched_since=NOW - timedelta(days=2), fired_at=NOW - timedelta(days=1), team_zone="Asia/Tokyo")
    text = alert("rung", late).text
    assert "This warning is late itself" in text and "since Thursday 2 July 2026, 01:00 JST" in text
    assert "For you: Saturday 4 July 2026, 19:00 JST" in text
