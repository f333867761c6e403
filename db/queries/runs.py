"""Questions about the flow runs that were asked for."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.models import Trigger


def last_run(session: Session, incident_id: UUID) -> Trigger | None:
    """The newest wish for a run on this incident, started or not."""
    query = sa.select(Trigger).where(Trigger.incident_id == incident_id).order_by(Trigger.requested_at.desc())
    return session.scalar(query.limit(1))
