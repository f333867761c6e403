"""Dead-man's switches; one that has ended is never changed, and none is deleted."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

RULES = {
    "never_in_an_exercise": "NOT sealed",
    "state_known": "state IN ('armed', 'stopped', 'fired')",
    "by_a_policy": "length(trim(policy)) > 0",
    "stopped_by_someone_with_reasons": "NOT (state = 'stopped') OR COALESCE((ended_at IS NOT NULL AND length(trim(ended_by)) > 0 AND length(trim(reasons)) > 0), false)",
    "announced_in_order": "NOT (second_told_at IS NOT NULL) OR COALESCE((second_told_at > first_told_at), false)",
    "announced_twice_before": "NOT (state = 'fired') OR COALESCE((ended_at > second_told_at), false)",
    "fired_before_the_limit": "NOT (state = 'fired') OR COALESCE((ended_at < due_at), false)",
    "fired_hands_on_a_report": "NOT (state = 'fired') OR COALESCE((report_id IS NOT NULL), false)",
}


def upgrade() -> None:
    """Make the table and its triggers."""
    moments = ("first_told_at", "second_told_at", "ended_at")
    op.create_table(
        "switches",
        sa.Column("obligation_id", sa.Uuid(), nullable=False),
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.Boolean(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("policy", "state", "ended_by", "reasons")),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        *(sa.Column(name, sa.DateTime(timezone=True), nullable=True) for name in moments),
        sa.Column("report_id", sa.Uuid(), nullable=True),
        *(sa.CheckConstraint(rule, name=op.f(f"ck_switches_{name}")) for name, rule in RULES.items()),
        sa.ForeignKeyConstraint(
            ["incident_id", "sealed"], ["incidents.id", "incidents.sealed"], name=op.f("fk_switches_incident_id_sealed")
        ),
        sa.ForeignKeyConstraint(["obligation_id"], ["obligations.id"], name=op.f("fk_switches_obligation_id")),
        sa.ForeignKeyConstraint(["report_id"], ["reports.id"], name=op.f("fk_switches_report_id")),
        sa.PrimaryKeyConstraint("obligation_id", name=op.f("pk_switches")),
    )
    op.create_index("ix_switches_incident", "switches", ["incident_id"], unique=False)
    for what, when in (("UPDATE", "WHEN (OLD.state <> 'armed') "), ("DELETE", "")):
        name = f"switches_no_{what.lower()}"
        if op.get_bind().dialect.name == "postgresql":
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {what} ON switches FOR EACH ROW {when}EXECUTE FUNCTION forthwith_refuse()"
            )
        else:
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {what} ON switches {when}"
                f"BEGIN SELECT RAISE(ABORT, 'switches is a record: {what} is refused'); END"
            )


def downgrade() -> None:
    """Take it away again."""
    op.drop_table("switches")
