"""Decides who may send: one holder of a shard at a time, by a lease with a fence number that every later holder raises."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from actions import clock
from actions.desk import Desk
from actions.errors import Conflict, NotFound
from actions.shards import bounds, is_held, queued, shards_of, within
from db.models import Attempt, Incident, Notice, Shard, Wave
from db.queries.incidents import exercise_of
from db.types import Table

SHARDS = Table.metadata.tables[Shard.__tablename__]
PLAINLY = {"synchronize_session": False}
LASTS = timedelta(seconds=60)
"""How long a holder may be silent. Real time: an exercise's clock may stand still."""

RENEWED = timedelta(seconds=5)
"""How old a lease may become before it is renewed: well below what is left of it when the last message may go."""
_OF = (SHARDS.c.wave_id == sa.bindparam("wave"), SHARDS.c.number == sa.bindparam("which"))
_SHARD = sa.select(SHARDS.c.fence, SHARDS.c.lease_owner, SHARDS.c.lease_until).where(*_OF).with_for_update()
_RENEW = sa.update(SHARDS).where(*_OF).values(lease_until=sa.bindparam("until"))
_WAVE = sa.select(Wave).where(Wave.id == sa.bindparam("wave"))


@dataclass(frozen=True)
class Lease:
    """The right to send one shard of a wave, until someone raises its fence."""

    wave_id: UUID
    incident_id: UUID
    sealed: bool
    owner: str
    fence: int
    shard: int
    of: int

    @property
    def range(self) -> tuple[UUID, UUID]:
        """The first and the last notice id that it is about."""
        return bounds(self.shard, self.of)


class LostLease(Conflict):
    """Someone else sends this shard now; whatever this holder knows of it no longer counts."""


class Busy(Conflict):
    """Others send it at this moment; nothing is left for this one."""


def take(desk: Desk, wave_id: UUID, owner: str, shard: int | None = None) -> Lease:
    """Take the lease on this shard, or on a free one that has something to send, and raise the fence.

    What a dead holder left in flight becomes unknown, never unsent. Raises NotFound, or Busy while others hold it all.
    """
    with desk.writing() as session:
        wave = session.get(Wave, wave_id, with_for_update=True)
        if wave is None:
            raise NotFound("There is no such wave.")
        free = [one for one in shards_of(session, wave) if not is_held(one) and shard in (None, one.number)]
        if not free:
            raise Busy(f"Wave {wave.number} is being sent by another worker at this moment.")
        mine = next((one for one in free if queued(session, within(one))), free[0])
        sweep(session, wave, mine)
        mine.lease_owner, mine.lease_until = owner, clock.now() + LASTS
        return Lease(wave.id, wave.incident_id, wave.sealed, owner, mine.fence, mine.number, mine.of)


def hold(session: Session, lease: Lease) -> Wave:
    """The wave, for the one who holds the shard, whose row is locked and whose lease has nearly all its time. Raises LostLease.

    Each claim and each result is written in a transaction that begins with this. The wave is only read, so that workers
    do not wait for each other; whether it may be sent is asked anew each time.
    """
    which = {"wave": lease.wave_id, "which": lease.shard}
    shard = session.execute(_SHARD, which).one_or_none()
    if shard is None or shard.fence != lease.fence or shard.lease_owner != lease.owner:
        raise LostLease("Another worker has taken this over; what this one sent last is settled by evidence.")
    now = clock.now()
    if shard.lease_until < now + LASTS - RENEWED:
        session.execute(_RENEW, {**which, "until": now + LASTS})
    return session.scalars(_WAVE, {"wave": lease.wave_id}, execution_options={"populate_existing": True}).one()


def give_back(desk: Desk, lease: Lease) -> None:
    """End the lease, if it is still ours."""
    ours = sa.update(Shard).where(
        Shard.wave_id == lease.wave_id,
        Shard.number == lease.shard,
        Shard.fence == lease.fence,
        Shard.lease_owner == lease.owner,
    )
    with desk.writing() as session:
        session.execute(ours.values(lease_owner=None, lease_until=None))


def revoke(session: Session, wave: Wave) -> None:
    """Raise every shard's fence: whoever sends the wave at this moment can write no more."""
    for shard in shards_of(session, wave):
        wave.fence += 1
        shard.fence, shard.lease_owner, shard.lease_until = wave.fence, None, None
    session.flush()


def sweep(session: Session, wave: Wave, shard: Shard) -> int:
    """Raise the fence of a shard that nobody holds, and mark what was in flight as unknown. Returns how many.

    Fences are the wave's own numbers, so that each names one holder of one shard.
    """
    wave.fence += 1
    shard.fence, shard.lease_owner, shard.lease_until = wave.fence, None, None
    incident = session.get_one(Incident, wave.incident_id)
    maybe = sa.select(Notice.nid).where(within(shard), Notice.state.in_(("sending", "unknown")))
    in_flight = sa.update(Attempt).where(Attempt.notice_id.in_(maybe), Attempt.state == "sending")
    left = {"reason": "whoever was sending it ended before the answer came"}
    ended_at = clock.now(exercise_of(session, incident))
    swept = session.execute(
        in_flight.values(state="unknown", ended_at=ended_at, detail=left), execution_options=PLAINLY
    )
    session.execute(
        sa.update(Notice).where(within(shard), Notice.state == "sending").values(state="unknown"),
        execution_options=PLAINLY,
    )
    session.flush()
    return int(getattr(swept, "rowcount", 0))
