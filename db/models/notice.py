"""Notices to people, the waves that launch them, and each attempt to hand one over."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from db.models.person import CIRCLES
from db.types import Table, index_where, one_of, only_if, together

LIVE = "state NOT IN ('bounced', 'rejected', 'cancelled')"
BY_A_PERSON = "channel IN ('phone', 'in_person')"
NOTICE_STATES = (
    "drafted",
    "held",
    "queued",
    "sending",
    "unknown",
    "accepted",
    "delivered",
    "bounced",
    "rejected",
    "told",
    "unreached",
    "cancelled",
)
TRANSITIONS = {
    "drafted": ("queued", "held", "cancelled"),
    "held": ("drafted", "cancelled"),
    "queued": ("sending", "told", "unreached", "held", "cancelled"),
    "sending": ("queued", "accepted", "unknown", "rejected", "cancelled"),
    "unknown": ("queued", "accepted", "delivered", "bounced", "rejected", "cancelled"),
    "accepted": ("delivered", "bounced"),
    "delivered": ("bounced",),
    "bounced": ("unreached",),
    "rejected": ("unreached",),
    "unreached": ("cancelled",),
    "told": (),
    "cancelled": (),
}
"""Where a notice may go from where it is; triggers refuse every other step, so that nothing accepted is ever sent again."""


class Wave(Table):
    """One launch of notices. Nothing leaves before someone else than its author approved exactly these texts."""

    __tablename__ = "waves"
    __table_args__ = (
        sa.UniqueConstraint("incident_id", "number"),
        sa.UniqueConstraint("id", "incident_id"),
        sa.UniqueConstraint("id", "circle"),
        sa.Index("uq_waves_id_shards", "id", "shards", unique=True),
        sa.ForeignKeyConstraint(["incident_id", "sealed"], ["incidents.id", "incidents.sealed"]),
        sa.Index("ix_waves_state", "state", "incident_id"),
        one_of("circle", CIRCLES),
        one_of("state", ("drafting", "draft", "approved", "launched", "paused", "done", "stopped")),
        only_if(
            "whole_before_approval",
            "state IN ('draft', 'approved', 'launched', 'paused', 'done')",
            "length(content_sha256) = 64",
        ),
        only_if("approved_first", "state IN ('approved', 'launched', 'paused', 'done')", "approval_id IS NOT NULL"),
        only_if(
            "launched_by_someone",
            "state IN ('launched', 'paused', 'done')",
            "launched_at IS NOT NULL AND launched_by IS NOT NULL",
        ),
        sa.CheckConstraint("shards >= 1", name="has_a_shard"),
        one_of("judged", ("", "kept", "broken")),
        together("canary_is_held", "canary_size", "hold_until"),
        only_if("canary_was_launched", "canary_size IS NOT NULL", "canary_size > 0 AND launched_at IS NOT NULL"),
        only_if("judged_has_a_canary", "judged <> ''", "canary_size IS NOT NULL"),
        together("released_by_someone", "released_at", "released_by"),
        only_if("released_after_a_canary", "released_at IS NOT NULL", "canary_size IS NOT NULL"),
        only_if(
            "released_in_spite_says_why",
            "judged = 'broken' AND released_at IS NOT NULL",
            "length(trim(released_because)) > 0",
        ),
        index_where("uq_waves_one_drafting", "state = 'drafting'", "incident_id", "circle", "template", unique=True),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    incident_id: Mapped[UUID]
    sealed: Mapped[bool]
    number: Mapped[int]
    name: Mapped[str]
    circle: Mapped[str]
    template: Mapped[str]
    template_sha256: Mapped[str]
    words_sha256: Mapped[str]
    contents: Mapped[list[str]]
    audience: Mapped[list[str]]
    facts_as_of: Mapped[datetime]
    drafted_at: Mapped[datetime]
    drafted_by: Mapped[str]
    content_sha256: Mapped[str]
    state: Mapped[str]
    why: Mapped[str] = mapped_column(default="")
    approval_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("approvals.id"))
    launched_at: Mapped[datetime | None]
    launched_by: Mapped[str | None]
    fence: Mapped[int] = mapped_column(default=0)
    shards: Mapped[int] = mapped_column(default=1)
    wait_until: Mapped[datetime | None]
    languages: Mapped[list[str]] = mapped_column(default=list)
    ways: Mapped[list[str]] = mapped_column(default=list)
    urgent_because: Mapped[str] = mapped_column(default="")
    canary_size: Mapped[int | None]
    hold_until: Mapped[datetime | None]
    judged: Mapped[str] = mapped_column(default="")
    released_at: Mapped[datetime | None]
    released_by: Mapped[str | None]
    released_because: Mapped[str] = mapped_column(default="")

    @property
    def is_holding(self) -> bool:
        """Whether its canary has left and the rest waits for somebody to release it."""
        return self.canary_size is not None and self.released_at is None and self.state in ("launched", "paused")


class Shard(Table):
    """A part of a wave that one worker sends at a time: those whose random ids are in its range of as many as there are shards."""

    __tablename__ = "shards"
    __table_args__ = (
        sa.ForeignKeyConstraint(["wave_id", "of"], ["waves.id", "waves.shards"]),
        sa.CheckConstraint("number >= 0 AND number < of", name="is_one_of_them"),
        together("leased", "lease_owner", "lease_until"),
    )

    wave_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    of: Mapped[int]
    fence: Mapped[int] = mapped_column(default=0)
    lease_owner: Mapped[str | None]
    lease_until: Mapped[datetime | None]


class Pace(Table):
    """What a channel may still take at this moment, for all workers together, and until when it wants to be left alone."""

    __tablename__ = "paces"
    __table_args__ = (sa.CheckConstraint("slow_downs >= 0", name="counts_from_nought"),)

    channel: Mapped[str] = mapped_column(primary_key=True)
    tokens: Mapped[float]
    hour_tokens: Mapped[float]
    filled_at: Mapped[datetime]
    paused_until: Mapped[datetime | None]
    slow_downs: Mapped[int] = mapped_column(default=0)


class NoticeSheet(Table):
    """What the notices of one variant share, sealed; kept once for the wave, and each of them says what fills its gaps."""

    __tablename__ = "notice_sheets"
    __table_args__ = (sa.CheckConstraint("number BETWEEN 0 AND 65535", name="number_fits"),)

    wave_id: Mapped[UUID] = mapped_column(sa.ForeignKey("waves.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sheet: Mapped[bytes]


class Notice(Table):
    """One message to one person, with the exact bytes encrypted; nid is all that a provider may ever keep."""

    __tablename__ = "notices"
    __table_args__ = (
        sa.ForeignKeyConstraint(["incident_id", "sealed"], ["incidents.id", "incidents.sealed"]),
        sa.ForeignKeyConstraint(["wave_id", "incident_id"], ["waves.id", "waves.incident_id"]),
        sa.ForeignKeyConstraint(["person_id", "incident_id"], ["people.id", "people.incident_id"]),
        sa.ForeignKeyConstraint(["person_id", "flagged"], ["people.id", "people.flagged"], onupdate="CASCADE"),
        sa.ForeignKeyConstraint(["person_id", "kind"], ["people.id", "people.kind"]),
        sa.ForeignKeyConstraint(["wave_id", "circle"], ["waves.id", "waves.circle"]),
        sa.UniqueConstraint("nid", "sealed"),
        sa.CheckConstraint(
            " OR ".join(
                "(circle = '{}' AND kind IN ({}))".format(circle, ", ".join(f"'{kind}'" for kind in kinds))
                for circle, kinds in CIRCLES.items()
            ),
            name="the_accused_are_never_among_victims",
        ),
        one_of("state", NOTICE_STATES),
        one_of("channel", ("email", "letter", "phone", "in_person")),
        sa.CheckConstraint(
            f"NOT flagged OR {BY_A_PERSON} OR state IN ('held', 'accepted', 'delivered', 'bounced', 'rejected', 'unreached', 'unknown', 'cancelled')",
            name="flagged_people_are_told_by_a_person",
        ),
        only_if("told_means_spoken_to", "state = 'told'", BY_A_PERSON),
        only_if(
            "spoken_to_is_not_sent",
            BY_A_PERSON,
            "state NOT IN ('sending', 'unknown', 'accepted', 'delivered', 'bounced')",
        ),
        sa.CheckConstraint("length(content_sha256) = 64", name="has_a_hash"),
        only_if("canary_is_mail", "canary", "channel = 'email'"),
        index_where("ix_notices_canary", "canary", "wave_id", "state"),
        index_where("uq_notices_one_live", LIVE, "person_id", "purpose", unique=True),
        sa.Index("ix_notices_queue", "wave_id", "state", "channel", "nid", "wait_until", "country"),
        sa.Index("ix_notices_told", "incident_id", "kind", "person_id", "state", "wave_id"),
        sa.Index("ix_notices_person", "person_id", "flagged"),
        index_where("ix_notices_lost", "state = 'unreached'", "person_id"),
    )

    nid: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    incident_id: Mapped[UUID]
    sealed: Mapped[bool]
    wave_id: Mapped[UUID]
    person_id: Mapped[UUID]
    flagged: Mapped[bool]
    kind: Mapped[str]
    circle: Mapped[str]
    purpose: Mapped[str] = mapped_column(default="first")
    channel: Mapped[str]
    rung: Mapped[int] = mapped_column(default=0)
    told_to: Mapped[str] = mapped_column(default="person")
    way_because: Mapped[str] = mapped_column(default="")
    state: Mapped[str]
    ended_because: Mapped[str] = mapped_column(default="")
    content: Mapped[bytes]
    content_sha256: Mapped[str]
    dated_at: Mapped[datetime | None]
    wait_until: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    canary: Mapped[bool] = mapped_column(default=False)
    country: Mapped[str] = mapped_column(default="")
    complained_at: Mapped[datetime | None]


class Attempt(Table):
    """One try to hand a notice over; written before the first byte leaves."""

    __tablename__ = "attempts"
    __table_args__ = (
        sa.UniqueConstraint("notice_id", "number"),
        sa.ForeignKeyConstraint(["notice_id", "sealed"], ["notices.nid", "notices.sealed"]),
        one_of("state", ("sending", "accepted", "unknown", "rejected", "not_sent")),
        only_if("an_exercise_stays_inside", "sealed", "channel LIKE 'sealed-%'"),
        only_if("what_is_real_leaves", "NOT sealed", "channel NOT LIKE 'sealed-%'"),
        only_if("ended_says_when", "state <> 'sending'", "ended_at IS NOT NULL"),
        index_where("uq_attempts_one_in_flight", "state = 'sending'", "notice_id", unique=True),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    notice_id: Mapped[UUID]
    sealed: Mapped[bool]
    number: Mapped[int]
    channel: Mapped[str]
    worker: Mapped[str]
    fence: Mapped[int]
    state: Mapped[str]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    reference: Mapped[str | None]
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)
    possible_second_copy: Mapped[bool] = mapped_column(default=False)
