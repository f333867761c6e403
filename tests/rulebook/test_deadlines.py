"""Counting: worked limits, and what must hold for any zone, any year and any start."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rulebook import calendars
from rulebook.counting import COUNTING, Span
from rulebook.deadlines import count, started_at
from rulebook.reading import parse

VECTORS: Any = parse((Path(__file__).parent / "vectors.yaml").read_text(encoding="utf-8")).value
ZONES = st.sampled_from(sorted(available_timezones())).map(ZoneInfo)
STARTS = st.datetimes(datetime(2018, 1, 1), datetime(2035, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis wants naive bounds
HOURS = ("elapsed_hours", "eu_1182_hours", "uk_dpa_s205")
DAYS = ("calendar_days_exclude_start", "days_after_year_end")
WORKED_DAYS = ("eu_1182_days", "eu_1182_two_working_days", "eu_1182_months", "business_days", "uk_working_days",
               "br_business_days", "jp_ppc_days")  # fmt: skip
LANDS = st.sampled_from([None, "BE", "FR", "DE-BE", "HU", "GR", "NO", "GB-ENG", "GB-SCT", "CH"])


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["id"] for vector in VECTORS])
def test_a_worked_limit_ends_when_the_rule_says(vector: dict[str, Any]) -> None:
    start_at = datetime.fromisoformat(vector["start"])
    span = Span(start_at, vector["n"], ZoneInfo(vector["zone"]), vector.get("calendar"))
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


@given(
    STARTS,
    st.timedeltas(timedelta(0), timedelta(days=400)),
    st.integers(1, 30),
    ZONES,
    LANDS,
    st.sampled_from(WORKED_DAYS),
)
def test_a_later_start_never_has_an_earlier_limit_in_worked_days(
    start_at: datetime, later: timedelta, n: int, zone: ZoneInfo, land: str | None, rule: str
) -> None:
    first, second = (COUNTING[rule].count(Span(at, n, zone, land)).due_at for at in (start_at, start_at + later))
    assert first <= second


@given(STARTS, st.integers(1, 30), ZONES, LANDS, st.sampled_from(WORKED_DAYS))
def test_a_limit_in_worked_days_ends_with_a_worked_day(
    start_at: datetime, n: int, zone: ZoneInfo, land: str | None, rule: str
) -> None:
    counted = COUNTING[rule].count(Span(start_at, n, zone, land))
    assert counted.due_on is not None
    assert calendars.is_worked(counted.due_on, land)
    assert (counted.due_at + timedelta(seconds=1)).astimezone(zone).date() == counted.due_on + timedelta(days=1)


@given(STARTS, st.integers(1, 30), st.sampled_from([None, "US"]))
def test_the_sec_counts_business_days_and_takes_nothing_after_half_past_five(
    start_at: datetime, n: int, land: str | None
) -> None:
    span = Span(start_at, n, ZoneInfo("America/New_York"), land)
    plain, filed = (COUNTING[rule].count(span) for rule in ("business_days", "sec_business_days"))
    assert filed.due_on == plain.due_on
    assert f"{filed.due_at.astimezone(span.zone):%Y-%m-%d %H:%M}" == f"{filed.due_on} 17:30"


@given(STARTS, st.integers(2, 30), ZONES, LANDS)
def test_two_working_days_are_in_the_period_and_it_is_never_shorter(
    start_at: datetime, n: int, zone: ZoneInfo, land: str | None
) -> None:
    span = Span(start_at, n, zone, land)
    plain, longer = (COUNTING[rule].count(span) for rule in ("eu_1182_days", "eu_1182_two_working_days"))
    assert longer.due_on is not None and plain.due_on is not None and plain.due_on <= longer.due_on
    assert calendars.worked_between(start_at.astimezone(zone).date(), longer.due_on, land) >= 2


@given(STARTS, st.integers(1, 80), ZONES, LANDS)
def test_noon_of_a_worked_day_or_the_plain_moment_and_never_before_it(
    start_at: datetime, n: int, zone: ZoneInfo, land: str | None
) -> None:
    counted = COUNTING["dora_hours"].count(Span(start_at, n, zone, land))
    plain_at = start_at + timedelta(hours=n)
    assert counted.bare_at == plain_at
    local = counted.due_at.astimezone(zone)
    assert calendars.is_worked(local.date(), land)
    if counted.due_at != plain_at:
        assert not calendars.is_worked(plain_at.astimezone(zone).date(), land)
        assert (counted.due_at > plain_at, counted.target_at) == (True, plain_at)


def test_without_a_calendar_a_limit_is_never_later_than_with_one() -> None:
    start_at = datetime(2026, 12, 11, 9, tzinfo=UTC)
    zone = ZoneInfo("Europe/Brussels")
    known, unknown = (COUNTING["eu_1182_days"].count(Span(start_at, 14, zone, land)) for land in ("BE", None))
    assert (str(unknown.due_on), str(known.due_on)) == ("2026-12-25", "2026-12-28")


def test_a_year_beyond_the_calendar_is_refused_and_the_limit_left_uncounted_with_its_name() -> None:
    with pytest.raises(calendars.NoCalendar, match="holidays of BE are not known for 2101"):
        calendars.is_worked(date(2101, 3, 1), "BE")
    days = [{"n": 14, "counting": "eu_1182_days", "calendar": "BE", "clock": "events.aware"}]
    limit = count(_terms(due_kind="date", periods=days), {"events.aware": datetime(2100, 12, 28, tzinfo=UTC)})
    assert (limit.due_at, limit.missing) == (None, ("calendars.BE",))


def _late(classified_at: datetime | None) -> Any:
    """DORA's first report: four hours from classification, a day from awareness unless that had passed by then."""
    four = {"n": 4, "counting": "dora_hours", "calendar": "BE", "clock": "events.classified"}
    day = {"n": 24, "counting": "dora_hours", "calendar": "BE", "clock": "events.aware", "lapses": True}
    terms = _terms(clock="events.classified", periods=[four, day], time_zone="Europe/Brussels")
    known = {"events.aware": NOON} | ({"events.classified": classified_at} if classified_at else {})
    return count(terms, known)


@pytest.mark.parametrize(
    ("classified", "due"),
    [
        (timedelta(hours=1), timedelta(hours=5)),
        (timedelta(hours=20), timedelta(hours=24)),
        (timedelta(hours=21), timedelta(hours=24)),
        (timedelta(hours=24), timedelta(hours=24)),
        (timedelta(hours=24, seconds=1), timedelta(hours=28, seconds=1)),
        (timedelta(hours=30), timedelta(hours=34)),
    ],
)
def test_a_cap_lapses_where_the_clock_starts_after_it(classified: timedelta, due: timedelta) -> None:
    assert _late(NOON + classified).due_at == NOON + due


def test_a_cap_counts_while_the_clock_itself_has_not_started() -> None:
    limit = _late(None)
    assert (limit.due_at, limit.missing) == (NOON + timedelta(hours=24), ("events.classified",))


def test_of_two_periods_the_one_that_falls_first_is_moved_not_the_one_that_ends_first_when_moved() -> None:
    four = {"n": 4, "counting": "dora_hours", "calendar": "BE", "clock": "events.classified"}
    day = {"n": 24, "counting": "dora_hours", "calendar": "BE", "clock": "events.aware", "lapses": True}
    terms = _terms(clock="events.classified", periods=[four, day], time_zone="Europe/Brussels")
    sunday = datetime(2026, 11, 22, 8, tzinfo=UTC)
    limit = count(terms, {"events.aware": sunday, "events.classified": sunday + timedelta(hours=1)})
    assert limit.due_at == datetime(2026, 11, 23, 11, tzinfo=UTC)
    assert limit.target_at == sunday + timedelta(hours=5)
