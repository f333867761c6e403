"""Reports to authorities and the receipts that prove what went where."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from db.types import Table, one_of, only_if


class Report(Table):
    """One report on one obligation. Filed means: approved, with proof, and with reasons when late.

    `version` counts what goes to one authority under one law; `follows_id` is the report before it, of which a withdrawal
    says with `reasons` that it was no breach, or was sent in error. A trigger keeps the words once they are approved;
    another refuses to file a report while one before it, to the same authority under the same law, is owed and did not leave.
    """

    __tablename__ = "reports"
    __table_args__ = (
        sa.UniqueConstraint("incident_id", "number"),
        sa.ForeignKeyConstraint(["obligation_id", "incident_id"], ["obligations.id", "obligations.incident_id"]),
        sa.Index("ix_reports_incident", "incident_id", "state"),
        sa.Index("ix_reports_state", "state", "drafted_by", "incident_id", "obligation_id", "id"),
        sa.Index("ix_reports_obligation", "obligation_id", "state", "drafted_by"),
        one_of("stage", ("initial", "follow_up", "final", "withdrawal")),
        only_if(
            "withdrawal_has_reasons", "stage = 'withdrawal'", "follows_id IS NOT NULL AND length(trim(reasons)) > 0"
        ),
        sa.CheckConstraint("version > 0", name="counts_from_one"),
        one_of("state", ("draft", "approved", "filed", "replaced")),
        one_of("channel", ("", "portal", "email", "phone", "machine", "post")),
        only_if("approved_first", "state IN ('approved', 'filed')", "approval_id IS NOT NULL"),
        only_if(
            "filed_with_proof",
            "state = 'filed'",
            "receipt_id IS NOT NULL AND filed_at IS NOT NULL AND filed_by IS NOT NULL AND channel <> ''",
        ),
        only_if("filed_says_how_late", "state = 'filed'", "late IS NOT NULL"),
        only_if("late_carries_reasons", "late", "length(trim(late_reasons)) > 0"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    incident_id: Mapped[UUID]
    obligation_id: Mapped[UUID]
    number: Mapped[int]
    version: Mapped[int] = mapped_column(default=1)
    follows_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("reports.id"))
    form: Mapped[str]
    stage: Mapped[str]
    state: Mapped[str]
    content: Mapped[dict[str, Any]]
    missing: Mapped[list[str]]
    content_sha256: Mapped[str]
    pdf: Mapped[bytes]
    facts_as_of: Mapped[datetime]
    drafted_at: Mapped[datetime]
    drafted_by: Mapped[str]
    approval_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("approvals.id"))
    filed_at: Mapped[datetime | None]
    filed_by: Mapped[str | None]
    channel: Mapped[str] = mapped_column(default="")
    authority_reference: Mapped[str] = mapped_column(default="")
    receipt_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("receipts.id"))
    late: Mapped[bool | None]
    late_reasons: Mapped[str] = mapped_column(default="")
    reasons: Mapped[str] = mapped_column(default="")
    together_reasons: Mapped[str] = mapped_column(default="")
    """Why this filing stands for earlier reports that were owed, where the law lets one stand for several."""


class Receipt(Table):
    """Proof that something went: a provider's answer, an uploaded acknowledgement, a signed record of a conversation."""

    __tablename__ = "receipts"
    __table_args__ = (
        one_of("about", ("notice", "report")),
        only_if("about_a_notice", "about = 'notice'", "notice_id IS NOT NULL"),
        only_if("about_a_report", "about = 'report'", "notice_id IS NULL"),
        sa.Index("ix_receipts_notice", "notice_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    incident_id: Mapped[UUID] = mapped_column(sa.ForeignKey("incidents.id"))
    about: Mapped[str]
    notice_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("notices.nid"))
    kind: Mapped[str]
    reference: Mapped[str] = mapped_column(default="")
    name: Mapped[str] = mapped_column(default="")
    sha256: Mapped[str] = mapped_column(default="")
    proof: Mapped[bytes | None]
    at: Mapped[datetime]
    recorded_by: Mapped[str]
