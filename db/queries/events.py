"""Questions about what providers told: how a wave fares, whose delivery nobody confirmed, what was said of one notice."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.models import Attempt, Event, Notice

COUNTED = ("moved", "noted")
"""Events about the notice that they name; a report about another recipient or by another channel does not count."""


@dataclass(frozen=True)
class Fared:
    """How many notices of a wave met what; one notice may have met several."""

    delivered: int = 0
    delayed: int = 0
    bounced: int = 0
    blocked: int = 0
    dropped: int = 0
    complained: int = 0

    @property
    def failed(self) -> int:
        """Bounces of any kind, as a limit counts them."""
        return self.bounced + self.blocked + self.dropped


def fared(session: Session, wave_id: UUID) -> Fared:
    """Bounces, complaints and deliveries of a wave, each notice once for each kind."""
    query = (
        sa.select(Event.kind, sa.func.count(Event.nid.distinct()))
        .where(Event.wave_id == wave_id, Event.came_to.in_(COUNTED), Event.kind.in_(Fared.__dataclass_fields__))
        .group_by(Event.kind)
    )
    return Fared(**dict(session.execute(query).tuples().all()))


def blocked_since(session: Session, wave_id: UUID, since: datetime) -> int:
    """How many notices of the wave a server refused because of the sender, in events that came after this moment."""
    query = sa.select(sa.func.count(Event.nid.distinct())).where(
        Event.wave_id == wave_id, Event.kind == "blocked", Event.came_to == "moved", Event.received_at >= since
    )
    return session.scalar(query) or 0


def events_about(session: Session, nid: UUID) -> Sequence[Event]:
    """Everything told of one notice, in the order in which it happened."""
    return session.scalars(sa.select(Event).where(Event.nid == nid).order_by(Event.at, Event.received_at)).all()


def unknown_events(session: Session) -> int:
    """How many events spoke of notices that are not in this database."""
    return session.scalar(sa.select(sa.func.count()).where(Event.came_to == "unknown_notice")) or 0


def delayed_since(session: Session, wave_id: UUID, before: datetime, most: int) -> Sequence[UUID]:
    """Notices that were handed over, and which a receiving server puts off since before this moment."""
    first = (
        sa.select(Event.nid)
        .where(Event.wave_id == wave_id, Event.kind == "delayed", Event.came_to.in_(COUNTED))
        .group_by(Event.nid)
        .having(sa.func.min(Event.at) <= before)
    )
    return session.scalars(_open(wave_id).where(Notice.nid.in_(first)).limit(most)).all()


def silent_since(
    session: Session, wave_id: UUID, before: datetime, channels: Sequence[str], most: int
) -> Sequence[UUID]:
    """Notices that such a channel accepted before this moment, and of which nobody told anything more."""
    taken = sa.select(Attempt.id).where(
        Attempt.notice_id == Notice.nid, Attempt.state == "accepted", Attempt.channel.in_(channels)
    )
    told = sa.select(Event.id).where(Event.nid == Notice.nid, Event.kind == "delayed", Event.came_to.in_(COUNTED))
    return session.scalars(
        _open(wave_id).where(Notice.settled_at <= before, taken.exists(), ~told.exists()).limit(most)
    ).all()


def _open(wave_id: UUID) -> sa.Select[tuple[UUID]]:
    """Notices of the wave that were handed over, and neither delivered nor returned so far."""
    return sa.select(Notice.nid).where(Notice.wave_id == wave_id, Notice.state == "accepted", ~Notice.flagged)
