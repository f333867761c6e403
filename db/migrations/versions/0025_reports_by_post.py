"""A report may go by post: some authorities take it no other way; the proof of posting or of receipt is kept as for the others."""

from alembic import op

from db.migrations.rewording import reword

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

BEFORE = "channel IN ('', 'portal', 'email', 'phone', 'machine')"
AFTER = BEFORE.replace("'machine'", "'machine', 'post'")


def upgrade() -> None:
    """Let it."""
    reword("reports", "ck_reports_channel_known", BEFORE, AFTER)


def downgrade() -> None:
    """As it was; what went by post is told apart by its proof alone."""
    op.execute("UPDATE reports SET channel = 'portal' WHERE channel = 'post'")
    reword("reports", "ck_reports_channel_known", AFTER, BEFORE)
