"""When a limit runs out: counted from the terms of an obligation and the instants that are known."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal, NamedTuple

from rulebook.calendars import NoCalendar
from rulebook.counting import COUNTING, Counted, Span
from rulebook.zones import zone

DueKind = Literal["instant", "date", "with", "before", "no_fixed_period"]


class Limit(NamedTuple):
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
    periods = [_period(period, terms, instants) for period in terms["periods"] if not _lapsed(period, terms, instants)]
    known = [limit for limit in (*periods, _chained(terms, instants)) if limit]
    first = min(known, key=lambda limit: limit.bare_at) if known else None
    target_at, why = _target(terms, first, instants)
    return Limit(
        due_kind=_due_kind(terms, first),
        due_at=first.due_at if first else None,
        due_on=first.due_on if first else None,
        target_at=target_at,
        target_why=why,
        outer_at=_beside(terms.get("outer"), terms, instants),
        reasons_after_at=_beside(terms.get("reasons_after"), terms, instants),
        missing=(
            *(name for name in _starts(terms, known) if _at(name, instants) is None),
            *_beyond_the_calendars(terms, instants),
        ),
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
    """The end of a period; None while its start, or the holidays of its year, are not known."""
    start_at = start_at or _at(period.get("clock", terms["clock"]), instants)
    if start_at is None:
        return None
    span = Span(start_at, period["n"], zone(terms["time_zone"]), period.get("calendar"))
    try:
        return COUNTING[period["counting"]].count(span)
    except NoCalendar:
        return None


def _lapsed(period: Terms, terms: Terms, instants: Instants) -> bool:
    """A cap that had run out before the clock itself started, and binds only while it has not (DORA: classified late)."""
    start_at = started_at(terms, instants)
    if not period.get("lapses") or start_at is None:
        return False
    cap = _period(period, terms, instants)
    return cap is not None and cap.bare_at < start_at


def _beyond_the_calendars(terms: Terms, instants: Instants) -> Iterator[str]:
    """Calendars that end before a period does, named as what is missing: such a limit is left uncounted, never guessed."""
    for period in terms["periods"]:
        start_at = _at(period.get("clock", terms["clock"]), instants)
        if start_at and _period(period, terms, instants) is None:
            yield f"calendars.{period['calendar']}"


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
