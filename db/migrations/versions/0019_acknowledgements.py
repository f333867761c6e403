"""Acknowledgements of warnings, which are never changed."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table, and refuse to change or delete what is in it."""
    op.create_table(
        "acknowledgements",
        sa.Column("rung_id", sa.Uuid(), nullable=False),
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(trim(by)) > 0", name=op.f("ck_acknowledgements_has_a_name")),
        sa.ForeignKeyConstraint(["incident_id"], ["incidents.id"], name=op.f("fk_acknowledgements_incident_id")),
        sa.ForeignKeyConstraint(["rung_id"], ["rungs.id"], name=op.f("fk_acknowledgements_rung_id")),
        sa.PrimaryKeyConstraint("rung_id", name=op.f("pk_acknowledgements")),
    )
    op.create_index("ix_acknowledgements_incident", "acknowledgements", ["incident_id"], unique=False)
    op.create_index("ix_rungs_incident", "rungs", ["incident_id"], unique=False)
    for what in ("UPDATE", "DELETE"):
        name = f"acknowledgements_no_{what.lower()}"
        if op.get_bind().dialect.name == "postgresql":
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {what} ON acknowledgements FOR EACH ROW EXECUTE FUNCTION forthwith_refuse()"
            )
        else:
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {what} ON acknowledgements "
                f"BEGIN SELECT RAISE(ABORT, 'acknowledgements is a record: {what} is refused'); END"
            )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE TRIGGER acknowledgements_no_truncate BEFORE TRUNCATE ON acknowledgements FOR EACH STATEMENT EXECUTE FUNCTION forthwith_refuse()"
        )


def downgrade() -> None:
    """Take it away again."""
    op.drop_index("ix_rungs_incident", table_name="rungs")
    op.drop_table("acknowledgements")
