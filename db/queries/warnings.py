"""Questions about warnings: which were told of an incident, who acknowledged them, and which comes next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.models import Acknowledgement, HandOver, Obligation, Rung


@dataclass(frozen=True)
class Warned:
    """A rung that was told: of what, when it was due and when it was told, and who has it."""

    rung_id: UUID
    about: str
    rung: str
    level: int
    fires_at: datetime
    told_at: datetime | None
    acknowledged_by: str | None
    acknowledged_at: datetime | None

    def as_json(self) -> dict[str, Any]:
        """The same as plain values."""
        names = ("about", "rung", "level", "fires_at", "told_at", "acknowledged_by", "acknowledged_at")
        return {name: getattr(self, name) for name in names}


def warned(session: Session, incident_id: UUID) -> list[Warned]:
    """The warnings that were told, the newest first."""
    told = _rungs().where(Rung.incident_id == incident_id, Rung.outcome == "told")
    return _read(session, told.order_by(Rung.told_at.desc(), Rung.fires_at.desc()))


def not_acknowledged(session: Session, incident_id: UUID, about: str = "") -> list[Warned]:
    """Those that nobody has acknowledged; of one duty or hand-over, if it is named."""
    found = [one for one in warned(session, incident_id) if one.acknowledged_at is None]
    return [one for one in found if about in ("", one.about, one.about.partition("@")[0])]


def next_warning(session: Session, incident_id: UUID) -> Warned | None:
    """The one that is told next, if nothing happens before."""
    waiting = _rungs().where(Rung.incident_id == incident_id, Rung.told_at.is_(None))
    return next(iter(_read(session, waiting.order_by(Rung.fires_at).limit(1))), None)


def _rungs() -> sa.Select[Any]:
    about = sa.case(
        (Obligation.authority != "", Obligation.duty + "@" + Obligation.authority),
        else_=sa.func.coalesce(Obligation.duty, HandOver.hop),
    )
    return (
        sa.select(
            Rung.id,
            about,
            Rung.rung,
            Rung.level,
            Rung.fires_at,
            Rung.told_at,
            Acknowledgement.by,
            Acknowledgement.at,
        )
        .outerjoin(Obligation, Obligation.id == Rung.subject_id)
        .outerjoin(HandOver, HandOver.id == Rung.subject_id)
        .outerjoin(Acknowledgement, Acknowledgement.rung_id == Rung.id)
    )


def _read(session: Session, query: sa.Select[Any]) -> list[Warned]:
    rows: Sequence[sa.Row[Any]] = session.execute(query).all()
    return [Warned(*row) for row in rows]
