"""Acknowledges warnings: "I have it". Their repeats stop; the later rungs of the ladder are told as before."""

from uuid import UUID

from actions.desk import Desk
from actions.errors import Conflict
from db.models import Acknowledgement
from db.queries.warnings import not_acknowledged


def acknowledge(desk: Desk, incident: UUID | str, about: str = "") -> list[str]:
    """Acknowledge every warning told until now, or those of one duty or hand-over; gives them in words. Raises Conflict for none."""
    with desk.act("acknowledge", incident, closed_too=True) as act:
        found = not_acknowledged(act.session, act.incident.id, about)
        if not found:
            of = f" of {about}" if about else ""
            raise Conflict(f"No warning{of} in {act.incident.reference} waits to be acknowledged.")
        for one in found:
            row = Acknowledgement(rung_id=one.rung_id, incident_id=act.incident.id, by=desk.actor, at=act.now)
            act.session.add(row)
        told = [f"{one.about} {one.rung}" for one in found]
        act.journal("warnings", acknowledged=told)
    return told
