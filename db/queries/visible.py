"""Who may know of an incident: everyone of the team, or its members alone once it is restricted."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.models import Account, Incident, Member
from db.queries.viewer import Viewer


def visible(viewer: Viewer) -> sa.ColumnElement[bool]:
    """A condition on Incident for every question that lists, counts, searches or opens: no role sees more than it."""
    mine = sa.select(Member.account_id).where(Member.incident_id == Incident.id, Member.account_id == viewer.account_id)
    return sa.or_(Incident.restricted.is_(False), mine.correlate(Incident).exists())


def members(session: Session, incident_id: UUID) -> Sequence[tuple[Member, Account]]:
    """Who may know of this incident, by name, with when and by whom they were added."""
    query = sa.select(Member, Account).join(Account, Account.id == Member.account_id)
    return session.execute(query.where(Member.incident_id == incident_id).order_by(Account.name)).tuples().all()
