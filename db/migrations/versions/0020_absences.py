"""Absences: who is away, and who stands in for them."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

TOGETHER = "(ended_at IS NULL AND ended_by IS NULL) OR (ended_at IS NOT NULL AND ended_by IS NOT NULL)"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "absences",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("delegate", sa.Text(), nullable=False),
        sa.Column("from_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Text(), nullable=True),
        sa.CheckConstraint("delegate <> name", name=op.f("ck_absences_delegate_is_someone_else")),
        sa.CheckConstraint(
            "length(trim(name)) > 0 AND length(trim(delegate)) > 0", name=op.f("ck_absences_names_both")
        ),
        sa.CheckConstraint("until_at > from_at", name=op.f("ck_absences_ends_after_it_begins")),
        sa.CheckConstraint(TOGETHER, name=op.f("ck_absences_ended_by_someone")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absences")),
    )
    op.create_index("ix_absences_name", "absences", ["name", "until_at"], unique=False)
    op.create_index("ix_absences_delegate", "absences", ["delegate", "until_at"], unique=False)


def downgrade() -> None:
    """Drop it again."""
    op.drop_table("absences")
