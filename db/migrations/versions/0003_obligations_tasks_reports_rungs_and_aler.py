"""Obligations, tasks, reports, rungs and alerts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "rungs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column("exercise_id", sa.Uuid(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("rung", sa.Text(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("fires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.CheckConstraint("subject IN ('obligation', 'hand_over', 'task')", name=op.f("ck_rungs_subject_known")),
        sa.ForeignKeyConstraint(["exercise_id"], ["exercises.id"], name=op.f("fk_rungs_exercise_id")),
        sa.ForeignKeyConstraint(["incident_id"], ["incidents.id"], name=op.f("fk_rungs_incident_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rungs")),
        sa.UniqueConstraint("subject_id", "rung", name=op.f("uq_rungs_subject_id_rung")),
    )
    op.create_index(
        "ix_rungs_waiting",
        "rungs",
        ["fires_at"],
        unique=False,
        sqlite_where=sa.text("told_at IS NULL"),
        postgresql_where=sa.text("told_at IS NULL"),
    )
    op.create_table(
        "alerts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.Boolean(), nullable=False),
        sa.Column("rung_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "state IN ('queued', 'sending', 'accepted', 'unknown', 'rejected')", name=op.f("ck_alerts_state_known")
        ),
        sa.ForeignKeyConstraint(
            ["incident_id", "sealed"], ["incidents.id", "incidents.sealed"], name=op.f("fk_alerts_incident_id_sealed")
        ),
        sa.ForeignKeyConstraint(["rung_id"], ["rungs.id"], name=op.f("fk_alerts_rung_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerts")),
        sa.UniqueConstraint("rung_id", "recipient", name=op.f("uq_alerts_rung_id_recipient")),
    )
    op.create_index(
        "ix_alerts_waiting",
        "alerts",
        ["queued_at"],
        unique=False,
        sqlite_where=sa.text("state = 'queued'"),
        postgresql_where=sa.text("state = 'queued'"),
    )
    op.create_table(
        "obligations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column("law", sa.Text(), nullable=False),
        sa.Column("duty", sa.Text(), nullable=False),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("phase", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("facts_used", JSON, nullable=False),
        sa.Column("missing_facts", JSON, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("born_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("terms", JSON, nullable=True),
        sa.Column("rulebook_version", sa.Text(), nullable=False),
        sa.Column("rulebook_hash", sa.Text(), nullable=False),
        sa.Column("target_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("target_why", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("due_kind", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("citation", sa.Text(), nullable=False),
        sa.Column("href", sa.Text(), nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("contents", JSON, nullable=False),
        sa.Column("overdue_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("met_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("late", sa.Boolean(), nullable=True),
        sa.Column("late_reasons", sa.Text(), nullable=False),
        sa.Column("waiver_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "NOT (state <> 'watching') OR COALESCE((terms IS NOT NULL AND born_at IS NOT NULL), false)",
            name=op.f("ck_obligations_owed_has_terms"),
        ),
        sa.CheckConstraint(
            "NOT (state = 'met') OR COALESCE((met_at IS NOT NULL AND late IS NOT NULL), false)",
            name=op.f("ck_obligations_met_says_how_late"),
        ),
        sa.CheckConstraint(
            "NOT (state = 'open') OR COALESCE((answer = 'applies'), false)",
            name=op.f("ck_obligations_open_means_it_applies"),
        ),
        sa.CheckConstraint(
            "NOT (state = 'waived') OR COALESCE((waiver_id IS NOT NULL), false)",
            name=op.f("ck_obligations_waived_by_decision"),
        ),
        sa.CheckConstraint(
            "answer IN ('applies', 'does_not_apply', 'unknown')", name=op.f("ck_obligations_answer_known")
        ),
        sa.CheckConstraint("state IN ('watching', 'open', 'met', 'waived')", name=op.f("ck_obligations_state_known")),
        sa.CheckConstraint(
            "(born_at IS NULL AND terms IS NULL) OR (born_at IS NOT NULL AND terms IS NOT NULL)",
            name=op.f("ck_obligations_born_with_terms"),
        ),
        sa.CheckConstraint(
            "NOT (late) OR COALESCE((length(trim(late_reasons)) > 0), false)",
            name=op.f("ck_obligations_late_carries_reasons"),
        ),
        sa.ForeignKeyConstraint(["incident_id"], ["incidents.id"], name=op.f("fk_obligations_incident_id")),
        sa.ForeignKeyConstraint(["waiver_id"], ["decisions.id"], name=op.f("fk_obligations_waiver_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_obligations")),
        sa.UniqueConstraint("id", "incident_id", name=op.f("uq_obligations_id_incident_id")),
        sa.UniqueConstraint("incident_id", "duty", "authority", name=op.f("uq_obligations_incident_id_duty_authority")),
    )
    op.create_index(
        "ix_obligations_open",
        "obligations",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "tasks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("details", JSON, nullable=False),
        sa.Column("assignee", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("obligation_id", sa.Uuid(), nullable=True),
        sa.Column("notice_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Text(), nullable=True),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("verified_by", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "NOT (kind = 'contact') OR COALESCE((notice_id IS NOT NULL), false)",
            name=op.f("ck_tasks_contact_has_notice"),
        ),
        sa.CheckConstraint(
            "NOT (state <> 'open') OR COALESCE((ended_at IS NOT NULL AND ended_by IS NOT NULL AND length(outcome) > 0), false)",
            name=op.f("ck_tasks_ended_by_someone"),
        ),
        sa.CheckConstraint(
            "NOT (verified_at IS NOT NULL) OR COALESCE((state = 'done'), false)",
            name=op.f("ck_tasks_verified_when_done"),
        ),
        sa.CheckConstraint(
            "kind IN ('containment', 'acknowledge', 'decide', 'approve', 'file', 'contact', 'follow_up', 'check')",
            name=op.f("ck_tasks_kind_known"),
        ),
        sa.CheckConstraint("state IN ('open', 'done', 'cancelled')", name=op.f("ck_tasks_state_known")),
        sa.CheckConstraint(
            "(verified_at IS NULL AND verified_by IS NULL) OR (verified_at IS NOT NULL AND verified_by IS NOT NULL)",
            name=op.f("ck_tasks_verified_by_someone"),
        ),
        sa.ForeignKeyConstraint(["incident_id"], ["incidents.id"], name=op.f("fk_tasks_incident_id")),
        sa.ForeignKeyConstraint(["notice_id"], ["notices.nid"], name=op.f("fk_tasks_notice_id")),
        sa.ForeignKeyConstraint(["obligation_id"], ["obligations.id"], name=op.f("fk_tasks_obligation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tasks")),
        sa.UniqueConstraint("incident_id", "key", name=op.f("uq_tasks_incident_id_key")),
        sa.UniqueConstraint("incident_id", "number", name=op.f("uq_tasks_incident_id_number")),
    )
    op.create_index(
        "ix_tasks_open",
        "tasks",
        ["incident_id", "due_at"],
        unique=False,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "reports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column("obligation_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("content", JSON, nullable=False),
        sa.Column("missing", JSON, nullable=False),
        sa.Column("content_sha256", sa.Text(), nullable=False),
        sa.Column("pdf", sa.LargeBinary(), nullable=False),
        sa.Column("facts_as_of", sa.DateTime(timezone=True), nullable=False),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("drafted_by", sa.Text(), nullable=False),
        sa.Column("approval_id", sa.Uuid(), nullable=True),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("filed_by", sa.Text(), nullable=True),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("authority_reference", sa.Text(), nullable=False),
        sa.Column("receipt_id", sa.Uuid(), nullable=True),
        sa.Column("late", sa.Boolean(), nullable=True),
        sa.Column("late_reasons", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "NOT (state = 'filed') OR COALESCE((late IS NOT NULL), false)", name=op.f("ck_reports_filed_says_how_late")
        ),
        sa.CheckConstraint(
            "NOT (state = 'filed') OR COALESCE((receipt_id IS NOT NULL AND filed_at IS NOT NULL AND filed_by IS NOT NULL AND channel <> ''), false)",
            name=op.f("ck_reports_filed_with_proof"),
        ),
        sa.CheckConstraint(
            "NOT (state IN ('approved', 'filed')) OR COALESCE((approval_id IS NOT NULL), false)",
            name=op.f("ck_reports_approved_first"),
        ),
        sa.CheckConstraint("channel IN ('', 'portal', 'email', 'phone')", name=op.f("ck_reports_channel_known")),
        sa.CheckConstraint("stage IN ('initial', 'follow_up')", name=op.f("ck_reports_stage_known")),
        sa.CheckConstraint("state IN ('draft', 'approved', 'filed', 'replaced')", name=op.f("ck_reports_state_known")),
        sa.CheckConstraint(
            "NOT (late) OR COALESCE((length(trim(late_reasons)) > 0), false)",
            name=op.f("ck_reports_late_carries_reasons"),
        ),
        sa.ForeignKeyConstraint(["approval_id"], ["approvals.id"], name=op.f("fk_reports_approval_id")),
        sa.ForeignKeyConstraint(
            ["obligation_id", "incident_id"],
            ["obligations.id", "obligations.incident_id"],
            name=op.f("fk_reports_obligation_id_incident_id"),
        ),
        sa.ForeignKeyConstraint(["receipt_id"], ["receipts.id"], name=op.f("fk_reports_receipt_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reports")),
        sa.UniqueConstraint("incident_id", "number", name=op.f("uq_reports_incident_id_number")),
    )


def downgrade() -> None:
    """Drop them again."""
    op.drop_table("reports")
    op.drop_table("tasks")
    op.drop_table("obligations")
    op.drop_table("alerts")
    op.drop_table("rungs")
