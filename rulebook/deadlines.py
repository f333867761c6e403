"""When a limit runs out: each way of counting once, with its source, behind one table."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

DueKind = Literal["instant", "date", "with", "before", "no_fixed_period"]


@dataclass(frozen=True, slots=True)
class Span:
    """What a way of counting is given: from when, how many, on whose clock, by whose holidays."""

    start_at: datetime
    n: int
    zone: ZoneInfo
    calendar: str | None = None


@dataclass(frozen=True, slots=True)
class Counted:
    """What a way of counting gives back. `due_on` only where the limit is a day; `target_at` only where it differs."""

    due_at: datetime
    due_on: date | None = None
    target_at: datetime | None = None


def elapsed_hours(span: Span) -> Counted:
    """N times 3,600 seconds, nights, weekends, holidays and clock changes included. The practice for the 72 hours."""
    return Counted(span.start_at.astimezone(UTC) + timedelta(hours=span.n))


def eu_1182_hours(span: Span) -> Counted:
    """Regulation 1182/71 Art 3(1), 3(2)(a): the clock hour of the event does not count, N full hours follow.

    Art 3(4) does not move limits in hours to a working day. Art 3(5) (two working days) is not applied: disputed for hours.
    """
    offset = span.start_at.astimezone(span.zone).utcoffset() or timedelta(0)
    local = span.start_at.astimezone(UTC) + offset  # the hour on the wall, reckoned as if it were UTC
    next_hour = local.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    elapsed = elapsed_hours(span).due_at
    return Counted(next_hour - offset + timedelta(hours=span.n), target_at=elapsed)


def elapsed_days(span: Span) -> Counted:
    """N calendar days later at the same time on the wall; of two possible instants the earlier."""
    wall = span.start_at.astimezone(span.zone).replace(tzinfo=None) + timedelta(days=span.n)
    both = (wall.replace(tzinfo=span.zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    return Counted(max(min(both), span.start_at.astimezone(UTC)))


def calendar_days_exclude_start(span: Span) -> Counted:
    """The day of the event is day 0; the limit is the end of day N. Weekends and holidays count and move nothing."""
    return end_of(span.start_at.astimezone(span.zone).date() + timedelta(days=span.n), span.zone)


def days_after_year_end(span: Span) -> Counted:
    """N days after 31 December of the event's year (45 CFR 164.408(c)): the end of that day."""
    return end_of(date(span.start_at.astimezone(span.zone).year, 12, 31) + timedelta(days=span.n), span.zone)


def end_of(day: date, zone: ZoneInfo) -> Counted:
    """The last second of a local day, which need not be 23:59:59 where clocks change at midnight."""
    next_day = datetime.combine(day + timedelta(days=1), time(), zone)
    return Counted(next_day.astimezone(UTC) - timedelta(seconds=1), due_on=day)


@dataclass(frozen=True, slots=True)
class Method:
    """One row of the table: the arithmetic, the unit it counts, whether a moment or a day ends it, and the rule's source."""

    count: Callable[[Span], Counted]
    unit: str
    ends: Literal["instant", "date"]
    source: str


COUNTING: Final[Mapping[str, Method]] = MappingProxyType(
    {
        "elapsed_hours": Method(elapsed_hours, "hours", "instant", "elapsed time"),
        "elapsed_days": Method(elapsed_days, "days", "instant", "calendar days, same time on the wall"),
        "eu_1182_hours": Method(
            eu_1182_hours, "hours", "instant", "Regulation (EEC, Euratom) 1182/71 Art 3(1), (2)(a)"
        ),
        "uk_dpa_s205": Method(eu_1182_hours, "hours", "instant", "DPA 2018 s.205(2), by Regulation 1182/71 Art 3"),
        "calendar_days_exclude_start": Method(
            calendar_days_exclude_start, "days", "date", "day of the event not counted"
        ),
        "days_after_year_end": Method(days_after_year_end, "days", "date", "45 CFR 164.408(c)"),
    }
)


@dataclass(frozen=True, slots=True)
class Limit:
    """When something should be done (`target_at`) and must be done (`due_at`), with what could not be counted yet."""

    due_kind: DueKind
    due_at: datetime | None = None
    due_on: date | None = None
    target_at: datetime | None = None
    target_why: str | None = None
    outer_at: datetime | None = None  # a later reading of the same period, for information
    reasons_after_at: datetime | None = None  # later than this, reasons must go with it
    missing: tuple[str, ...] = ()


Terms = Mapping[str, Any]  # an obligation's own terms, as JSON; obligations.py writes them
Instants = Mapping[str, datetime]  # "events.aware", "filings.uk-gdpr-33-1", "deadlines.br-individuals" → when


def count(terms: Terms, instants: Instants) -> Limit:
    """Count a limit from the terms an obligation was born with; no law file is read, so a later rulebook moves nothing."""
    periods = [_period(period, terms, instants) for period in terms["periods"]]
    known = [limit for limit in (*periods, _chained(terms, instants)) if limit]
    first = min(known, key=lambda limit: limit.due_at) if known else None
    target_at, why = _target(terms, first, instants)
    return Limit(
        due_kind=_due_kind(terms, first),
        due_at=first.due_at if first else None,
        due_on=first.due_on if first else None,
        target_at=target_at,
        target_why=why,
        outer_at=_beside(terms.get("outer"), terms, instants),
        reasons_after_at=_beside(terms.get("reasons_after"), terms, instants),
        missing=tuple(name for name in _starts(terms, known) if _at(name, instants) is None),
    )


def started_at(terms: Terms, instants: Instants) -> datetime | None:
    """When the clock of these terms started, if that is known."""
    return _at(terms["clock"], instants)


def _at(name: str, instants: Instants) -> datetime | None:
    """When something happened. A duty owed to several authorities (`duty@authority`) may be met for all at once (`duty`)."""
    found = instants.get(name) or instants.get(name.partition("@")[0])
    if found is not None and found.utcoffset() is None:
        raise ValueError(f"{name} has no offset from UTC")
    return found


def _starts(terms: Terms, counted: list[Counted]) -> list[str]:
    """What these terms count from, each once; the notice that this one must go with only where nothing else was counted."""
    chained = [terms["chained"]["to"]] if terms.get("chained") and not counted else []
    return list(dict.fromkeys([terms["clock"], *(period["clock"] for period in terms["periods"]), *chained]))


def _period(period: Terms, terms: Terms, instants: Instants, start_at: datetime | None = None) -> Counted | None:
    start_at = start_at or _at(period.get("clock", terms["clock"]), instants)
    if start_at is None:
        return None
    span = Span(start_at, period["n"], ZoneInfo(terms["time_zone"]), period.get("calendar"))
    return COUNTING[period["counting"]].count(span)


def _chained(terms: Terms, instants: Instants) -> Counted | None:
    """Where a notice must go with or before another one: the moment of that one, or the end of its own time."""
    if terms.get("chained") is None:
        return None
    to = terms["chained"]["to"]
    met_at = _at(to, instants) or _at(to.replace("filings.", "deadlines.", 1), instants)
    return None if met_at is None else Counted(met_at.astimezone(UTC))


def _beside(period: Terms | None, terms: Terms, instants: Instants) -> datetime | None:
    counted = _period(period, terms, instants) if period else None
    return counted.due_at if counted else None


def _due_kind(terms: Terms, first: Counted | None) -> DueKind:
    """As the terms have it, but a limit in days is a moment where a notice that it must go with comes first."""
    if first is None or not terms["periods"]:
        kind: DueKind = terms["due_kind"]
        return kind
    return "date" if first.due_on else "instant"


def _target(terms: Terms, first: Counted | None, instants: Instants) -> tuple[datetime | None, str | None]:
    """The prudent moment, and why that one: inside the limit, provisional while its start is unknown, or the organisation's own."""
    if first:
        why = "elapsed time, inside the outer limit of the law" if first.target_at else "the limit itself"
        return first.target_at or first.due_at, why
    starts = ((name, _at(name, instants)) for name in (terms["clock"], *terms["stand_ins"]))
    name, start_at = next(((name, at) for name, at in starts if at), ("", None))
    if start_at is None:
        return None, None
    provisional = "" if name == terms["clock"] else f" (provisional: {terms['clock']} is not known)"
    if terms["periods"]:
        counted = _period(terms["periods"][0], terms, instants, start_at)
        return (
            (counted.target_at or counted.due_at, f"the period of the law from {name}{provisional}")
            if counted
            else (None, None)
        )
    hours = terms["own_target_hours"]
    if hours is None:
        return None, None
    why = f"the organisation's own target, {hours} hours from {name}; the law names no number{provisional}"
    return start_at.astimezone(UTC) + timedelta(hours=hours), why
