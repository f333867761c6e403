"""Questions about the sign of life of the scheduled checks."""

from datetime import datetime

from sqlalchemy.orm import Session

from db.models import Heartbeat


def last_heartbeat(session: Session, name: str = "check_deadlines") -> datetime | None:
    """When that check last finished; None when it never did."""
    beat = session.get(Heartbeat, name)
    return beat.beat_at if beat else None
