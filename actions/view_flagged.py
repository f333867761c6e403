"""Records that someone looked at a flagged person: who is in danger may one day ask who knew."""

from uuid import UUID

from actions.correct_person import find_person
from actions.desk import Desk
from db.models import Person


def view_flagged(desk: Desk, incident: UUID | str, number: int) -> Person:
    """The person of this number; where they are flagged, that it was looked at is in the journal. Raises NotFound."""
    with desk.act("view_flagged", incident, closed_too=True) as act:
        person = find_person(act, number)
        if person.flagged:
            act.journal(f"person {number}")
    return person
