"""Questions about incidents: which there are, and one by its name."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.models import Exercise, Incident, Obligation


def all_incidents(session: Session, *, closed_too: bool = False) -> Sequence[Incident]:
    """Incidents, newest first; the open ones unless *closed_too*."""
    query = sa.select(Incident).order_by(Incident.declared_at.desc())
    return session.scalars(query if closed_too else query.where(Incident.closed_at.is_(None))).all()


def next_reference(session: Session, year: int, *, sealed: bool) -> str:
    """The next free reference of that year: FW-2026-0001 for the real ones, EX-2026-0001 for exercises."""
    prefix = f"{'EX' if sealed else 'FW'}-{year}-"
    last = session.scalar(
        sa.select(sa.func.max(Incident.reference)).where(
            Incident.reference.like(prefix + "%"), sa.func.length(Incident.reference) == len(prefix) + 4
        )
    )
    return f"{prefix}{int(last[len(prefix) :]) + 1 if last else 1:04d}"


def exercise_of(session: Session, incident: Incident) -> Exercise | None:
    """The exercise that the incident belongs to, if it is one."""
    return session.get(Exercise, incident.exercise_id) if incident.exercise_id else None


def nearest_limit(session: Session, incident: Incident) -> datetime | None:
    """The earliest limit still open."""
    return session.scalar(
        sa.select(sa.func.min(Obligation.due_at)).where(
            Obligation.incident_id == incident.id, Obligation.state == "open"
        )
    )
