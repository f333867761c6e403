"""Flags one person: from now on a person tells them, and what was to go to them automatically is called back."""

from uuid import UUID

from actions.correct_person import find_person
from actions.desk import Desk
from actions.errors import Conflict
from actions.flagging import raise_flags
from db.models import Person
from db.models.person import FLAGS


def flag_person(desk: Desk, incident: UUID | str, number: int, flag: str, reasons: str) -> Person:
    """Raise a flag. A message that is leaving at this moment counts as unknown from now on, never as unsent.

    Raises Conflict for an unknown flag or without reasons; a flag that is there already changes nothing.
    """
    if flag not in FLAGS:
        raise Conflict(f"{flag!r} is not a flag; they are {', '.join(FLAGS)}.")
    if not reasons.strip():
        raise Conflict("Say in a sentence why (--reasons), without naming anyone; it is kept in the record.")
    with desk.act("flag_person", incident) as act:
        person = find_person(act, number)
        if raise_flags(act, {person.id: [flag]}, f"flagged: {flag}"):
            act.journal(f"person {number}", flagged=flag, reasons=reasons.strip())
            act.ask_for("respond", because=f"person {number} was flagged")
    return person
