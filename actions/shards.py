"""Divides a wave into shards, so that any number of workers can send it: each shard is a range of the notices' random ids."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from actions import clock
from db.models import Notice, Shard, Wave
from db.queries.notices import AUTOMATIC

A_SHARD = 25_000
"""Notices in a shard, about: a smaller wave is one shard, since a run costs a second or two before it sends anything."""
MOST_SHARDS = 16
_IDS = 1 << 128


def shards_of(session: Session, wave: Wave) -> Sequence[Shard]:
    """The wave's shards, made now when nobody has sent anything of it; the wave's row must be locked by the caller."""
    query = sa.select(Shard).where(Shard.wave_id == wave.id).order_by(Shard.number)
    found = session.scalars(query.execution_options(populate_existing=True)).all()
    if found:
        return found
    count = session.scalar(sa.select(sa.func.count()).select_from(Notice).where(Notice.wave_id == wave.id)) or 0
    divide(session, wave, min(max(1, -(-count // A_SHARD)), MOST_SHARDS))
    return session.scalars(query).all()


def divide(session: Session, wave: Wave, shards: int) -> None:
    """Make so many shards; they cannot be made twice."""
    wave.shards = shards
    session.flush()
    session.add_all(Shard(wave_id=wave.id, number=number, of=shards, fence=0) for number in range(shards))
    session.flush()


def free_shards(session: Session, wave_id: UUID) -> list[int]:
    """The shards that have something to send and that nobody is sending at this moment."""
    wave = session.get(Wave, wave_id, with_for_update=True)
    if wave is None or wave.state != "launched":
        return []
    return [one.number for one in shards_of(session, wave) if not is_held(one) and queued(session, within(one))]


def within(shard: Shard) -> sa.ColumnElement[bool]:
    """A condition on Notice: those of this shard. Ids are random, so that shards are about equally large."""
    return sa.and_(Notice.wave_id == shard.wave_id, Notice.nid.between(*bounds(shard.number, shard.of)))


def bounds(number: int, of: int) -> tuple[UUID, UUID]:
    """The first and the last id of that shard of so many: together they hold every id, each once."""
    return UUID(int=_IDS * number // of), UUID(int=_IDS * (number + 1) // of - 1)


def is_held(shard: Shard) -> bool:
    """Whether someone may be sending it at this moment."""
    return shard.lease_until is not None and shard.lease_until > clock.now()


def queued(session: Session, *where: sa.ColumnElement[bool]) -> bool:
    """Whether a message of these waits to be sent, now or later."""
    mine = sa.select(Notice.nid).where(*where, Notice.state == "queued", Notice.channel.in_(AUTOMATIC))
    return session.scalar(mine.limit(1)) is not None
