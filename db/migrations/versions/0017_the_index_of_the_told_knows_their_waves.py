"""The index of who was told knows their waves, so that a wave's balance is counted without reading a notice."""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

BEFORE = ["incident_id", "kind", "person_id", "state"]


def upgrade() -> None:
    """Make it anew with a column more."""
    op.drop_index("ix_notices_told", table_name="notices")
    op.create_index("ix_notices_told", "notices", [*BEFORE, "wave_id"], unique=False)


def downgrade() -> None:
    """As it was."""
    op.drop_index("ix_notices_told", table_name="notices")
    op.create_index("ix_notices_told", "notices", BEFORE, unique=False)
