"""Triggers that refuse to change or delete what is evidence: journal, facts, approvals, receipts, imports."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

APPEND_ONLY = ("journal", "facts", "approvals", "receipts", "imports")
NEVER_DELETED = (
    "incidents",
    "obligations",
    "decisions",
    "reports",
    "notices",
    "attempts",
    "people",
    "waves",
    "tasks",
    "hand_overs",
    "incident_keys",
)


def upgrade() -> None:
    """Set the triggers, in each database's own words."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION forthwith_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION '% is a record: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'integrity_constraint_violation'; END $$"
        )
    for table in APPEND_ONLY:
        _refuse(table, "UPDATE")
    for table in (*APPEND_ONLY, *NEVER_DELETED):
        _refuse(table, "DELETE")
    if op.get_bind().dialect.name == "postgresql":
        for table in (*APPEND_ONLY, *NEVER_DELETED):
            op.execute(
                f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION forthwith_refuse()"
            )


def downgrade() -> None:
    """Take the triggers away."""
    postgresql = op.get_bind().dialect.name == "postgresql"
    for table in (*APPEND_ONLY, *NEVER_DELETED):
        for what in ("update", "delete") if table in APPEND_ONLY else ("delete",):
            op.execute(f"DROP TRIGGER {table}_no_{what}" + (f" ON {table}" if postgresql else ""))
        if postgresql:
            op.execute(f"DROP TRIGGER {table}_no_truncate ON {table}")
    if postgresql:
        op.execute("DROP FUNCTION forthwith_refuse()")


def _refuse(table: str, what: str) -> None:
    name = f"{table}_no_{what.lower()}"
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"CREATE TRIGGER {name} BEFORE {what} ON {table} FOR EACH ROW EXECUTE FUNCTION forthwith_refuse()")
    else:
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {what} ON {table} BEGIN SELECT RAISE(ABORT, '{table} is a record: {what} is refused'); END"
        )
