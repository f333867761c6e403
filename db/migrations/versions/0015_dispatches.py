"""Dispatches of reports, which move one way and keep their bytes; a report can be filed with an authority's machine."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from db.migrations.rewording import reword

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

LIVE = sa.text("state <> 'rejected'")
STEPS = (
    ("queued", ("sending", "rejected")),
    ("sending", ("queued", "accepted", "unknown", "rejected")),
    ("unknown", ("accepted", "rejected")),
    ("accepted", ("rejected",)),
)
ALLOWED = " OR ".join(
    "(OLD.state = '{}' AND NEW.state IN ({}))".format(before, ", ".join(f"'{after}'" for after in afters))
    for before, afters in STEPS
)
KEPT = ("incident_id", "sealed", "report_id", "approval_id", "way", "address", "source", "asked_at", "asked_by")
OTHER = " OR ".join(f"NEW.{name} <> OLD.{name}" for name in KEPT)
RULES = (
    ("dispatches_move_one_way", f"NEW.state <> OLD.state AND NOT ({ALLOWED})", "a dispatch cannot take this step"),
    (
        "dispatches_keep_their_bytes",
        f"{OTHER} OR (OLD.sent_sha256 <> '' AND NEW.sent_sha256 <> OLD.sent_sha256)",
        "what a dispatch carries, and where to, stands from the beginning",
    ),
)
CHANNELS = "channel IN ('', 'portal', 'email', 'phone')"


def upgrade() -> None:
    """Make the table and its triggers, in each database's own words."""
    op.create_table(
        "dispatches",
        *_columns(),
        *_rules(),
        sa.ForeignKeyConstraint(
            ["incident_id", "sealed"],
            ["incidents.id", "incidents.sealed"],
            name=op.f("fk_dispatches_incident_id_sealed"),
        ),
        sa.ForeignKeyConstraint(["report_id"], ["reports.id"], name=op.f("fk_dispatches_report_id")),
        sa.ForeignKeyConstraint(["approval_id"], ["approvals.id"], name=op.f("fk_dispatches_approval_id")),
        sa.ForeignKeyConstraint(["receipt_id"], ["receipts.id"], name=op.f("fk_dispatches_receipt_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispatches")),
    )
    op.create_index(
        "uq_dispatches_one_may_have_arrived",
        "dispatches",
        ["report_id"],
        unique=True,
        sqlite_where=LIVE,
        postgresql_where=LIVE,
    )
    op.create_index("ix_dispatches_incident", "dispatches", ["incident_id", "state"], unique=False)
    _triggers()
    reword("reports", "ck_reports_channel_known", CHANNELS, CHANNELS.replace("'phone'", "'phone', 'machine'"))


def downgrade() -> None:
    """Take it away; what an authority's machine took counts as filed with its portal."""
    op.execute("UPDATE reports SET channel = 'portal' WHERE channel = 'machine'")
    reword("reports", "ck_reports_channel_known", CHANNELS.replace("'phone'", "'phone', 'machine'"), CHANNELS)
    op.drop_table("dispatches")
    if op.get_bind().dialect.name == "postgresql":
        for name, *_ in RULES:
            op.execute(f"DROP FUNCTION {name}()")


def _columns() -> list[sa.Column[Any]]:
    return [
        *_several(sa.Uuid(), "id", "incident_id", "report_id", "approval_id"),
        *_several(sa.Boolean(), "sealed"),
        *_several(sa.Text(), "way", "address", "source", "reasons", "late_reasons", "asked_by", "state"),
        *_several(sa.Text(), "sent_sha256", "reference", "detail"),
        *_several(sa.DateTime(timezone=True), "asked_at"),
        *_several(sa.DateTime(timezone=True), "handed_over_at", "claimed_at", "settled_at", nullable=True),
        *_several(sa.LargeBinary(), "sent", nullable=True),
        *_several(sa.Uuid(), "receipt_id", nullable=True),
    ]


def _several(kind: sa.types.TypeEngine[Any], *names: str, nullable: bool = False) -> list[sa.Column[Any]]:
    return [sa.Column(name, kind, nullable=nullable) for name in names]


def _rules() -> list[sa.CheckConstraint]:
    rules = {
        "way_known": "way IN ('email', 'machine')",
        "source_known": "source IN ('rulebook', 'settings', 'typed')",
        "state_known": "state IN ('queued', 'sending', 'accepted', 'unknown', 'rejected')",
        "typed_address_has_reasons": _if("source = 'typed'", "length(trim(reasons)) > 0"),
        "bytes_are_kept_first": _if(
            "state IN ('sending', 'accepted', 'unknown')",
            "sent IS NOT NULL AND length(sent_sha256) = 64 AND handed_over_at IS NOT NULL",
        ),
        "accepted_with_receipt": _if("state = 'accepted'", "receipt_id IS NOT NULL"),
        "settled_says_when": _if("state IN ('accepted', 'unknown', 'rejected')", "settled_at IS NOT NULL"),
        "handed_over_after_asked": _if("handed_over_at IS NOT NULL", "handed_over_at >= asked_at"),
    }
    return [sa.CheckConstraint(rule, name=op.f(f"ck_dispatches_{name}")) for name, rule in rules.items()]


def _if(condition: str, required: str) -> str:
    return f"NOT ({condition}) OR COALESCE(({required}), false)"


def _triggers() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for name, wrong, says in RULES:
            op.execute(
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN RAISE EXCEPTION '{says}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
            )
            op.execute(
                f"CREATE TRIGGER {name} BEFORE UPDATE ON dispatches FOR EACH ROW WHEN ({wrong}) EXECUTE FUNCTION {name}()"
            )
        for what, each in (("DELETE", "ROW"), ("TRUNCATE", "STATEMENT")):
            op.execute(
                f"CREATE TRIGGER dispatches_no_{what.lower()} BEFORE {what} ON dispatches FOR EACH {each} EXECUTE FUNCTION forthwith_refuse()"
            )
        return
    for name, wrong, says in RULES:
        op.execute(
            f"CREATE TRIGGER {name} BEFORE UPDATE ON dispatches WHEN {wrong} BEGIN SELECT RAISE(ABORT, '{says}'); END"
        )
    op.execute(
        "CREATE TRIGGER dispatches_no_delete BEFORE DELETE ON dispatches BEGIN SELECT RAISE(ABORT, 'dispatches is a record: DELETE is refused'); END"
    )
