"""Rows of a list that were left out wait, each of them, until another list mends them."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "left_out_rows",
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("row", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column("row_key", sa.LargeBinary(), nullable=True),
        sa.Column("mended_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("mended_by <> import_id", name=op.f("ck_left_out_rows_mended_by_another_list")),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name=op.f("fk_left_out_rows_import_id")),
        sa.ForeignKeyConstraint(["incident_id"], ["incidents.id"], name=op.f("fk_left_out_rows_incident_id")),
        sa.ForeignKeyConstraint(["mended_by"], ["imports.id"], name=op.f("fk_left_out_rows_mended_by")),
        sa.PrimaryKeyConstraint("import_id", "row", name=op.f("pk_left_out_rows")),
    )
    only = sa.text("mended_by IS NULL")
    columns = ["incident_id", "import_id"]
    op.create_index("ix_left_out_rows_waiting", "left_out_rows", columns, sqlite_where=only, postgresql_where=only)


def downgrade() -> None:
    """Drop it again."""
    op.drop_index("ix_left_out_rows_waiting", table_name="left_out_rows")
    op.drop_table("left_out_rows")
