"""Triggers that refuse every step of a notice but the known ones, and every change of its words: sent is sent."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

STEPS = (
    ("drafted", ("queued", "held", "cancelled")),
    ("held", ("drafted", "cancelled")),
    ("queued", ("sending", "told", "unreached", "held", "cancelled")),
    ("sending", ("queued", "accepted", "unknown", "rejected", "cancelled")),
    ("unknown", ("queued", "accepted", "delivered", "bounced", "rejected", "cancelled")),
    ("accepted", ("delivered", "bounced")),
    ("delivered", ("bounced",)),
    ("bounced", ("unreached",)),
    ("rejected", ("unreached",)),
    ("unreached", ("cancelled",)),
)
ALLOWED = " OR ".join(
    "(OLD.state = '{}' AND NEW.state IN ({}))".format(before, ", ".join(f"'{after}'" for after in afters))
    for before, afters in STEPS
)
WRONG_STEP = f"NEW.state <> OLD.state AND NOT ({ALLOWED})"
OTHER_WORDS = "NEW.content <> OLD.content OR NEW.content_sha256 <> OLD.content_sha256 OR NEW.person_id <> OLD.person_id OR NEW.channel <> OLD.channel"
RULES = (
    ("notices_move_one_way", "state", WRONG_STEP, "a notice cannot take this step"),
    (
        "notices_keep_their_words",
        "content, content_sha256, person_id, channel",
        OTHER_WORDS,
        "the words, the person and the channel of a notice stand from its drafting",
    ),
)


def upgrade() -> None:
    """Set the triggers, in each database's own words."""
    postgresql = op.get_bind().dialect.name == "postgresql"
    for name, columns, wrong, says in RULES:
        if postgresql:
            op.execute(
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN RAISE EXCEPTION '{says}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
            )
            op.execute(
                f"CREATE TRIGGER {name} BEFORE UPDATE OF {columns} ON notices FOR EACH ROW WHEN ({wrong}) EXECUTE FUNCTION {name}()"
            )
        else:
            op.execute(
                f"CREATE TRIGGER {name} BEFORE UPDATE OF {columns} ON notices WHEN {wrong} BEGIN SELECT RAISE(ABORT, '{says}'); END"
            )


def downgrade() -> None:
    """Take the triggers away."""
    postgresql = op.get_bind().dialect.name == "postgresql"
    for name, *_ in RULES:
        op.execute(f"DROP TRIGGER {name}" + (" ON notices" if postgresql else ""))
        if postgresql:
            op.execute(f"DROP FUNCTION {name}()")
