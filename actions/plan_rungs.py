"""Plans the rungs of the ladders: at shares of the time and at fixed hours before the limit; each rung is told once."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.models import HandOver, Incident, Obligation, Rung
from settings.model import Settings


def plan_obligation(
    session: Session, settings: Settings, incident: Incident, obligation: Obligation, start_at: datetime | None
) -> None:
    """Plan what is still to be told of this obligation; what was told stays told, whatever moved since."""
    end_at = obligation.due_at or obligation.target_at
    planned = (
        dict(rungs(settings, start_at or obligation.born_at, end_at)) if may_be_owed(obligation) and end_at else {}
    )
    held = {rung.rung: rung for rung in session.scalars(sa.select(Rung).where(Rung.subject_id == obligation.id))}
    for name, rung in held.items():
        if rung.told_at is None and name not in planned:
            session.delete(rung)
    for name, (level, fires_at) in planned.items():
        if name not in held:
            session.add(_rung(incident, "obligation", obligation, name, level, fires_at))
        elif held[name].told_at is None:
            held[name].fires_at, held[name].level = fires_at, level


def may_be_owed(obligation: Obligation) -> bool:
    """Whether its clock may be running: it is owed, or nobody has yet settled whether it is."""
    return obligation.state == "open" or (obligation.state == "watching" and obligation.answer == "unknown")


def plan_hand_over(session: Session, incident: Incident, row: HandOver) -> None:
    """One rung: when the hand-over's target has passed."""
    session.add(_rung(incident, "hand_over", row, "target", 1, row.target_at))


def rungs(
    settings: Settings, start_at: datetime | None, end_at: datetime
) -> Iterator[tuple[str, tuple[int, datetime]]]:
    """Name, level (who is told: 1 owner, 2 deputy too, 3 executive too) and moment of each rung."""
    if start_at is not None and start_at < end_at:
        for share in settings.escalation_shares:
            yield f"{share}%", (_level(share), start_at + (end_at - start_at) * (share / 100))
    else:
        yield "100%", (3, end_at)
    for hours in settings.escalation_hours:
        moment = end_at - timedelta(hours=hours)
        if start_at is None or moment > start_at:
            yield f"-{hours}h", (3 if hours <= 6 else 2, moment)


def _level(share: int) -> int:
    return 1 if share < 75 else 2 if share < 90 else 3


def _rung(
    incident: Incident, subject: str, row: Obligation | HandOver, name: str, level: int, fires_at: datetime
) -> Rung:
    return Rung(
        incident_id=incident.id,
        exercise_id=incident.exercise_id,
        subject=subject,
        subject_id=row.id,
        rung=name,
        level=level,
        fires_at=fires_at,
    )
