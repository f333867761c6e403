"""What providers told later of messages that they took: kept as it came, then settled once."""

from datetime import datetime
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from db.types import Table, index_where, one_of, only_if, together

EVENT_KINDS = ("taken", "delayed", "delivered", "complained", "bounced", "blocked", "dropped", "other")
CAME_TO = ("moved", "noted", "after_closing", "another_recipient", "another_channel", "unknown_notice")
"""What an event did: moved its notice, was noted beside it, or was not about anything that it may speak of."""


class Event(Table):
    """One telling. Its notice need not exist: a provider may speak of what a restored database no longer knows."""

    __tablename__ = "events"
    __table_args__ = (
        one_of("kind", EVENT_KINDS),
        one_of("came_to", CAME_TO),
        together("settled_once", "settled_at", "came_to"),
        only_if("settled_keeps_no_words", "settled_at IS NOT NULL", "said IS NULL"),
        only_if("moving_says_which_wave", "came_to = 'moved'", "wave_id IS NOT NULL"),
        sa.CheckConstraint("length(same_key) = 32", name="same_is_hashed"),
        sa.CheckConstraint("own_key IS NULL OR length(own_key) = 32", name="own_is_hashed"),
        sa.CheckConstraint("recipient IS NULL OR length(recipient) = 32", name="recipient_is_hashed"),
        sa.Index("ix_events_nid", "nid", "kind"),
        sa.Index("ix_events_wave", "wave_id", "kind", "at"),
        index_where("ix_events_waiting", "settled_at IS NULL", "received_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    same_key: Mapped[bytes] = mapped_column(unique=True)
    own_key: Mapped[bytes | None] = mapped_column(unique=True)
    provider: Mapped[str]
    nid: Mapped[UUID]
    kind: Mapped[str]
    code: Mapped[str]
    reference: Mapped[str]
    at: Mapped[datetime]
    received_at: Mapped[datetime]
    said: Mapped[bytes | None]
    recipient: Mapped[bytes | None]
    wave_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("waves.id"))
    settled_at: Mapped[datetime | None]
    came_to: Mapped[str | None]
