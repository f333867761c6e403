"""Which database this is: PostgreSQL can tell a restored or promoted copy from the one that was backed up; SQLite cannot."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

_MAY_ASK = "SELECT has_function_privilege('pg_control_system()', 'execute') AND has_function_privilege('pg_control_checkpoint()', 'execute')"
_CLUSTER = "SELECT (SELECT system_identifier FROM pg_control_system())::text || '/' || (SELECT timeline_id FROM pg_control_checkpoint())::text"
_OWN = "SELECT (SELECT oid FROM pg_database WHERE datname = current_database())::text || '/' || 'journal'::regclass::oid::text"


def identity(session: Session) -> str:
    """Changes when a dump is read back, when a server is rolled back to a moment, and when a standby takes over. Empty for SQLite."""
    if session.get_bind().dialect.name != "postgresql":
        return ""
    cluster = session.scalar(sa.text(_CLUSTER)) if session.scalar(sa.text(_MAY_ASK)) else "unasked"
    return f"{cluster}/{session.scalar(sa.text(_OWN))}"
