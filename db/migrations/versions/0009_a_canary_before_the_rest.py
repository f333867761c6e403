"""A wave's canary: who goes first, how long the rest is held, who released it; and whom a wave is for, by language and way."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

WAVES = (
    ("languages", "{json} NOT NULL DEFAULT '[]'", ()),
    ("ways", "{json} NOT NULL DEFAULT '[]'", ()),
    ("urgent_because", "TEXT NOT NULL DEFAULT ''", ()),
    ("canary_size", "INTEGER", ()),
    (
        "hold_until",
        "{instant}",
        (
            (
                "canary_is_held",
                "(canary_size IS NULL AND hold_until IS NULL) OR (canary_size IS NOT NULL AND hold_until IS NOT NULL)",
            ),
            (
                "canary_was_launched",
                "NOT (canary_size IS NOT NULL) OR COALESCE((canary_size > 0 AND launched_at IS NOT NULL), false)",
            ),
        ),
    ),
    (
        "judged",
        "TEXT NOT NULL DEFAULT ''",
        (
            ("judged_known", "judged IN ('', 'kept', 'broken')"),
            ("judged_has_a_canary", "NOT (judged <> '') OR COALESCE((canary_size IS NOT NULL), false)"),
        ),
    ),
    ("released_at", "{instant}", ()),
    (
        "released_by",
        "TEXT",
        (
            (
                "released_by_someone",
                "(released_at IS NULL AND released_by IS NULL) OR (released_at IS NOT NULL AND released_by IS NOT NULL)",
            ),
            (
                "released_after_a_canary",
                "NOT (released_at IS NOT NULL) OR COALESCE((canary_size IS NOT NULL), false)",
            ),
        ),
    ),
    (
        "released_because",
        "TEXT NOT NULL DEFAULT ''",
        (
            (
                "released_in_spite_says_why",
                "NOT (judged = 'broken' AND released_at IS NOT NULL) OR COALESCE((length(trim(released_because)) > 0), false)",
            ),
        ),
    ),
)
NOTICES = (
    (
        "canary",
        "BOOLEAN NOT NULL DEFAULT {false}",
        (("canary_is_mail", "NOT (canary) OR COALESCE((channel = 'email'), false)"),),
    ),
    ("complained_at", "{instant}", ()),
)
TABLES = (("waves", WAVES), ("notices", NOTICES))

RULES = (
    (
        "notices_wait_behind_the_canary",
        "notices",
        "state",
        "OLD.state = 'drafted' AND NEW.state = 'queued' AND NEW.channel = 'email' AND NOT NEW.canary",
        "SELECT 1 FROM waves WHERE id = NEW.wave_id AND canary_size IS NOT NULL AND released_at IS NULL",
        "the rest of a wave waits until its canary was released",
    ),
    (
        "notices_canary_is_chosen_once",
        "notices",
        "canary",
        "NEW.canary <> OLD.canary AND NOT (NEW.canary AND OLD.state = 'drafted' AND NOT NEW.flagged)",
        "SELECT 1",
        "only a draft to somebody who is not flagged becomes part of a canary, and stays it",
    ),
    (
        "waves_are_done_when_nothing_is_open",
        "waves",
        "state",
        "NEW.state = 'done' AND OLD.state <> 'done'",
        "SELECT 1 FROM notices WHERE wave_id = NEW.id AND state IN ('drafted', 'held', 'queued', 'sending', 'unknown')",
        "a wave is done only when none of its notices is open",
    ),
)


def upgrade() -> None:
    """Columns one by one, each with its own rules; then what only a trigger can refuse."""
    for table, columns in TABLES:
        for name, kind, checks in columns:
            _add(table, name, kind, checks)
    only = sa.text("canary")
    op.create_index("ix_notices_canary", "notices", ["wave_id", "state"], sqlite_where=only, postgresql_where=only)
    for rule in RULES:
        _refuse(*rule)


def downgrade() -> None:
    """Take it all away; each column takes its rules with it."""
    postgresql = op.get_bind().dialect.name == "postgresql"
    for name, table, *_ in RULES:
        op.execute(f"DROP TRIGGER {name}" + (f" ON {table}" if postgresql else ""))
        if postgresql:
            op.execute(f"DROP FUNCTION {name}()")
    op.drop_index("ix_notices_canary", table_name="notices")
    for table, columns in reversed(TABLES):
        for name, *_ in reversed(columns):
            op.execute(f"ALTER TABLE {table} DROP COLUMN {name}" + (" CASCADE" if postgresql else ""))


def _add(table: str, name: str, kind: str, checks: tuple[tuple[str, str], ...]) -> None:
    postgresql = op.get_bind().dialect.name == "postgresql"
    own = {
        "json": "JSONB" if postgresql else "JSON",
        "instant": "TIMESTAMP WITH TIME ZONE" if postgresql else "DATETIME",
        "false": "false" if postgresql else "0",
    }
    rules = "".join(f"\n\tCONSTRAINT ck_{table}_{check} CHECK ({says})" for check, says in checks)
    op.execute(f"ALTER TABLE {table} ADD COLUMN {name} {kind.format(**own)}{rules}")


def _refuse(name: str, table: str, column: str, when: str, where: str, says: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS ({where}) THEN "
            f"RAISE EXCEPTION '{says}' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {name} BEFORE UPDATE OF {column} ON {table} FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION {name}()"
        )
    else:
        op.execute(
            f"CREATE TRIGGER {name} BEFORE UPDATE OF {column} ON {table} WHEN ({when}) AND EXISTS ({where}) "
            f"BEGIN SELECT RAISE(ABORT, '{says}'); END"
        )
