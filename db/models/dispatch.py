"""Dispatches: approved reports on their way to an authority by e-mail or to its machine, the row first and then the bytes."""

from datetime import datetime
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from db.types import Table, index_where, one_of, only_if

WAYS = ("email", "machine")
LIVE = "state <> 'rejected'"
GONE = ("sending", "accepted", "unknown")
"""States of what has left the house, or may have."""


class Dispatch(Table):
    """One handing-over of one approved report. A report has one that may have arrived, never two.

    queued: wished for; sending: the bytes are kept and may be leaving; accepted: taken, with a receipt; unknown: evidence
    settles it; rejected: surely not arrived. Triggers keep its order, its address and its bytes.
    """

    __tablename__ = "dispatches"
    __table_args__ = (
        sa.ForeignKeyConstraint(["incident_id", "sealed"], ["incidents.id", "incidents.sealed"]),
        one_of("way", WAYS),
        one_of("source", ("rulebook", "settings", "typed")),
        one_of("state", ("queued", "sending", "accepted", "unknown", "rejected")),
        only_if("typed_address_has_reasons", "source = 'typed'", "length(trim(reasons)) > 0"),
        only_if(
            "bytes_are_kept_first",
            "state IN ('sending', 'accepted', 'unknown')",
            "sent IS NOT NULL AND length(sent_sha256) = 64 AND handed_over_at IS NOT NULL",
        ),
        only_if("accepted_with_receipt", "state = 'accepted'", "receipt_id IS NOT NULL"),
        only_if("settled_says_when", "state IN ('accepted', 'unknown', 'rejected')", "settled_at IS NOT NULL"),
        only_if("handed_over_after_asked", "handed_over_at IS NOT NULL", "handed_over_at >= asked_at"),
        index_where("uq_dispatches_one_may_have_arrived", LIVE, "report_id", unique=True),
        sa.Index("ix_dispatches_incident", "incident_id", "state"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    incident_id: Mapped[UUID]
    sealed: Mapped[bool]
    report_id: Mapped[UUID] = mapped_column(sa.ForeignKey("reports.id"))
    approval_id: Mapped[UUID] = mapped_column(sa.ForeignKey("approvals.id"))
    way: Mapped[str]
    address: Mapped[str]
    source: Mapped[str]
    reasons: Mapped[str] = mapped_column(default="")
    late_reasons: Mapped[str] = mapped_column(default="")
    asked_at: Mapped[datetime]
    asked_by: Mapped[str]
    state: Mapped[str] = mapped_column(default="queued")
    sent: Mapped[bytes | None]
    sent_sha256: Mapped[str] = mapped_column(default="")
    handed_over_at: Mapped[datetime | None]
    claimed_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    reference: Mapped[str] = mapped_column(default="")
    detail: Mapped[str] = mapped_column(default="")
    receipt_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("receipts.id"))
