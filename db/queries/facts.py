"""Questions about facts: what was known at a moment, and how one fact changed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.models import Fact


def history(session: Session, incident_id: UUID, name: str | None = None) -> Sequence[Fact]:
    """Every fact recorded, in the order of recording."""
    query = sa.select(Fact).where(Fact.incident_id == incident_id).order_by(Fact.number)
    return session.scalars(query.where(Fact.name == name) if name else query).all()


def standing(session: Session, incident_id: UUID, at: datetime | None = None) -> dict[str, Fact]:
    """For each name the fact known last, as of *at* (all, when None). A fact with a null value stands as 'not known'."""
    latest: dict[str, Fact] = {}
    for fact in history(session, incident_id):
        if at is not None and fact.known_at > at:
            continue
        held = latest.get(fact.name)
        if held is None or fact.known_at >= held.known_at:
            latest[fact.name] = fact
    return latest


def as_known(session: Session, incident_id: UUID, at: datetime | None = None) -> dict[str, Any]:
    """Name to value of what was known at *at*."""
    return {name: fact.value for name, fact in standing(session, incident_id, at).items()}


def earliest(session: Session, incident_id: UUID, name: str) -> datetime | None:
    """The earliest moment that a fact about a moment was ever given; what moved later stays on view beside it."""
    told = [fact.value for fact in history(session, incident_id, name) if isinstance(fact.value, str)]
    return min((datetime.fromisoformat(value) for value in told), default=None)


def next_number(session: Session, incident_id: UUID) -> int:
    """The number that the next fact of this incident gets."""
    return (session.scalar(sa.select(sa.func.max(Fact.number)).where(Fact.incident_id == incident_id)) or 0) + 1
