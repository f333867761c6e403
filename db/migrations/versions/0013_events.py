"""Events: what providers told later of messages that they took; kept as they came, settled once."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

KEPT = "id, same_key, own_key, provider, nid, kind, code, reference, at, received_at, recipient"
SETTLED = "came_to, settled_at, said, wave_id"


def upgrade() -> None:
    """Make the table; its rows are never deleted, and nothing of them changes but what they came to, once."""
    op.create_table(
        "events",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("same_key", sa.LargeBinary(), nullable=False),
        sa.Column("own_key", sa.LargeBinary(), nullable=True),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("nid", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("said", sa.LargeBinary(), nullable=True),
        sa.Column("recipient", sa.LargeBinary(), nullable=True),
        sa.Column("wave_id", sa.Uuid(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("came_to", sa.Text(), nullable=True),
        *_rules(),
        sa.ForeignKeyConstraint(["wave_id"], ["waves.id"], name=op.f("fk_events_wave_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
        sa.UniqueConstraint("same_key", name=op.f("uq_events_same_key")),
        sa.UniqueConstraint("own_key", name=op.f("uq_events_own_key")),
    )
    op.create_index("ix_events_nid", "events", ["nid", "kind"], unique=False)
    op.create_index("ix_events_wave", "events", ["wave_id", "kind", "at"], unique=False)
    op.create_index(
        "ix_events_waiting",
        "events",
        ["received_at", "id"],
        unique=False,
        sqlite_where=sa.text("settled_at IS NULL"),
        postgresql_where=sa.text("settled_at IS NULL"),
    )
    _keep()


def downgrade() -> None:
    """The triggers go with the table."""
    op.drop_table("events")


def _rules() -> list[sa.CheckConstraint]:
    rules = {
        "kind_known": "kind IN ('taken', 'delayed', 'delivered', 'complained', 'bounced', 'blocked', 'dropped', 'other')",
        "came_to_known": "came_to IN ('moved', 'noted', 'after_closing', 'another_recipient', 'another_channel', 'unknown_notice')",
        "settled_once": "(settled_at IS NULL AND came_to IS NULL) OR (settled_at IS NOT NULL AND came_to IS NOT NULL)",
        "settled_keeps_no_words": _if("settled_at IS NOT NULL", "said IS NULL"),
        "moving_says_which_wave": _if("came_to = 'moved'", "wave_id IS NOT NULL"),
        "same_is_hashed": "length(same_key) = 32",
        "own_is_hashed": "own_key IS NULL OR length(own_key) = 32",
        "recipient_is_hashed": "recipient IS NULL OR length(recipient) = 32",
    }
    return [sa.CheckConstraint(rule, name=op.f(f"ck_events_{name}")) for name, rule in rules.items()]


def _if(condition: str, required: str) -> str:
    return f"NOT ({condition}) OR COALESCE(({required}), false)"


def _keep() -> None:
    """What was told is evidence. Said in each database's own words."""
    moments = (("update", f"UPDATE OF {KEPT}", ""), ("settled", f"UPDATE OF {SETTLED}", "OLD.settled_at IS NOT NULL"))
    postgresql = op.get_bind().dialect.name == "postgresql"
    for name, what, when in (*moments, ("delete", "DELETE", "")):
        head = f"CREATE TRIGGER events_no_{name} BEFORE {what} ON events"
        if postgresql:
            only = f" WHEN ({when})" if when else ""
            op.execute(f"{head} FOR EACH ROW{only} EXECUTE FUNCTION forthwith_refuse()")
        else:
            only = f" WHEN {when}" if when else ""
            op.execute(f"{head}{only} BEGIN SELECT RAISE(ABORT, 'events is a record: {name} is refused'); END")
    if postgresql:
        op.execute(
            "CREATE TRIGGER events_no_truncate BEFORE TRUNCATE ON events FOR EACH STATEMENT EXECUTE FUNCTION forthwith_refuse()"
        )
