"""Indexes by which the dashboard finds what is owed, who waits for whom, and who of the people was told."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ASKED = "answer <> 'does_not_apply'"
OWED = "due_at IS NOT NULL AND (state = 'open' OR state = 'watching' AND answer = 'unknown')"
COVERED = "exemption_id IS NOT NULL OR substitute_id IS NOT NULL"

INDEXES = (
    ("ix_obligations_owed", "obligations", ("due_at", "incident_id", "id"), OWED),
    ("ix_obligations_asked", "obligations", ("incident_id", "due_at", "state", "answer", "recipient"), ASKED),
    ("ix_tasks_assignee", "tasks", ("assignee", "due_at"), "state = 'open'"),
    ("ix_reports_state", "reports", ("state", "drafted_by", "incident_id"), None),
    ("ix_reports_obligation", "reports", ("obligation_id", "state", "drafted_by"), None),
    ("ix_waves_state", "waves", ("state", "incident_id"), None),
    ("ix_decisions_state", "decisions", ("state", "incident_id"), None),
    ("ix_notices_told", "notices", ("incident_id", "kind", "person_id", "state"), None),
    ("ix_people_kind", "people", ("incident_id", "kind"), None),
    ("ix_people_covered", "people", ("incident_id", "kind", "id", "exemption_id", "substitute_id"), COVERED),
)
CHANGED = (
    ("ix_notices_queue", "notices", ("wave_id", "state", "nid"), ("wave_id", "state", "nid", "channel"), None),
    ("ix_incidents_open", "incidents", ("declared_at",), ("sealed", "declared_at", "restricted"), "closed_at IS NULL"),
)


def upgrade() -> None:
    """Make them; two that there were learn a column more, so that counting by them reads no row."""
    for name, table, columns, where in INDEXES:
        _make(name, table, columns, where)
    for name, table, _, after, where in CHANGED:
        _anew(name, table, after, where)


def downgrade() -> None:
    """Drop them again."""
    for name, table, before, _, where in CHANGED:
        _anew(name, table, before, where)
    for name, table, *_ in reversed(INDEXES):
        op.drop_index(name, table_name=table)


def _anew(name: str, table: str, columns: Sequence[str], where: str | None) -> None:
    op.drop_index(name, table_name=table)
    _make(name, table, columns, where)


def _make(name: str, table: str, columns: Sequence[str], where: str | None) -> None:
    only = sa.text(where) if where else None
    op.create_index(name, table, list(columns), unique=False, sqlite_where=only, postgresql_where=only)
