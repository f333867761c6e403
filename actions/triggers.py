"""Keeps the wishes for flow runs: which Prefect took, which ended, and which were lost on the way and are asked for again."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from actions import clock
from actions.desk import Desk
from db.models import Trigger

PATIENCE = timedelta(seconds=45)
"""How long a door may take to ask Prefect before the watch does."""
RUN_PATIENCE = timedelta(minutes=15)
"""How long a run may take before the watch asks for another; every flow is short, and safe to run twice."""


@dataclass(frozen=True)
class Wish:
    """A run to ask Prefect for; the key names the attempt, so that asking twice starts one run."""

    id: UUID
    flow: str
    incident_id: UUID | None
    wave_id: UUID | None
    key: str


def mark_started(desk: Desk, trigger_id: UUID, flow_run_id: str) -> None:
    """Prefect took the wish."""
    with desk.writing() as session:
        trigger = session.get(Trigger, trigger_id)
        if trigger is not None:
            trigger.asked_at, trigger.flow_run_id = clock.now(), flow_run_id


def mark_done(session: Session, flow: str, *, incident_id: UUID | None = None, wave_id: UUID | None = None) -> None:
    """A run of this flow has ended: every wish that was asked for before is fulfilled."""
    same = Trigger.incident_id == incident_id if incident_id else Trigger.wave_id == wave_id
    done = sa.update(Trigger).where(
        same, Trigger.flow == flow, Trigger.asked_at.is_not(None), Trigger.done_at.is_(None)
    )
    session.execute(done.values(done_at=clock.now()))


def lost(session: Session) -> list[Wish]:
    """Wishes that no run came of in time; each is counted as a further attempt, under a key of its own."""
    now = clock.now()
    never_asked = sa.and_(Trigger.asked_at.is_(None), Trigger.requested_at < now - PATIENCE)
    never_ended = sa.and_(Trigger.asked_at.is_not(None), Trigger.asked_at < now - RUN_PATIENCE)
    waiting = (
        sa.select(Trigger)
        .where(Trigger.done_at.is_(None), sa.or_(never_asked, never_ended))
        .order_by(Trigger.requested_at)
    )
    wishes = []
    for trigger in session.scalars(waiting.with_for_update(skip_locked=True)):
        if trigger.asked_at is not None:
            trigger.attempts, trigger.asked_at = trigger.attempts + 1, None
        wishes.append(
            Wish(trigger.id, trigger.flow, trigger.incident_id, trigger.wave_id, f"{trigger.key}:{trigger.attempts}")
        )
    return wishes


def to_start(desk: Desk) -> list[Wish]:
    """The wishes to ask Prefect for again, in a transaction of their own."""
    with desk.writing() as session:
        return lost(session)
