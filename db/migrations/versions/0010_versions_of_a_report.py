"""A report has a version, the report that it follows, the stages final and withdrawal, and words that stand once approved."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

BEFORE = "stage IN ('initial', 'follow_up')"
AFTER = "stage IN ('initial', 'follow_up', 'final', 'withdrawal')"
NEW = {
    "withdrawal_has_reasons": "NOT (stage = 'withdrawal') OR COALESCE((follows_id IS NOT NULL AND length(trim(reasons)) > 0), false)",
    "counts_from_one": "version > 0",
}
WORDS = (
    "content",
    "content_sha256",
    "missing",
    "pdf",
    "form",
    "stage",
    "obligation_id",
    "version",
    "follows_id",
    "reasons",
)
SAYS = "the words of a report stand once they are approved"


def upgrade() -> None:
    """Add them; SQLite takes a table anew, and its triggers with it."""
    columns = (
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        sa.Column("follows_id", sa.Uuid(), nullable=True),
        sa.Column("reasons", sa.Text(), nullable=False, server_default=""),
    )
    with op.batch_alter_table("reports") as reports:
        for column in columns:
            reports.add_column(column)
        reports.drop_constraint(op.f("ck_reports_stage_known"), type_="check")
        reports.create_check_constraint(op.f("ck_reports_stage_known"), AFTER)
        for name, words in NEW.items():
            reports.create_check_constraint(op.f(f"ck_reports_{name}"), words)
        reports.create_foreign_key(op.f("fk_reports_follows_id"), "reports", ["follows_id"], ["id"])
    with op.batch_alter_table("reports") as reports:
        reports.alter_column("version", server_default=None)
        reports.alter_column("reasons", server_default=None)
    _refuse_delete()
    _freeze()


def downgrade() -> None:
    """Take them away; a report of a new stage would not fit any more."""
    postgresql = op.get_bind().dialect.name == "postgresql"
    op.execute("DROP TRIGGER reports_keep_their_words" + (" ON reports" if postgresql else ""))
    if postgresql:
        op.execute("DROP FUNCTION reports_keep_their_words()")
    with op.batch_alter_table("reports") as reports:
        reports.drop_constraint(op.f("fk_reports_follows_id"), type_="foreignkey")
        for name in (*NEW, "stage_known"):
            reports.drop_constraint(op.f(f"ck_reports_{name}"), type_="check")
        reports.create_check_constraint(op.f("ck_reports_stage_known"), BEFORE)
        for column in ("version", "follows_id", "reasons"):
            reports.drop_column(column)
    _refuse_delete()


def _refuse_delete() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE TRIGGER reports_no_delete BEFORE DELETE ON reports BEGIN SELECT RAISE(ABORT, 'reports is a record: DELETE is refused'); END"
        )


def _freeze() -> None:
    changed = " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in WORDS)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION reports_keep_their_words() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{SAYS}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
        )
        op.execute(
            f"CREATE TRIGGER reports_keep_their_words BEFORE UPDATE ON reports FOR EACH ROW "
            f"WHEN (OLD.approval_id IS NOT NULL AND ({changed})) EXECUTE FUNCTION reports_keep_their_words()"
        )
        return
    changed = changed.replace("IS DISTINCT FROM", "IS NOT")
    op.execute(
        f"CREATE TRIGGER reports_keep_their_words BEFORE UPDATE ON reports WHEN OLD.approval_id IS NOT NULL AND ({changed}) "
        f"BEGIN SELECT RAISE(ABORT, '{SAYS}'); END"
    )
