"""Decides who may send a wave: one holder at a time, by a lease with a fence number that every later holder raises."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from actions import clock
from actions.desk import Desk
from actions.errors import Conflict, NotFound
from db.models import Attempt, Incident, Notice, Wave
from db.queries.incidents import exercise_of

LASTS = timedelta(seconds=60)
"""How long a holder may be silent. Real time: an exercise's clock may stand still."""


@dataclass(frozen=True)
class Lease:
    """The right to send one wave, until someone raises its fence."""

    wave_id: UUID
    incident_id: UUID
    sealed: bool
    owner: str
    fence: int


class LostLease(Conflict):
    """Someone else sends this wave now; whatever this holder knows of it no longer counts."""


def take(desk: Desk, wave_id: UUID, owner: str) -> Lease:
    """Take the lease and raise the fence. What a dead holder left in flight becomes unknown, never unsent.

    Raises NotFound, or Conflict while someone else holds it.
    """
    with desk.writing() as session:
        wave = session.get(Wave, wave_id, with_for_update=True)
        if wave is None:
            raise NotFound("There is no such wave.")
        if is_held(wave):
            raise Conflict(f"Wave {wave.number} is being sent by another worker at this moment.")
        sweep(session, wave)
        wave.lease_owner, wave.lease_until = owner, clock.now() + LASTS
        return Lease(wave.id, wave.incident_id, wave.sealed, owner, wave.fence)


def hold(session: Session, lease: Lease) -> Wave:
    """The wave, its row locked, for the one who holds it; the lease is renewed. Raises LostLease.

    Each claim and each result is written in a transaction that begins with this.
    """
    wave = session.get(Wave, lease.wave_id, with_for_update=True, populate_existing=True)
    if wave is None or wave.fence != lease.fence or wave.lease_owner != lease.owner:
        raise LostLease("Another worker has taken this wave over; what this one sent last is settled by evidence.")
    wave.lease_until = clock.now() + LASTS
    return wave


def give_back(desk: Desk, lease: Lease) -> None:
    """End the lease, if it is still ours."""
    ours = sa.update(Wave).where(Wave.id == lease.wave_id, Wave.fence == lease.fence, Wave.lease_owner == lease.owner)
    with desk.writing() as session:
        session.execute(ours.values(lease_owner=None, lease_until=None))


def is_held(wave: Wave) -> bool:
    """Whether someone may be sending it at this moment."""
    return wave.lease_until is not None and wave.lease_until > clock.now()


def sweep(session: Session, wave: Wave) -> int:
    """Raise the fence of a wave that nobody holds, and mark what was in flight as unknown. Returns how many."""
    wave.fence, wave.lease_owner, wave.lease_until = wave.fence + 1, None, None
    incident = session.get_one(Incident, wave.incident_id)
    now, mine = clock.now(exercise_of(session, incident)), sa.select(Notice.nid).where(Notice.wave_id == wave.id)
    in_flight = sa.update(Attempt).where(Attempt.notice_id.in_(mine), Attempt.state == "sending")
    left = {"reason": "whoever was sending it ended before the answer came"}
    swept = session.execute(in_flight.values(state="unknown", ended_at=now, detail=left))
    notices = sa.update(Notice).where(Notice.wave_id == wave.id, Notice.state == "sending")
    session.execute(notices.values(state="unknown"))
    session.flush()
    return int(getattr(swept, "rowcount", 0))
