"""Questions about reports on their way to an authority."""

from collections.abc import Mapping
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.models import Dispatch, Report


def last_dispatch(session: Session, incident_id: UUID, number: int) -> Dispatch:
    """The newest dispatch of the report of this number. Raises NoResultFound where there is none."""
    query = sa.select(Dispatch).join(Report, Report.id == Dispatch.report_id)
    mine = query.where(Report.incident_id == incident_id, Report.number == number)
    return session.scalars(mine.order_by(Dispatch.asked_at.desc(), Dispatch.id).limit(1)).one()


def dispatches_of(session: Session, report_id: UUID) -> list[Dispatch]:
    """Every try to hand this report over, the newest first."""
    query = sa.select(Dispatch).where(Dispatch.report_id == report_id)
    return list(session.scalars(query.order_by(Dispatch.asked_at.desc(), Dispatch.id)))


def under_way(session: Session, incident_id: UUID) -> Mapping[UUID, str]:
    """Reports that may have arrived or will leave, with the state of each dispatch."""
    live = sa.select(Dispatch.report_id, Dispatch.state).where(
        Dispatch.incident_id == incident_id, Dispatch.state != "rejected"
    )
    return dict(session.execute(live).tuples().all())
