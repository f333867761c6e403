"""An index of the few notices by which nobody was reached: who is behind that number is found at once."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

FEW = sa.text("state = 'unreached'")


def upgrade() -> None:
    """Make it."""
    op.create_index("ix_notices_lost", "notices", ["person_id"], unique=False, sqlite_where=FEW, postgresql_where=FEW)


def downgrade() -> None:
    """Drop it again."""
    op.drop_index("ix_notices_lost", table_name="notices")
