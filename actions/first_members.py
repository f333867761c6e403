"""Says who knows of an incident that is restricted from its declaration on: who declared it, and whoever is named on it."""

from datetime import datetime

from sqlalchemy.orm import Session

from actions import journal
from actions.desk import Desk
from db.models import Incident, Member
from db.queries.accounts import accounts_called


def first_members(desk: Desk, session: Session, incident: Incident, now: datetime) -> None:
    """Within a declaration: those named on it are told of it in any case, so they may look at what they are told of."""
    if not incident.restricted:
        return
    named = (desk.actor, incident.owner, incident.deputy, incident.executive, incident.data_protection_officer)
    found = accounts_called(session, named)
    session.add_all(
        Member(incident_id=incident.id, account_id=account.id, added_at=now, added_by=desk.actor) for account in found
    )
    details = {"members": [account.name for account in found]}
    entry = desk.entry("restrict", now, "restriction", details) | {"incident": incident.reference}
    journal.append(session, str(incident.id), entry)
