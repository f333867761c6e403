"""Where the person of a notice lives, by country alone: so that nobody is written to at night."""

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing is known of those that are there."""
    op.execute("ALTER TABLE notices ADD COLUMN country TEXT NOT NULL DEFAULT ''")


def downgrade() -> None:
    """Forget it."""
    op.drop_column("notices", "country")
