"""People, waves, notices and their attempts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "people",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("row_key", sa.LargeBinary(), nullable=False),
        sa.Column("row_hash", sa.LargeBinary(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("flagged", sa.Boolean(), nullable=False),
        sa.Column("flags", sa.Text(), nullable=False),
        sa.Column("deceased", sa.Boolean(), nullable=False),
        sa.Column("details", sa.LargeBinary(), nullable=False),
        sa.Column("guardian_id", sa.Uuid(), nullable=True),
        sa.Column("guardian_verified", sa.Boolean(), nullable=False),
        sa.Column("guardian_conflict", sa.Boolean(), nullable=True),
        sa.Column("safe_until", sa.Date(), nullable=True),
        sa.Column("exemption_id", sa.Uuid(), nullable=True),
        sa.Column("substitute_id", sa.Uuid(), nullable=True),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "NOT (kind = 'victim') OR COALESCE((flagged), false)", name=op.f("ck_people_victims_are_flagged")
        ),
        sa.CheckConstraint(
            "kind IN ('victim', 'witness', 'accused', 'third_party', 'employee', 'customer', 'patient', 'student', 'other', 'guardian')",
            name=op.f("ck_people_kind_known"),
        ),
        sa.CheckConstraint(
            "NOT (flagged) OR COALESCE((length(flags) > 2), false)", name=op.f("ck_people_flagged_because_of_something")
        ),
        sa.CheckConstraint(
            "NOT (guardian_id IS NOT NULL) OR COALESCE((guardian_id <> id), false)",
            name=op.f("ck_people_guardian_is_someone_else"),
        ),
        sa.ForeignKeyConstraint(["exemption_id"], ["decisions.id"], name=op.f("fk_people_exemption_id")),
        sa.ForeignKeyConstraint(
            ["guardian_id", "incident_id"],
            ["people.id", "people.incident_id"],
            name=op.f("fk_people_guardian_id_incident_id"),
        ),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name=op.f("fk_people_import_id")),
        sa.ForeignKeyConstraint(["incident_id"], ["incidents.id"], name=op.f("fk_people_incident_id")),
        sa.ForeignKeyConstraint(["substitute_id"], ["decisions.id"], name=op.f("fk_people_substitute_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("id", "flagged", name=op.f("uq_people_id_flagged")),
        sa.UniqueConstraint("id", "incident_id", name=op.f("uq_people_id_incident_id")),
        sa.UniqueConstraint("id", "kind", name=op.f("uq_people_id_kind")),
        sa.UniqueConstraint("incident_id", "number", name=op.f("uq_people_incident_id_number")),
        sa.UniqueConstraint("incident_id", "row_key", name=op.f("uq_people_incident_id_row_key")),
    )
    op.create_index("ix_people_guardian", "people", ["guardian_id"], unique=False)
    op.create_table(
        "contact_points",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("kind IN ('email', 'phone', 'address')", name=op.f("ck_contact_points_kind_known")),
        sa.ForeignKeyConstraint(
            ["person_id", "incident_id"],
            ["people.id", "people.incident_id"],
            name=op.f("fk_contact_points_person_id_incident_id"),
        ),
        sa.PrimaryKeyConstraint("person_id", "digest", name=op.f("pk_contact_points")),
    )
    op.create_index("ix_contact_points_shared", "contact_points", ["incident_id", "digest"], unique=False)
    op.create_table(
        "waves",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.Boolean(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("circle", sa.Text(), nullable=False),
        sa.Column("template", sa.Text(), nullable=False),
        sa.Column("template_sha256", sa.Text(), nullable=False),
        sa.Column("words_sha256", sa.Text(), nullable=False),
        sa.Column("contents", JSON, nullable=False),
        sa.Column("audience", JSON, nullable=False),
        sa.Column("facts_as_of", sa.DateTime(timezone=True), nullable=False),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("drafted_by", sa.Text(), nullable=False),
        sa.Column("content_sha256", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("approval_id", sa.Uuid(), nullable=True),
        sa.Column("launched_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("launched_by", sa.Text(), nullable=True),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("lease_owner", sa.Text(), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("wait_until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "NOT (state IN ('approved', 'launched', 'paused', 'done')) OR COALESCE((approval_id IS NOT NULL), false)",
            name=op.f("ck_waves_approved_first"),
        ),
        sa.CheckConstraint(
            "NOT (state IN ('launched', 'paused', 'done')) OR COALESCE((launched_at IS NOT NULL AND launched_by IS NOT NULL), false)",
            name=op.f("ck_waves_launched_by_someone"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'approved', 'launched', 'paused', 'done', 'stopped')", name=op.f("ck_waves_state_known")
        ),
        sa.CheckConstraint(
            "circle IN ('victims', 'accused', 'third_parties', 'others')", name=op.f("ck_waves_circle_known")
        ),
        sa.CheckConstraint(
            "(lease_owner IS NULL AND lease_until IS NULL) OR (lease_owner IS NOT NULL AND lease_until IS NOT NULL)",
            name=op.f("ck_waves_leased"),
        ),
        sa.ForeignKeyConstraint(["approval_id"], ["approvals.id"], name=op.f("fk_waves_approval_id")),
        sa.ForeignKeyConstraint(
            ["incident_id", "sealed"], ["incidents.id", "incidents.sealed"], name=op.f("fk_waves_incident_id_sealed")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waves")),
        sa.UniqueConstraint("id", "circle", name=op.f("uq_waves_id_circle")),
        sa.UniqueConstraint("id", "incident_id", name=op.f("uq_waves_id_incident_id")),
        sa.UniqueConstraint("incident_id", "number", name=op.f("uq_waves_incident_id_number")),
    )
    op.create_table(
        "notices",
        sa.Column("nid", sa.Uuid(), nullable=False),
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.Boolean(), nullable=False),
        sa.Column("wave_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("flagged", sa.Boolean(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("circle", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("rung", sa.Integer(), nullable=False),
        sa.Column("told_to", sa.Text(), nullable=False),
        sa.Column("way_because", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("ended_because", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("content_sha256", sa.Text(), nullable=False),
        sa.Column("dated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("wait_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "NOT (channel IN ('phone', 'in_person')) OR COALESCE((state NOT IN ('sending', 'unknown', 'accepted', 'delivered', 'bounced')), false)",
            name=op.f("ck_notices_spoken_to_is_not_sent"),
        ),
        sa.CheckConstraint(
            "NOT (state = 'told') OR COALESCE((channel IN ('phone', 'in_person')), false)",
            name=op.f("ck_notices_told_means_spoken_to"),
        ),
        sa.CheckConstraint(
            "(circle = 'victims' AND kind IN ('victim', 'witness')) OR (circle = 'accused' AND kind IN ('accused')) OR (circle = 'third_parties' AND kind IN ('third_party')) OR (circle = 'others' AND kind IN ('employee', 'customer', 'patient', 'student', 'other'))",
            name=op.f("ck_notices_the_accused_are_never_among_victims"),
        ),
        sa.CheckConstraint(
            "NOT flagged OR channel IN ('phone', 'in_person') OR state IN ('held', 'accepted', 'delivered', 'bounced', 'rejected', 'unreached', 'unknown', 'cancelled')",
            name=op.f("ck_notices_flagged_people_are_told_by_a_person"),
        ),
        sa.CheckConstraint(
            "channel IN ('email', 'letter', 'phone', 'in_person')", name=op.f("ck_notices_channel_known")
        ),
        sa.CheckConstraint(
            "state IN ('drafted', 'held', 'queued', 'sending', 'unknown', 'accepted', 'delivered', 'bounced', 'rejected', 'told', 'unreached', 'cancelled')",
            name=op.f("ck_notices_state_known"),
        ),
        sa.CheckConstraint("length(content_sha256) = 64", name=op.f("ck_notices_has_a_hash")),
        sa.ForeignKeyConstraint(
            ["incident_id", "sealed"], ["incidents.id", "incidents.sealed"], name=op.f("fk_notices_incident_id_sealed")
        ),
        sa.ForeignKeyConstraint(
            ["person_id", "flagged"],
            ["people.id", "people.flagged"],
            name=op.f("fk_notices_person_id_flagged"),
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id", "incident_id"],
            ["people.id", "people.incident_id"],
            name=op.f("fk_notices_person_id_incident_id"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id", "kind"], ["people.id", "people.kind"], name=op.f("fk_notices_person_id_kind")
        ),
        sa.ForeignKeyConstraint(
            ["wave_id", "circle"], ["waves.id", "waves.circle"], name=op.f("fk_notices_wave_id_circle")
        ),
        sa.ForeignKeyConstraint(
            ["wave_id", "incident_id"], ["waves.id", "waves.incident_id"], name=op.f("fk_notices_wave_id_incident_id")
        ),
        sa.PrimaryKeyConstraint("nid", name=op.f("pk_notices")),
        sa.UniqueConstraint("nid", "sealed", name=op.f("uq_notices_nid_sealed")),
    )
    op.create_index("ix_notices_queue", "notices", ["wave_id", "state", "nid"], unique=False)
    op.create_index(
        "uq_notices_one_live",
        "notices",
        ["person_id", "purpose"],
        unique=True,
        sqlite_where=sa.text("state NOT IN ('bounced', 'rejected', 'cancelled')"),
        postgresql_where=sa.text("state NOT IN ('bounced', 'rejected', 'cancelled')"),
    )
    op.create_table(
        "triggers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("flow", sa.Text(), nullable=False),
        sa.Column("incident_id", sa.Uuid(), nullable=True),
        sa.Column("wave_id", sa.Uuid(), nullable=True),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("flow_run_id", sa.Text(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["incident_id"], ["incidents.id"], name=op.f("fk_triggers_incident_id")),
        sa.ForeignKeyConstraint(["wave_id"], ["waves.id"], name=op.f("fk_triggers_wave_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_triggers")),
        sa.UniqueConstraint("key", name=op.f("uq_triggers_key")),
    )
    op.create_index(
        "ix_triggers_waiting",
        "triggers",
        ["requested_at"],
        unique=False,
        sqlite_where=sa.text("done_at IS NULL"),
        postgresql_where=sa.text("done_at IS NULL"),
    )
    op.create_table(
        "attempts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.Boolean(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("worker", sa.Text(), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("detail", JSON, nullable=False),
        sa.Column("possible_second_copy", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "NOT (state <> 'sending') OR COALESCE((ended_at IS NOT NULL), false)",
            name=op.f("ck_attempts_ended_says_when"),
        ),
        sa.CheckConstraint(
            "state IN ('sending', 'accepted', 'unknown', 'rejected', 'not_sent')", name=op.f("ck_attempts_state_known")
        ),
        sa.CheckConstraint(
            "NOT (sealed) OR COALESCE((channel LIKE 'sealed-%'), false)",
            name=op.f("ck_attempts_an_exercise_stays_inside"),
        ),
        sa.CheckConstraint(
            "NOT (NOT sealed) OR COALESCE((channel NOT LIKE 'sealed-%'), false)",
            name=op.f("ck_attempts_what_is_real_leaves"),
        ),
        sa.ForeignKeyConstraint(
            ["notice_id", "sealed"], ["notices.nid", "notices.sealed"], name=op.f("fk_attempts_notice_id_sealed")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempts")),
        sa.UniqueConstraint("notice_id", "number", name=op.f("uq_attempts_notice_id_number")),
    )
    op.create_index(
        "uq_attempts_one_in_flight",
        "attempts",
        ["notice_id"],
        unique=True,
        sqlite_where=sa.text("state = 'sending'"),
        postgresql_where=sa.text("state = 'sending'"),
    )
    op.create_table(
        "receipts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("notice_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("proof", sa.LargeBinary(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "NOT (about = 'notice') OR COALESCE((notice_id IS NOT NULL), false)",
            name=op.f("ck_receipts_about_a_notice"),
        ),
        sa.CheckConstraint(
            "NOT (about = 'report') OR COALESCE((notice_id IS NULL), false)", name=op.f("ck_receipts_about_a_report")
        ),
        sa.CheckConstraint("about IN ('notice', 'report')", name=op.f("ck_receipts_about_known")),
        sa.ForeignKeyConstraint(["incident_id"], ["incidents.id"], name=op.f("fk_receipts_incident_id")),
        sa.ForeignKeyConstraint(["notice_id"], ["notices.nid"], name=op.f("fk_receipts_notice_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipts")),
    )
    op.create_index("ix_receipts_notice", "receipts", ["notice_id"], unique=False)


def downgrade() -> None:
    """Drop them again."""
    op.drop_table("receipts")
    op.drop_table("attempts")
    op.drop_table("triggers")
    op.drop_table("notices")
    op.drop_table("waves")
    op.drop_table("contact_points")
    op.drop_table("people")
