"""The queue's index knows until when each notice waits and in which country it is read: looking at the queue reads nothing else."""

from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

BEFORE = ["wave_id", "state", "channel", "nid"]


def upgrade() -> None:
    """With both."""
    _queue([*BEFORE, "wait_until", "country"])


def downgrade() -> None:
    """Without them."""
    _queue(BEFORE)


def _queue(columns: list[str]) -> None:
    op.drop_index("ix_notices_queue", table_name="notices")
    op.create_index("ix_notices_queue", "notices", columns, unique=False)
