"""Opens what is known of one person; where they are flagged it records who looked: who is in danger may one day ask who knew."""

from dataclasses import dataclass, field
from uuid import UUID

from actions.correct_person import find_person
from actions.desk import Desk
from actions.details import Details
from actions.enter_people import details_of
from db.models import Person


@dataclass(frozen=True)
class View:
    """A person and everything on record of them; shows nothing of it."""

    person: Person = field(repr=False)
    details: Details = field(repr=False)


def view_flagged(desk: Desk, incident: UUID | str, number: int) -> View:
    """The person of this number; where they are flagged, that it was looked at is in the journal. Raises NotFound."""
    with desk.act("view_flagged", incident, closed_too=True) as act:
        person = find_person(act, number)
        view = View(person, details_of(act, person))
        if person.flagged:
            act.journal(f"person {number}")
    return view
