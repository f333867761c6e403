"""Closes an incident: only when every duty is decided and done, containment verified, and everyone affected accounted for."""

from uuid import UUID

from actions import journal
from actions.decide import propose
from actions.desk import Desk
from actions.errors import Conflict
from db.models import Incident, JournalHead
from db.queries.blockers import blockers


def close(desk: Desk, incident: UUID | str, reasons: str) -> Incident:
    """Close it. Raises Conflict with everything that still stands in the way."""
    with desk.act("close", incident) as act:
        decision = propose(act, "close", act.incident.reference, "close", reasons)
        standing = blockers(act.session, act.incident)
        if standing:
            listed = "\n".join(f"  - {one}" for one in standing)
            raise Conflict(f"{act.incident.reference} cannot close yet:\n{listed}")
        decision.state = "stands"
        act.incident.closed_at, act.incident.closed_by = act.now, desk.actor
        act.journal(act.incident.reference, reasons=decision.reasons)
        head = act.session.get_one(JournalHead, str(act.incident.id))
        details = {"reference": act.incident.reference, "entries": head.number, "head": head.hash}
        journal.append(act.session, journal.HOUSE, desk.entry("close", act.now, str(act.incident.id), details))
    return act.incident
