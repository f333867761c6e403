"""People whom the law lets be told later: on what ground, how far, until when."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

CONFIRMED = "SELECT 1 FROM decisions WHERE id = NEW.decision_id AND state = 'stands' AND seconded_by IS NOT NULL"
HELD = (
    "SELECT 1 FROM holds WHERE holds.incident_id = NEW.incident_id AND holds.state = 'stands' AND (holds.extent = 'everyone'"
    " OR EXISTS (SELECT 1 FROM held_kinds WHERE held_kinds.hold_id = holds.id AND held_kinds.kind = NEW.kind)"
    " OR EXISTS (SELECT 1 FROM held_people WHERE held_people.hold_id = holds.id AND held_people.person_id = NEW.person_id))"
)
RULES = (
    (
        "holds_stand_confirmed",
        "holds",
        "INSERT",
        "NEW.state = 'stands'",
        f"NOT EXISTS ({CONFIRMED})",
        "a hold stands only with a decision that a second person confirmed",
    ),
    (
        "holds_stand_confirmed_later",
        "holds",
        "UPDATE OF state",
        "NEW.state = 'stands'",
        f"NOT EXISTS ({CONFIRMED})",
        "a hold stands only with a decision that a second person confirmed",
    ),
    (
        "notices_of_the_held_are_not_drafted",
        "notices",
        "INSERT",
        "NEW.state IN ('drafted', 'queued', 'sending')",
        f"EXISTS ({HELD})",
        "by law this person is told later",
    ),
    (
        "notices_of_the_held_do_not_leave",
        "notices",
        "UPDATE OF state",
        "NEW.state <> OLD.state AND NEW.state IN ('drafted', 'queued', 'sending')",
        f"EXISTS ({HELD})",
        "by law this person is told later",
    ),
)


def upgrade() -> None:
    """Make the tables; nothing goes to whom a standing hold keeps back, whatever the code above does."""
    op.create_table(
        "holds",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("renews_id", sa.Uuid(), nullable=True),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("oral", sa.Boolean(), nullable=False),
        sa.Column("extent", sa.Text(), nullable=False),
        sa.Column("proportionate", sa.Text(), nullable=False),
        sa.Column("review_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_because", sa.Text(), nullable=False),
        sa.CheckConstraint("extent IN ('everyone', 'kinds', 'people')", name=op.f("ck_holds_extent_known")),
        sa.CheckConstraint(
            "state IN ('proposed', 'stands', 'lifted', 'renewed', 'lapsed')", name=op.f("ck_holds_state_known")
        ),
        sa.CheckConstraint("length(trim(proportionate)) > 0", name=op.f("ck_holds_says_why_it_is_proportionate")),
        sa.CheckConstraint(
            "NOT (oral) OR COALESCE((length(trim(asked_by)) > 0 AND asked_at IS NOT NULL), false)",
            name=op.f("ck_holds_oral_says_who_and_when"),
        ),
        sa.CheckConstraint(
            "NOT (ends_at IS NOT NULL) OR COALESCE((review_at <= ends_at), false)",
            name=op.f("ck_holds_reviewed_before_its_end"),
        ),
        sa.CheckConstraint(
            "NOT (state IN ('lifted', 'renewed', 'lapsed')) OR COALESCE((ended_at IS NOT NULL AND length(trim(ended_because)) > 0), false)",
            name=op.f("ck_holds_ended_says_when_and_why"),
        ),
        sa.ForeignKeyConstraint(["incident_id"], ["incidents.id"], name=op.f("fk_holds_incident_id")),
        sa.ForeignKeyConstraint(["decision_id"], ["decisions.id"], name=op.f("fk_holds_decision_id")),
        sa.ForeignKeyConstraint(["renews_id"], ["holds.id"], name=op.f("fk_holds_renews_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holds")),
        sa.UniqueConstraint("incident_id", "number", name=op.f("uq_holds_incident_id_number")),
        sa.UniqueConstraint("id", "incident_id", name=op.f("uq_holds_id_incident_id")),
        sa.UniqueConstraint("decision_id", name=op.f("uq_holds_decision_id")),
    )
    op.create_index("ix_holds_state", "holds", ["state", "incident_id", "review_at"], unique=False)
    _who()
    for rule in RULES:
        _refuse(*rule)


def downgrade() -> None:
    """Drop it all again."""
    postgresql = op.get_bind().dialect.name == "postgresql"
    for name, table, *_ in RULES:
        op.execute(f"DROP TRIGGER {name}" + (f" ON {table}" if postgresql else ""))
        if postgresql:
            op.execute(f"DROP FUNCTION {name}()")
    for table in ("held_people", "held_kinds", "holds"):
        op.drop_table(table)


def _who() -> None:
    op.create_table(
        "held_kinds",
        sa.Column("hold_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('victim', 'witness', 'accused', 'third_party', 'employee', 'customer', 'patient', 'student', 'other')",
            name=op.f("ck_held_kinds_kind_known"),
        ),
        sa.ForeignKeyConstraint(["hold_id"], ["holds.id"], name=op.f("fk_held_kinds_hold_id")),
        sa.PrimaryKeyConstraint("hold_id", "kind", name=op.f("pk_held_kinds")),
    )
    op.create_table(
        "held_people",
        sa.Column("hold_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["hold_id", "incident_id"],
            ["holds.id", "holds.incident_id"],
            name=op.f("fk_held_people_hold_id_incident_id"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id", "incident_id"],
            ["people.id", "people.incident_id"],
            name=op.f("fk_held_people_person_id_incident_id"),
        ),
        sa.PrimaryKeyConstraint("hold_id", "person_id", name=op.f("pk_held_people")),
    )
    op.create_index("ix_held_people_person", "held_people", ["person_id"], unique=False)


def _refuse(name: str, table: str, event: str, when: str, wrong: str, says: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {wrong} THEN "
            f"RAISE EXCEPTION '{says}' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION {name}()"
        )
    else:
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} WHEN ({when}) AND {wrong} BEGIN SELECT RAISE(ABORT, '{says}'); END"
        )
