"""Appends facts within an act that is under way, each with its two times, its source and its journal entry."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from actions import clock, journal
from actions.desk import Desk
from actions.errors import Conflict
from actions.known import check_known
from db.models import Decision, Fact, Incident
from db.queries.facts import as_known, next_number

AWARE = "events.aware"


@dataclass(frozen=True)
class Known:
    """One fact as it is told: true_at is when it was so, known_at since when we know it (now, when None)."""

    name: str
    value: Any
    source: str
    true_at: datetime | None = None
    known_at: datetime | None = None


def append_facts(
    desk: Desk,
    session: Session,
    incident: Incident,
    known: Sequence[Known],
    now: datetime,
    decision: Decision | None = None,
) -> list[Fact]:
    """Append facts within an act that is under way; a fact that says what already stands is not repeated."""
    before = as_known(session, incident.id)
    new = [one for one in known if one.name not in before or before[one.name] != journal.plain(one.value)]
    values = {one.name: journal.plain(one.value) for one in new}
    _check_times(new, now)
    check_known(values, before)
    _check_happened(values, now)
    _check_worked_out(values)
    if decision is None:
        _check_awareness(before, values)
    number = next_number(session, incident.id)
    facts = [_fact(desk, incident, one, number + place, now, decision) for place, one in enumerate(new)]
    session.add_all(facts)
    for fact in facts:
        details = {
            "name": fact.name,
            "value": fact.value,
            "source": fact.source,
            "true_at": fact.true_at,
            "known_at": fact.known_at,
        }
        entry = desk.entry("record_fact", now, fact.name, details) | {"incident": incident.reference}
        journal.append(session, str(incident.id), entry)
    return facts


def _fact(desk: Desk, incident: Incident, one: Known, number: int, now: datetime, decision: Decision | None) -> Fact:
    return Fact(
        incident_id=incident.id,
        number=number,
        name=one.name,
        value=journal.plain(one.value),
        true_at=one.true_at,
        known_at=one.known_at or now,
        source=one.source.strip(),
        recorded_by=desk.actor,
        recorded_at=clock.now(),
        decision_id=decision.id if decision else None,
    )


def _check_times(known: Sequence[Known], now: datetime) -> None:
    for one in known:
        if not one.source.strip():
            raise Conflict(f"The fact {one.name} has no source; say with --source where it comes from.")
        for word, moment in (("true_at", one.true_at), ("known_at", one.known_at)):
            if moment is not None and moment.utcoffset() is None:
                raise Conflict(
                    f"The fact {one.name} has a {word} without an offset; write it as 2026-12-01T10:00+00:00."
                )
            if moment is not None and moment > now:
                raise Conflict(
                    f"The fact {one.name} has a {word} in the future ({moment.isoformat()}); nothing can be known before it happens."
                )


def _check_happened(values: dict[str, Any], now: datetime) -> None:
    """An event of tomorrow would give a limit later than the law's."""
    for name, value in values.items():
        if name.startswith(("events.", "filings.")) and value is not None and datetime.fromisoformat(value) > now:
            raise Conflict(f"{name}: {value} lies in the future; record it when it has happened.")


def _check_worked_out(values: dict[str, Any]) -> None:
    """One authority's full report says nothing about another's."""
    if values.get("findings.reported_in_full"):
        raise Conflict(
            "Whether a report held everything is worked out for each authority from what was filed with it; "
            "file that report ('forthwith report file') instead of recording findings.reported_in_full."
        )


def _check_awareness(before: dict[str, Any], values: dict[str, Any]) -> None:
    if before.get(AWARE) is None or AWARE not in values:
        return
    new = values[AWARE]
    if new is None or datetime.fromisoformat(new) > datetime.fromisoformat(before[AWARE]):
        raise Conflict(
            f"Awareness stands at {before[AWARE]}; moving it later, or away, is a decision with reasons and a second person: "
            "use 'forthwith decide awareness'."
        )
