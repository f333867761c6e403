"""Intakes, and alerts about them beside those about incidents."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

KEPT = "id, reference, noticed_at, received_at, said, teller_id, teller, reach, follow_hash, sent_key"
ALERTS = (
    "id, incident_id, sealed, rung_id, kind, recipient, subject, text, state, queued_at, settled_at, detail"  # as 0003
)


def upgrade() -> None:
    """Make the table, whose rows are never deleted; an alert is about an incident or about an intake."""
    _intakes()
    _keep_intakes()
    if op.get_bind().dialect.name == "postgresql":
        _alter_alerts()
    else:
        _make_alerts_anew(with_intakes=True)


def downgrade() -> None:
    """Alerts about intakes go with them."""
    op.execute("DELETE FROM alerts WHERE intake_id IS NOT NULL")
    if op.get_bind().dialect.name == "postgresql":
        for name in ("ck_alerts_intakes_are_real", "ck_alerts_about_one_thing", "uq_alerts_intake_id_kind_recipient"):
            op.drop_constraint(name, "alerts")
        op.drop_column("alerts", "intake_id")
        op.alter_column("alerts", "incident_id", nullable=False)
    else:
        _make_alerts_anew(with_intakes=False)
    op.drop_table("intakes")


def _intakes() -> None:
    op.create_table(
        "intakes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("noticed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("said", sa.LargeBinary(), nullable=False),
        sa.Column("teller_id", sa.Uuid(), nullable=True),
        sa.Column("teller", sa.LargeBinary(), nullable=True),
        sa.Column("reach", sa.LargeBinary(), nullable=True),
        sa.Column("follow_hash", sa.LargeBinary(), nullable=False),
        sa.Column("sent_key", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("incident_id", sa.Uuid(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.Text(), nullable=True),
        sa.Column("reasons", sa.Text(), nullable=False),
        *_rules(),
        sa.ForeignKeyConstraint(["teller_id"], ["accounts.id"], name=op.f("fk_intakes_teller_id")),
        sa.ForeignKeyConstraint(["incident_id"], ["incidents.id"], name=op.f("fk_intakes_incident_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intakes")),
        sa.UniqueConstraint("reference", name=op.f("uq_intakes_reference")),
        sa.UniqueConstraint("sent_key", name=op.f("uq_intakes_sent_key")),
    )
    op.create_index("ix_intakes_state", "intakes", ["state", "received_at"], unique=False)
    op.create_index("ix_intakes_teller", "intakes", ["teller_id"], unique=False)
    op.create_index("ix_intakes_incident", "intakes", ["incident_id"], unique=False)


def _rules() -> list[sa.CheckConstraint]:
    took_up = "state IN ('promoted', 'joined')"
    rules = {
        "state_known": "state IN ('new', 'promoted', 'joined', 'dismissed')",
        "noticed_before_it_was_said": "noticed_at <= received_at",
        "follow_code_is_hashed": "length(follow_hash) = 32",
        "teller_is_named_once": _if("teller_id IS NOT NULL", "teller IS NULL"),
        "settled_by_someone": "(settled_at IS NULL AND settled_by IS NULL) OR (settled_at IS NOT NULL AND settled_by IS NOT NULL)",
        "settled_says_when": _if("state <> 'new'", "settled_at IS NOT NULL"),
        "new_is_not_settled": _if("state = 'new'", "settled_at IS NULL"),
        "settled_after_it_was_said": _if("settled_at IS NOT NULL", "settled_at >= received_at"),
        "taken_up_names_its_incident": _if(took_up, "incident_id IS NOT NULL"),
        "its_incident_only_when_taken_up": _if("incident_id IS NOT NULL", took_up),
        "dismissed_has_reasons": _if("state = 'dismissed'", "length(trim(reasons)) > 0"),
    }
    return [sa.CheckConstraint(rule, name=op.f(f"ck_intakes_{name}")) for name, rule in rules.items()]


def _if(condition: str, required: str) -> str:
    return f"NOT ({condition}) OR COALESCE(({required}), false)"


def _about() -> list[sa.CheckConstraint]:
    return [
        sa.CheckConstraint(
            "(incident_id IS NULL) <> (intake_id IS NULL)",
            name=op.f("ck_alerts_about_one_thing"),
        ),
        sa.CheckConstraint(
            _if("intake_id IS NOT NULL", "NOT sealed"),
            name=op.f("ck_alerts_intakes_are_real"),
        ),
    ]


def _alter_alerts() -> None:
    op.alter_column("alerts", "incident_id", nullable=True)
    op.add_column("alerts", sa.Column("intake_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(op.f("fk_alerts_intake_id"), "alerts", "intakes", ["intake_id"], ["id"])
    op.create_unique_constraint(
        op.f("uq_alerts_intake_id_kind_recipient"), "alerts", ["intake_id", "kind", "recipient"]
    )
    for rule in _about():
        op.create_check_constraint(op.f(str(rule.name)), "alerts", str(rule.sqltext))


def _make_alerts_anew(*, with_intakes: bool) -> None:
    """SQLite cannot change a column: the table is made anew, filled, and takes the old one's place."""
    more = (
        (
            sa.Column("intake_id", sa.Uuid(), nullable=True),
            sa.ForeignKeyConstraint(["intake_id"], ["intakes.id"], name=op.f("fk_alerts_intake_id")),
            sa.UniqueConstraint("intake_id", "kind", "recipient", name=op.f("uq_alerts_intake_id_kind_recipient")),
            *_about(),
        )
        if with_intakes
        else ()
    )
    op.create_table(
        "alerts_anew",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("incident_id", sa.Uuid(), nullable=with_intakes),
        sa.Column("sealed", sa.Boolean(), nullable=False),
        sa.Column("rung_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "state IN ('queued', 'sending', 'accepted', 'unknown', 'rejected')", name=op.f("ck_alerts_state_known")
        ),
        sa.ForeignKeyConstraint(
            ["incident_id", "sealed"], ["incidents.id", "incidents.sealed"], name=op.f("fk_alerts_incident_id_sealed")
        ),
        sa.ForeignKeyConstraint(["rung_id"], ["rungs.id"], name=op.f("fk_alerts_rung_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerts")),
        sa.UniqueConstraint("rung_id", "recipient", name=op.f("uq_alerts_rung_id_recipient")),
        *more,
    )
    op.execute(f"INSERT INTO alerts_anew ({ALERTS}) SELECT {ALERTS} FROM alerts")
    op.drop_table("alerts")
    op.rename_table("alerts_anew", "alerts")
    op.create_index(
        "ix_alerts_waiting", "alerts", ["queued_at"], unique=False, sqlite_where=sa.text("state = 'queued'")
    )


def _keep_intakes() -> None:
    """What was said is evidence; only its state moves. Said in each database's own words."""
    if op.get_bind().dialect.name == "postgresql":
        moments = (
            ("update", f"UPDATE OF {KEPT}", "ROW"),
            ("delete", "DELETE", "ROW"),
            ("truncate", "TRUNCATE", "STATEMENT"),
        )
        for name, what, each in moments:
            op.execute(
                f"CREATE TRIGGER intakes_no_{name} BEFORE {what} ON intakes FOR EACH {each} EXECUTE FUNCTION forthwith_refuse()"
            )
    else:
        for name, what in (("UPDATE", f"UPDATE OF {KEPT}"), ("DELETE", "DELETE")):
            op.execute(
                f"CREATE TRIGGER intakes_no_{name.lower()} BEFORE {what} ON intakes BEGIN SELECT RAISE(ABORT, 'intakes is a record: {name} is refused'); END"
            )
