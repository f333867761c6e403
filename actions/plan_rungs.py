"""Plans the rungs of the ladders: at shares of the time and at fixed hours before the limit; each rung is told once."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from actions.quiet_hours import not_at_night
from db.models import HandOver, Incident, Obligation, Rung
from settings.model import Settings

AGAIN = " again after "
"""In the name of a repeated rung, between the rung that nobody acknowledged and the minutes since."""
OF = " of the limit "
"""In the name of a rung that was told before for an earlier limit, between its name and the limit that it is about now."""
HIGHEST_LEVEL = 4


def plan_obligation(
    session: Session, settings: Settings, incident: Incident, obligation: Obligation, start_at: datetime | None
) -> None:
    """Plan what is still to be told of this obligation. What was told stays told; a limit that moved later is told of anew."""
    end_at = obligation.due_at or obligation.target_at
    planned = (
        dict(rungs(settings, start_at or obligation.born_at, end_at)) if may_be_owed(obligation) and end_at else {}
    )
    held = {rung.rung: rung for rung in session.scalars(sa.select(Rung).where(Rung.subject_id == obligation.id))}
    planned = {_named(held, name, fires_at, end_at): (level, fires_at) for name, (level, fires_at) in planned.items()}
    for name, rung in held.items():
        if rung.told_at is None and name not in planned and AGAIN not in name:
            session.delete(rung)
    for name, (level, fires_at) in planned.items():
        if name not in held:
            session.add(_rung(incident, "obligation", obligation.id, name, level, fires_at))
        elif held[name].told_at is None:
            held[name].fires_at, held[name].level = fires_at, level


def _named(held: dict[str, Rung], name: str, fires_at: datetime, end_at: datetime | None) -> str:
    """The name of this rung, or that of its second telling: what was told before it was due was told of another limit."""
    before = held.get(name)
    if before is None or before.told_at is None or fires_at <= before.told_at or end_at is None:
        return name
    return f"{name}{OF}{end_at:%Y-%m-%d %H:%M}Z"


def may_be_owed(obligation: Obligation) -> bool:
    """Whether its clock may be running: it is owed, or nobody has yet settled whether it is."""
    return obligation.state == "open" or (obligation.state == "watching" and obligation.answer == "unknown")


def plan_hand_over(session: Session, settings: Settings, incident: Incident, row: HandOver) -> None:
    """Rungs at shares of the hand-over's target: whom it waits for and the owner, then the deputy, then the executive too."""
    span = row.target_at - row.given_at
    for level, share in enumerate(sorted(settings.hand_over_shares), 1):
        moment = row.given_at + span * (share / 100)
        last = row.given_at + span * (max(settings.hand_over_shares) / 100)
        fires_at = not_at_night(settings, moment, min(level, 2), last)
        session.add(_rung(incident, "hand_over", row.id, f"{share}%", min(level, 3), fires_at))


def plan_again(session: Session, settings: Settings, incident: Incident, told: Rung, now: datetime) -> None:
    """The last rungs of a ladder come again, one level higher, until somebody acknowledges them."""
    if told.rung.partition(OF)[0] not in last_rungs(settings, told.subject):
        return
    for minutes in settings.escalation_repeat_minutes:
        level, fires_at = min(told.level + 1, HIGHEST_LEVEL), now + timedelta(minutes=minutes)
        name = f"{told.rung}{AGAIN}{minutes} min"
        session.add(_rung(incident, told.subject, told.subject_id, name, level, fires_at))


def last_rungs(settings: Settings, subject: str) -> set[str]:
    """After which a ladder has no further step of its own, or its limit comes before the next look of a person."""
    if subject == "hand_over":
        return {f"{max(settings.hand_over_shares)}%"}
    hours = {f"-{min(settings.escalation_hours)}h"} if settings.escalation_hours else set()
    return {"100%", *hours}


def rungs(
    settings: Settings, start_at: datetime | None, end_at: datetime
) -> Iterator[tuple[str, tuple[int, datetime]]]:
    """Name, level (who is told: 1 owner, 2 deputy too, 3 executive too) and moment of each rung, early ones not at night."""
    for name, (level, moment) in _moments(settings, start_at, end_at):
        yield name, (level, not_at_night(settings, moment, level, end_at))


def _moments(
    settings: Settings, start_at: datetime | None, end_at: datetime
) -> Iterator[tuple[str, tuple[int, datetime]]]:
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


def _rung(incident: Incident, subject: str, subject_id: UUID, name: str, level: int, fires_at: datetime) -> Rung:
    return Rung(
        incident_id=incident.id,
        exercise_id=incident.exercise_id,
        subject=subject,
        subject_id=subject_id,
        rung=name,
        level=level,
        fires_at=fires_at,
    )
