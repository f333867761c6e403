"""Incidents, facts, decisions and the journal."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "exercises",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("law_as_of", sa.Date(), nullable=False),
        sa.Column("sim_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("real_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("speed", sa.Float(), nullable=False),
        sa.Column("folder", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exercises")),
    )
    op.create_table(
        "heartbeats",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("beat_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("detail", JSON, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_heartbeats")),
    )
    op.create_table(
        "journal",
        sa.Column("chain", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.CheckConstraint("length(hash) = 64", name=op.f("ck_journal_has_a_hash")),
        sa.CheckConstraint("number > 0", name=op.f("ck_journal_counts_from_one")),
        sa.PrimaryKeyConstraint("chain", "number", name=op.f("pk_journal")),
    )
    op.create_table(
        "journal_heads",
        sa.Column("chain", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("chain", name=op.f("pk_journal_heads")),
    )
    op.create_table(
        "incidents",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("sealed", sa.Boolean(), nullable=False),
        sa.Column("exercise_id", sa.Uuid(), nullable=True),
        sa.Column("law_as_of", sa.Date(), nullable=True),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("declared_by", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("deputy", sa.Text(), nullable=False),
        sa.Column("executive", sa.Text(), nullable=False),
        sa.Column("data_protection_officer", sa.Text(), nullable=False),
        sa.Column("restricted", sa.Boolean(), nullable=False),
        sa.Column("on_hold", sa.Boolean(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(closed_at IS NULL AND closed_by IS NULL) OR (closed_at IS NOT NULL AND closed_by IS NOT NULL)",
            name=op.f("ck_incidents_closed_by_someone"),
        ),
        sa.CheckConstraint(
            "NOT (exercise_id IS NOT NULL) OR COALESCE((sealed), false)", name=op.f("ck_incidents_exercise_is_sealed")
        ),
        sa.CheckConstraint(
            "NOT (law_as_of IS NOT NULL) OR COALESCE((sealed), false)",
            name=op.f("ck_incidents_law_as_of_only_in_exercise"),
        ),
        sa.CheckConstraint(
            "NOT (sealed) OR COALESCE((exercise_id IS NOT NULL), false)", name=op.f("ck_incidents_sealed_is_exercise")
        ),
        sa.ForeignKeyConstraint(["exercise_id"], ["exercises.id"], name=op.f("fk_incidents_exercise_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incidents")),
        sa.UniqueConstraint("id", "sealed", name=op.f("uq_incidents_id_sealed")),
        sa.UniqueConstraint("reference", name=op.f("uq_incidents_reference")),
    )
    op.create_index(
        "ix_incidents_open",
        "incidents",
        ["declared_at"],
        unique=False,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "approvals",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("content_sha256", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("approved_by", sa.Text(), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("subject IN ('report', 'wave')", name=op.f("ck_approvals_subject_known")),
        sa.CheckConstraint("approved_by <> author", name=op.f("ck_approvals_not_by_its_author")),
        sa.CheckConstraint("length(content_sha256) = 64", name=op.f("ck_approvals_binds_a_hash")),
        sa.ForeignKeyConstraint(["incident_id"], ["incidents.id"], name=op.f("fk_approvals_incident_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approvals")),
        sa.UniqueConstraint("subject_id", "content_sha256", name=op.f("uq_approvals_subject_id_content_sha256")),
    )
    op.create_table(
        "decisions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("choice", sa.Text(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("needs_second", sa.Boolean(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("seconded_by", sa.Text(), nullable=True),
        sa.Column("seconded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rests_on", JSON, nullable=False),
        sa.Column("review_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reopened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reopened_because", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "NOT (kind IN ('awareness_change', 'waiver', 'exemption', 'narrowing', 'release', 'law_enforcement_restriction')) OR COALESCE((needs_second), false)",
            name=op.f("ck_decisions_kind_demands_second"),
        ),
        sa.CheckConstraint(
            "NOT (needs_second AND state IN ('stands', 'reopened')) OR COALESCE((seconded_by IS NOT NULL), false)",
            name=op.f("ck_decisions_stands_only_seconded"),
        ),
        sa.CheckConstraint(
            "NOT (state = 'reopened') OR COALESCE((reopened_at IS NOT NULL), false)",
            name=op.f("ck_decisions_reopened_says_when"),
        ),
        sa.CheckConstraint(
            "kind IN ('risk', 'awareness_change', 'waiver', 'exemption', 'narrowing', 'second_copy', 'substitute_notice', 'release', 'law_enforcement_restriction', 'close')",
            name=op.f("ck_decisions_kind_known"),
        ),
        sa.CheckConstraint(
            "state IN ('proposed', 'stands', 'refused', 'reopened')", name=op.f("ck_decisions_state_known")
        ),
        sa.CheckConstraint(
            "(reopened_at IS NULL AND reopened_because IS NULL) OR (reopened_at IS NOT NULL AND reopened_because IS NOT NULL)",
            name=op.f("ck_decisions_reopened_why"),
        ),
        sa.CheckConstraint(
            "(seconded_by IS NULL AND seconded_at IS NULL) OR (seconded_by IS NOT NULL AND seconded_at IS NOT NULL)",
            name=op.f("ck_decisions_seconded_when"),
        ),
        sa.CheckConstraint(
            "NOT (seconded_by IS NOT NULL) OR COALESCE((seconded_by <> decided_by), false)",
            name=op.f("ck_decisions_second_is_someone_else"),
        ),
        sa.CheckConstraint("length(trim(decided_by)) > 0", name=op.f("ck_decisions_has_decider")),
        sa.CheckConstraint("length(trim(reasons)) > 0", name=op.f("ck_decisions_has_reasons")),
        sa.ForeignKeyConstraint(["incident_id"], ["incidents.id"], name=op.f("fk_decisions_incident_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
    )
    op.create_index("ix_decisions_incident", "decisions", ["incident_id", "kind"], unique=False)
    op.create_table(
        "hand_overs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column("hop", sa.Text(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("target_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("to", sa.Text(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_by", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "hop IN ('finder_to_manager', 'manager_to_dpo', 'dpo_to_decision', 'decision_to_approval', 'approval_to_filing')",
            name=op.f("ck_hand_overs_hop_known"),
        ),
        sa.CheckConstraint(
            "(taken_at IS NULL AND taken_by IS NULL) OR (taken_at IS NOT NULL AND taken_by IS NOT NULL)",
            name=op.f("ck_hand_overs_taken_by_someone"),
        ),
        sa.CheckConstraint(
            "NOT (taken_at IS NOT NULL) OR COALESCE((taken_at >= given_at), false)",
            name=op.f("ck_hand_overs_taken_after_given"),
        ),
        sa.ForeignKeyConstraint(["incident_id"], ["incidents.id"], name=op.f("fk_hand_overs_incident_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_overs")),
        sa.UniqueConstraint("incident_id", "hop", name=op.f("uq_hand_overs_incident_id_hop")),
    )
    op.create_table(
        "imports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column("file_sha256", sa.Text(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("imported_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["incident_id"], ["incidents.id"], name=op.f("fk_imports_incident_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imports")),
    )
    op.create_table(
        "incident_keys",
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=True),
        sa.Column("master_key_id", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("destroyed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["incident_id"], ["incidents.id"], name=op.f("fk_incident_keys_incident_id")),
        sa.PrimaryKeyConstraint("incident_id", name=op.f("pk_incident_keys")),
    )
    op.create_table(
        "facts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", JSON, nullable=True),
        sa.Column("true_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("known_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["decision_id"], ["decisions.id"], name=op.f("fk_facts_decision_id")),
        sa.ForeignKeyConstraint(["incident_id"], ["incidents.id"], name=op.f("fk_facts_incident_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_facts")),
        sa.UniqueConstraint("incident_id", "number", name=op.f("uq_facts_incident_id_number")),
    )
    op.create_index("ix_facts_name", "facts", ["incident_id", "name", "known_at"], unique=False)


def downgrade() -> None:
    """Drop them again."""
    op.drop_table("facts")
    op.drop_table("incident_keys")
    op.drop_table("imports")
    op.drop_table("hand_overs")
    op.drop_table("decisions")
    op.drop_table("approvals")
    op.drop_table("incidents")
    op.drop_table("journal_heads")
    op.drop_table("journal")
    op.drop_table("heartbeats")
    op.drop_table("exercises")
