"""Indexes of reports that hold all that is asked: the front page does not walk through all drafts, and never past their PDFs."""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make them."""
    op.create_index("ix_reports_incident", "reports", ["incident_id", "state"], unique=False)
    op.drop_index("ix_reports_state", table_name="reports")
    columns = ["state", "drafted_by", "incident_id", "obligation_id", "id"]
    op.create_index("ix_reports_state", "reports", columns, unique=False)


def downgrade() -> None:
    """As it was."""
    op.drop_index("ix_reports_state", table_name="reports")
    op.create_index("ix_reports_state", "reports", ["state", "drafted_by", "incident_id"], unique=False)
    op.drop_index("ix_reports_incident", table_name="reports")
