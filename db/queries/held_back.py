"""Questions about people whom the law lets be told later: who they are now, and until when they are held back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from db.models import HeldKind, HeldPerson, Hold, Person
from db.models.person import AFFECTED_KINDS
from db.queries.balance import among

_HOLD = aliased(Hold)
"""Named apart from the holds that the question around the condition may ask for."""


@dataclass(frozen=True)
class Held:
    """One hold that stands: how many it keeps back who are not accounted for otherwise, and until when at most."""

    number: int
    ground: str
    extent: str
    people: int
    review_at: datetime
    ends_at: datetime | None

    def as_json(self) -> dict[str, Any]:
        """The same as plain values."""
        return self.__dict__ | {
            "review_at": self.review_at.isoformat(),
            "ends_at": self.ends_at.isoformat() if self.ends_at else None,
        }


def about(hold: Hold) -> sa.ColumnElement[bool]:
    """A condition on Person of the hold's incident: this hold is about them, whether it stands or not."""
    if hold.extent == "kinds":
        return Person.kind.in_(sa.select(HeldKind.kind).where(HeldKind.hold_id == hold.id))
    if hold.extent == "people":
        return Person.id.in_(sa.select(HeldPerson.person_id).where(HeldPerson.hold_id == hold.id))
    return sa.true()


def is_held_back() -> sa.ColumnElement[bool]:
    """A condition on Person: a hold that stands keeps them back."""
    kinds = sa.select(HeldKind.kind).where(HeldKind.hold_id == _HOLD.id, HeldKind.kind == Person.kind)
    people = sa.select(HeldPerson.person_id).where(HeldPerson.hold_id == _HOLD.id, HeldPerson.person_id == Person.id)
    covered = sa.or_(
        _HOLD.extent == "everyone", kinds.correlate(_HOLD, Person).exists(), people.correlate(_HOLD, Person).exists()
    )
    mine = (_HOLD.incident_id == Person.incident_id, _HOLD.state == "stands", covered)
    return sa.select(_HOLD.id).where(*mine).correlate(Person).exists()


def holds_of(session: Session, incident_id: UUID) -> Sequence[Hold]:
    """Every hold there was, in order."""
    return session.scalars(sa.select(Hold).where(Hold.incident_id == incident_id).order_by(Hold.number)).all()


def holds_standing(session: Session, incident_id: UUID) -> list[Held]:
    """The holds that stand, with how many people who are pending each keeps back."""
    query = sa.select(Hold).where(Hold.incident_id == incident_id, Hold.state == "stands").order_by(Hold.number)
    return [
        Held(hold.number, hold.ground, hold.extent, _pending(session, hold), hold.review_at, hold.ends_at)
        for hold in session.scalars(query).all()
    ]


def _pending(session: Session, hold: Hold) -> int:
    mine = (Person.incident_id == hold.incident_id, Person.kind.in_(AFFECTED_KINDS), among("pending"), about(hold))
    return session.scalar(sa.select(sa.func.count()).select_from(Person).where(*mine)) or 0
