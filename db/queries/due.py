"""Questions about what is due, over all open incidents: duties, tasks and hand-overs in one order."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.models import HandOver, Incident, Obligation, Task
from db.queries.owed import asks, is_owed

OWED = is_owed(Obligation)


@dataclass(frozen=True)
class Due:
    """One thing that is due: by a limit of the law, by a limit if the duty applies (nobody knows yet), or by an own target."""

    incident: str
    sealed: bool
    what: str
    on: str
    at: datetime
    kind: str
    zones: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The same as plain values."""
        return asdict(self) | {"at": self.at.isoformat(), "zones": list(self.zones)}


def due_until(session: Session, until: datetime | None = None) -> list[Due]:
    """Everything due until then (all, when None), the nearest first."""
    found = [*_obligations(session), *_tasks(session), *_hand_overs(session)]
    return sorted((one for one in found if until is None or one.at <= until), key=lambda one: one.at)


def nearest_limit(session: Session, incident: Incident) -> tuple[datetime, bool] | None:
    """The earliest limit that is open, and whether it is sure to apply; an undecided duty may be the nearest one."""
    sure = (Obligation.state == "open").label("sure")
    query = sa.select(Obligation.due_at, sure).where(Obligation.incident_id == incident.id, OWED, asks(Obligation))
    found = session.execute(
        query.where(Obligation.due_at.is_not(None)).order_by(Obligation.due_at, sure.desc()).limit(1)
    )
    return next(((at, bool(applies)) for at, applies in found if at), None)


def _obligations(session: Session) -> Iterator[Due]:
    query = sa.select(Obligation, Incident).join(Incident, Obligation.incident_id == Incident.id)
    for row, incident in session.execute(query.where(OWED, asks(Obligation), Incident.closed_at.is_(None))):
        moment = row.due_at or row.target_at
        if moment:
            name = f"{row.duty} to {row.authority}" if row.authority else row.duty
            kind = ("limit" if row.due_at else "target") + ("" if row.state == "open" else ", if owed")
            yield Due(
                incident.reference,
                incident.sealed,
                name,
                incident.owner,
                moment,
                kind,
                (incident.time_zone, row.time_zone),
            )


def _tasks(session: Session) -> Iterator[Due]:
    query = sa.select(Task, Incident).join(Incident, Task.incident_id == Incident.id)
    open_ones = query.where(Task.state == "open", Task.due_at.is_not(None), Incident.closed_at.is_(None))
    for row, incident in session.execute(open_ones):
        if row.due_at:
            what, zones = f"task {row.number}: {row.title}", (incident.time_zone,)
            yield Due(incident.reference, incident.sealed, what, row.assignee, row.due_at, "target", zones)


def _hand_overs(session: Session) -> Iterator[Due]:
    query = sa.select(HandOver, Incident).join(Incident, HandOver.incident_id == Incident.id)
    for row, incident in session.execute(query.where(HandOver.taken_at.is_(None), Incident.closed_at.is_(None))):
        what, zones = row.hop.replace("_", " "), (incident.time_zone,)
        yield Due(incident.reference, incident.sealed, what, row.to, row.target_at, "target", zones)
