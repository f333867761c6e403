"""The queue's index knows until when each notice waits, so that looking for the next one reads none of those that wait."""

from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

BEFORE = ["wave_id", "state", "channel", "nid"]


def upgrade() -> None:
    """With the moment."""
    _queue([*BEFORE, "wait_until"])


def downgrade() -> None:
    """Without it."""
    _queue(BEFORE)


def _queue(columns: list[str]) -> None:
    op.drop_index("ix_notices_queue", table_name="notices")
    op.create_index("ix_notices_queue", "notices", columns, unique=False)
