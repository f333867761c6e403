"""Questions about what is due, over all open incidents: duties, tasks and hand-overs in one order."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.models import HandOver, Incident, Obligation, Task


@dataclass(frozen=True)
class Due:
    """One thing that is due: by the law's limit, or, where *limit* is false, by a target of the organisation's own."""

    incident: str
    sealed: bool
    what: str
    on: str
    at: datetime
    limit: bool
    zones: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The same as plain values."""
        return asdict(self) | {"at": self.at.isoformat(), "zones": list(self.zones)}


def due_until(session: Session, until: datetime | None = None) -> list[Due]:
    """Everything due until then (all, when None), the nearest first."""
    found = [*_obligations(session), *_tasks(session), *_hand_overs(session)]
    return sorted((one for one in found if until is None or one.at <= until), key=lambda one: one.at)


def _obligations(session: Session) -> Iterator[Due]:
    query = sa.select(Obligation, Incident).join(Incident, Obligation.incident_id == Incident.id)
    for row, incident in session.execute(
        query.where(Obligation.state == "open", Incident.closed_at.is_(None))
    ).tuples():
        moment = row.due_at or row.target_at
        if moment:
            name = f"{row.duty} to {row.authority}" if row.authority else row.duty
            zones = (incident.time_zone, row.time_zone)
            yield Due(incident.reference, incident.sealed, name, incident.owner, moment, row.due_at is not None, zones)


def _tasks(session: Session) -> Iterator[Due]:
    query = sa.select(Task, Incident).join(Incident, Task.incident_id == Incident.id)
    open_ones = query.where(Task.state == "open", Task.due_at.is_not(None), Incident.closed_at.is_(None))
    for row, incident in session.execute(open_ones).tuples():
        if row.due_at:
            what, zones = f"task {row.number}: {row.title}", (incident.time_zone,)
            yield Due(incident.reference, incident.sealed, what, row.assignee, row.due_at, limit=False, zones=zones)


def _hand_overs(session: Session) -> Iterator[Due]:
    query = sa.select(HandOver, Incident).join(Incident, HandOver.incident_id == Incident.id)
    for row, incident in session.execute(
        query.where(HandOver.taken_at.is_(None), Incident.closed_at.is_(None))
    ).tuples():
        what, zones = row.hop.replace("_", " "), (incident.time_zone,)
        yield Due(incident.reference, incident.sealed, what, row.to, row.target_at, limit=False, zones=zones)
