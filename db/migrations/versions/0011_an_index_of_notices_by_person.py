"""An index of notices by person: flagging someone reaches theirs without reading all the others."""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make it."""
    op.create_index("ix_notices_person", "notices", ["person_id", "flagged"], unique=False)


def downgrade() -> None:
    """Drop it again."""
    op.drop_index("ix_notices_person", table_name="notices")
