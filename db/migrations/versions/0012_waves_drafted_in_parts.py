"""Waves that are drafted in many transactions, and the sheets that their notices fill."""

import sqlalchemy as sa
from alembic import op

from db.migrations.rewording import reword

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

BEFORE = "state IN ('draft', 'approved', 'launched', 'paused', 'done', 'stopped')"
AFTER = "state IN ('drafting', 'draft', 'approved', 'launched', 'paused', 'done', 'stopped')"
WHOLE = "NOT (state IN ('draft', 'approved', 'launched', 'paused', 'done')) OR COALESCE((length(content_sha256) = 64), false)"
WRONG_STEP = "OLD.state = 'drafting' AND NEW.state NOT IN ('drafting', 'draft', 'stopped')"
SAYS = "a wave is drafted whole before anyone approves it"


def upgrade() -> None:
    """Make the table; teach waves the new state, which leads to a draft and nowhere else."""
    _sheets()
    reword("waves", "ck_waves_state_known", BEFORE, AFTER)
    reword("waves", "ck_waves_whole_before_approval", "", WHOLE)
    where = sa.text("state = 'drafting'")
    op.create_index(
        "uq_waves_one_drafting",
        "waves",
        ["incident_id", "circle", "template"],
        unique=True,
        sqlite_where=where,
        postgresql_where=where,
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION waves_are_drafted_whole() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{SAYS}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
        )
        op.execute(
            f"CREATE TRIGGER waves_are_drafted_whole BEFORE UPDATE OF state ON waves FOR EACH ROW WHEN ({WRONG_STEP}) EXECUTE FUNCTION waves_are_drafted_whole()"
        )
    else:
        op.execute(
            f"CREATE TRIGGER waves_are_drafted_whole BEFORE UPDATE OF state ON waves WHEN {WRONG_STEP} BEGIN SELECT RAISE(ABORT, '{SAYS}'); END"
        )


def downgrade() -> None:
    """Nothing that is being drafted may be left behind: it would be a state that is not known."""
    postgresql = op.get_bind().dialect.name == "postgresql"
    op.execute("DROP TRIGGER waves_are_drafted_whole" + (" ON waves" if postgresql else ""))
    if postgresql:
        op.execute("DROP FUNCTION waves_are_drafted_whole()")
    op.drop_index("uq_waves_one_drafting", table_name="waves")
    reword("waves", "ck_waves_whole_before_approval", WHOLE, "")
    reword("waves", "ck_waves_state_known", AFTER, BEFORE)
    op.drop_table("notice_sheets")


def _sheets() -> None:
    op.create_table(
        "notice_sheets",
        sa.Column("wave_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sheet", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("number BETWEEN 0 AND 65535", name=op.f("ck_notice_sheets_number_fits")),
        sa.ForeignKeyConstraint(["wave_id"], ["waves.id"], name=op.f("fk_notice_sheets_wave_id")),
        sa.PrimaryKeyConstraint("wave_id", "number", name=op.f("pk_notice_sheets")),
    )
    for what in ("UPDATE", "DELETE"):
        name = f"notice_sheets_no_{what.lower()}"
        if op.get_bind().dialect.name == "postgresql":
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {what} ON notice_sheets FOR EACH ROW EXECUTE FUNCTION forthwith_refuse()"
            )
        else:
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {what} ON notice_sheets BEGIN SELECT RAISE(ABORT, 'notice_sheets is a record: {what} is refused'); END"
            )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE TRIGGER notice_sheets_no_truncate BEFORE TRUNCATE ON notice_sheets FOR EACH STATEMENT EXECUTE FUNCTION forthwith_refuse()"
        )
