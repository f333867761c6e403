"""Counting: worked limits, and what must hold for any zone, any year and any start."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rulebook.deadlines import COUNTING, Span, count, started_at
from rulebook.reading import parse

VECTORS: Any = parse((Path(__file__).parent / "vectors.yaml").read_text(encoding="utf-8")).value
ZONES = st.sampled_from(sorted(available_timezones())).map(ZoneInfo)
STARTS = st.datetimes(datetime(2018, 1, 1), datetime(2035, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis wants naive bounds
HOURS = ("elapsed_hours", "eu_1182_hours", "uk_dpa_s205")
DAYS = ("calendar_days_exclude_start", "days_after_year_end")


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["id"] for vector in VECTORS])
def test_a_worked_limit_ends_when_the_rule_says(vector: dict[str, Any]) -> None:
    span = Span(datetime.fromisoformat(vector["start"]), vector["n"], ZoneInfo(vector["zone"]))
    assert COUNTING[vector["rule"]].count(span).due_at == datetime.fromisoformat(vector["expected"])


@given(STARTS, st.integers(1, 200), ZONES)
def test_elapsed_hours_are_the_same_length_everywhere_through_any_clock_change(
    start_at: datetime, n: int, zone: ZoneInfo
) -> None:
    counted = COUNTING["elapsed_hours"].count(Span(start_at.astimezone(zone), n, zone))
    assert counted.due_at - start_at == timedelta(hours=n)


@given(STARTS, st.integers(1, 200), ZONES)
def test_the_outer_limit_is_up_to_an_hour_after_the_elapsed_one_and_on_the_hour_of_the_wall(
    start_at: datetime, n: int, zone: ZoneInfo
) -> None:
    counted = COUNTING["eu_1182_hours"].count(Span(start_at, n, zone))
    assert counted.target_at == start_at + timedelta(hours=n)
    assert timedelta(0) < counted.due_at - counted.target_at <= timedelta(hours=1)
    first_hour = (counted.due_at - timedelta(hours=n)).astimezone(UTC) + (
        start_at.astimezone(zone).utcoffset() or timedelta(0)
    )
    assert (first_hour.minute, first_hour.second, first_hour.microsecond) == (0, 0, 0)


@given(
    STARTS, st.timedeltas(timedelta(0), timedelta(days=400)), st.integers(1, 200), ZONES, st.sampled_from(HOURS + DAYS)
)
def test_a_later_start_never_has_an_earlier_limit(
    start_at: datetime, later: timedelta, n: int, zone: ZoneInfo, rule: str
) -> None:
    first, second = (COUNTING[rule].count(Span(at, n, zone)).due_at for at in (start_at, start_at + later))
    assert first <= second


@given(STARTS, st.integers(1, 200), ZONES, st.sampled_from(DAYS))
def test_a_limit_in_days_is_the_last_second_of_its_day(start_at: datetime, n: int, zone: ZoneInfo, rule: str) -> None:
    counted = COUNTING[rule].count(Span(start_at, n, zone))
    assert counted.due_at.astimezone(zone).date() == counted.due_on
    assert (counted.due_at + timedelta(seconds=1)).astimezone(zone).date() == counted.due_on + timedelta(days=1)


@given(STARTS, st.integers(1, 200), ZONES)
def test_days_elapsed_end_at_the_same_time_on_the_wall_or_no_later(start_at: datetime, n: int, zone: ZoneInfo) -> None:
    start = start_at.astimezone(zone)
    ends = COUNTING["elapsed_days"].count(Span(start_at, n, zone)).due_at.astimezone(zone)
    wall = start.replace(tzinfo=None) + timedelta(days=n)
    exists = wall.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None) == wall
    assume(exists)
    assert ends.replace(tzinfo=None) == wall


def _terms(**changes: Any) -> dict[str, Any]:
    terms = {
        "due_kind": "instant",
        "clock": "events.aware",
        "stand_ins": ["events.detected"],
        "time_zone": "Europe/London",
        "periods": [{"n": 72, "counting": "elapsed_hours", "calendar": None, "clock": "events.aware"}],
        "chained": None,
        "outer": None,
        "reasons_after": None,
        "speed": "without_undue_delay",
        "own_target_hours": 24,
    }
    return terms | changes


NOON = datetime(2026, 11, 24, 12, 20, tzinfo=UTC)


def test_a_limit_counts_from_its_terms_alone() -> None:
    limit = count(_terms(), {"events.aware": NOON})
    assert (limit.due_kind, limit.due_at, limit.target_at) == (
        "instant",
        NOON + timedelta(hours=72),
        NOON + timedelta(hours=72),
    )
    assert limit.missing == ()


def test_a_clock_that_has_not_started_gives_no_limit_but_a_provisional_target() -> None:
    limit = count(_terms(), {"events.detected": NOON})
    assert (limit.due_at, limit.missing) == (None, ("events.aware",))
    assert limit.target_at == NOON + timedelta(hours=72)
    assert "provisional" in (limit.target_why or "")


def test_nothing_known_gives_nothing() -> None:
    limit = count(_terms(), {})
    assert (limit.due_at, limit.target_at, limit.missing) == (None, None, ("events.aware",))


def test_no_number_in_the_law_gives_the_organisations_own_target_and_says_so() -> None:
    limit = count(_terms(due_kind="no_fixed_period", periods=[]), {"events.aware": NOON})
    assert (limit.due_kind, limit.due_at, limit.target_at) == ("no_fixed_period", None, NOON + timedelta(hours=24))
    assert "organisation's own" in (limit.target_why or "")


def test_of_two_periods_the_earlier_end_counts() -> None:
    late = {"n": 24, "counting": "elapsed_hours", "calendar": None, "clock": "events.detected"}
    terms = _terms(periods=[_terms()["periods"][0], late])
    limit = count(terms, {"events.aware": NOON, "events.detected": NOON - timedelta(hours=1)})
    assert limit.due_at == NOON + timedelta(hours=23)
    half = count(terms, {"events.aware": NOON})
    assert (half.due_at, half.missing) == (NOON + timedelta(hours=72), ("events.detected",))


@pytest.mark.parametrize("kind", ["with", "before"])
def test_a_notice_that_goes_with_another_is_due_when_that_one_goes_or_must_go(kind: str) -> None:
    terms = _terms(due_kind=kind, periods=[], chained={"to": "filings.xx-people"})
    assert count(terms, {"events.aware": NOON}).due_kind == kind
    assert count(terms, {"events.aware": NOON, "deadlines.xx-people": NOON}).due_at == NOON
    met = {"events.aware": NOON, "deadlines.xx-people": NOON, "filings.xx-people": NOON - timedelta(hours=1)}
    assert count(terms, met).due_at == NOON - timedelta(hours=1)


def test_a_filing_to_all_authorities_starts_the_clock_of_each() -> None:
    terms = _terms(clock="filings.eu-gdpr-33-1@eu/fr", periods=[], stand_ins=[])
    assert started_at(terms, {"filings.eu-gdpr-33-1": NOON}) == NOON
    assert started_at(terms, {"filings.eu-gdpr-33-1@eu/be": NOON}) is None


def test_what_is_shown_beside_the_limit_is_not_the_limit() -> None:
    terms = _terms(outer={"n": 72, "counting": "eu_1182_hours"}, reasons_after={"n": 48, "counting": "elapsed_hours"})
    limit = count(terms, {"events.aware": NOON})
    assert limit.due_at == NOON + timedelta(hours=72)
    assert limit.outer_at == NOON.replace(minute=0) + timedelta(hours=73)
    assert limit.reasons_after_at == NOON + timedelta(hours=48)


def test_a_limit_in_days_without_its_start_is_still_a_limit_in_days() -> None:
    days = [{"n": 30, "counting": "calendar_days_exclude_start", "calendar": None, "clock": "events.aware"}]
    assert count(_terms(due_kind="date", periods=days), {}).due_kind == "date"
    assert count(_terms(due_kind="date", periods=days), {"events.aware": NOON}).due_kind == "date"


def test_a_limit_in_days_that_ends_with_an_earlier_notice_ends_at_that_moment() -> None:
    days = [{"n": 30, "counting": "calendar_days_exclude_start", "calendar": None, "clock": "events.aware"}]
    terms = _terms(due_kind="date", periods=days, chained={"to": "filings.xx-people"})
    limit = count(terms, {"events.aware": NOON, "filings.xx-people": NOON + timedelta(days=2)})
    assert (limit.due_kind, limit.due_on, limit.due_at) == ("instant", None, NOON + timedelta(days=2))


def test_a_start_without_an_offset_is_refused() -> None:
    with pytest.raises(ValueError, match="offset"):
        count(_terms(), {"events.aware": NOON.replace(tzinfo=None)})
