"""Decisions with their reasons, and approvals of exact texts; both always by named people."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from db.types import Table, one_of, only_if, together

DECISION_KINDS = (
    "risk",
    "awareness_change",
    "waiver",
    "exemption",
    "narrowing",
    "second_copy",
    "substitute_notice",
    "release",
    "law_enforcement_restriction",
    "close",
)
NEEDS_SECOND = ("awareness_change", "waiver", "exemption", "narrowing", "release", "law_enforcement_restriction")


class Decision(Table):
    """What a person decided and why. One that needs a second person stands only when someone else has confirmed it."""

    __tablename__ = "decisions"
    __table_args__ = (
        one_of("kind", DECISION_KINDS),
        one_of("state", ("proposed", "stands", "refused", "reopened")),
        sa.CheckConstraint("length(trim(reasons)) > 0", name="has_reasons"),
        sa.CheckConstraint("length(trim(decided_by)) > 0", name="has_decider"),
        only_if("second_is_someone_else", "seconded_by IS NOT NULL", "seconded_by <> decided_by"),
        only_if("stands_only_seconded", "needs_second AND state IN ('stands', 'reopened')", "seconded_by IS NOT NULL"),
        only_if(
            "kind_demands_second", "kind IN ({})".format(", ".join(f"'{k}'" for k in NEEDS_SECOND)), "needs_second"
        ),
        together("seconded_when", "seconded_by", "seconded_at"),
        together("reopened_why", "reopened_at", "reopened_because"),
        only_if("reopened_says_when", "state = 'reopened'", "reopened_at IS NOT NULL"),
        sa.Index("ix_decisions_incident", "incident_id", "kind"),
        sa.Index("ix_decisions_state", "state", "incident_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    incident_id: Mapped[UUID] = mapped_column(sa.ForeignKey("incidents.id"))
    number: Mapped[int]
    kind: Mapped[str]
    about: Mapped[str]
    choice: Mapped[str]
    reasons: Mapped[str]
    decided_by: Mapped[str]
    decided_at: Mapped[datetime]
    needs_second: Mapped[bool]
    state: Mapped[str]
    seconded_by: Mapped[str | None]
    seconded_at: Mapped[datetime | None]
    rests_on: Mapped[dict[str, Any]]
    review_at: Mapped[datetime | None]
    reopened_at: Mapped[datetime | None]
    reopened_because: Mapped[str | None]


class Approval(Table):
    """Someone other than the author approved exactly these bytes."""

    __tablename__ = "approvals"
    __table_args__ = (
        one_of("subject", ("report", "wave")),
        sa.CheckConstraint("approved_by <> author", name="not_by_its_author"),
        sa.CheckConstraint("length(content_sha256) = 64", name="binds_a_hash"),
        sa.UniqueConstraint("subject_id", "content_sha256"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    incident_id: Mapped[UUID] = mapped_column(sa.ForeignKey("incidents.id"))
    subject: Mapped[str]
    subject_id: Mapped[UUID]
    content_sha256: Mapped[str]
    author: Mapped[str]
    approved_by: Mapped[str]
    approved_at: Mapped[datetime]
