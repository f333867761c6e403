"""Reports that follow each other are filed in that order, unless one stands for those before it, and says why."""

from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

SAYS = "a report before this one is owed and was not filed"
TURN = (
    "CASE {}.phase WHEN 'early_warning' THEN 0 WHEN 'initial' THEN 1 WHEN 'intermediate' THEN 2 WHEN 'final' THEN 3 END"
)
WHEN = "NEW.state = 'filed' AND OLD.state <> 'filed' AND NEW.stage <> 'withdrawal' AND trim(NEW.together_reasons) = ''"
LEFT = "state IN ('sending', 'accepted', 'unknown')"
WHERE = f"""
    SELECT 1 FROM obligations mine JOIN obligations earlier
        ON earlier.incident_id = mine.incident_id AND earlier.law = mine.law
        AND earlier.authority = mine.authority AND earlier.recipient = mine.recipient
    WHERE mine.id = NEW.obligation_id AND earlier.state = 'open' AND {TURN.format("earlier")} < {TURN.format("mine")}
        AND NOT EXISTS (SELECT 1 FROM dispatches WHERE report_id = NEW.id AND {LEFT})
        AND NOT EXISTS (SELECT 1 FROM reports WHERE obligation_id = mine.id AND state = 'filed' AND id <> NEW.id)
        AND NOT EXISTS (
            SELECT 1 FROM reports JOIN dispatches ON dispatches.report_id = reports.id
            WHERE reports.obligation_id = earlier.id AND dispatches.{LEFT}
        )
"""


def upgrade() -> None:
    """The column for the reasons, and the trigger."""
    op.execute("ALTER TABLE reports ADD COLUMN together_reasons TEXT DEFAULT '' NOT NULL")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE reports ALTER COLUMN together_reasons DROP DEFAULT")
        op.execute(
            f"CREATE FUNCTION reports_in_turn() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS ({WHERE}) THEN "
            f"RAISE EXCEPTION '{SAYS}' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$"
        )
        op.execute(
            f"CREATE TRIGGER reports_in_turn BEFORE UPDATE OF state ON reports FOR EACH ROW WHEN ({WHEN}) EXECUTE FUNCTION reports_in_turn()"
        )
    else:
        op.execute(
            f"CREATE TRIGGER reports_in_turn BEFORE UPDATE OF state ON reports WHEN ({WHEN}) AND EXISTS ({WHERE}) "
            f"BEGIN SELECT RAISE(ABORT, '{SAYS}'); END"
        )


def downgrade() -> None:
    """Take both away."""
    postgresql = op.get_bind().dialect.name == "postgresql"
    op.execute("DROP TRIGGER reports_in_turn" + (" ON reports" if postgresql else ""))
    if postgresql:
        op.execute("DROP FUNCTION reports_in_turn()")
    op.execute("ALTER TABLE reports DROP COLUMN together_reasons")
