"""Corrects what the ledger says of one person: a new address, a safe contact, a guardian, a death. What was not sent yet is called back."""

import json
from collections.abc import Mapping
from uuid import UUID

import sqlalchemy as sa

from actions.bad_people import BadPeople
from actions.check_row import check_row
from actions.columns import COLUMNS
from actions.desk import Act, Desk
from actions.details import Details
from actions.enter_people import columns_of, contact_points, details_of, guardian_id, setting_of
from actions.errors import Conflict, NotFound
from actions.flagging import call_back, raise_flags
from actions.shared_contacts import flag_shared
from db.models import ContactPoint, Notice, Person
from db.queries.people import by_number, wards

WHY = "what is known of the person was corrected"
FIXED = ("reference", "kind")
"""What identifies the person, and whom they may be told with: another one is another person, or another row."""


def correct_person(desk: Desk, incident: UUID | str, number: int, changes: Mapping[str, str], reasons: str) -> Person:
    """Change cells of this person, by the columns of a list; an empty cell takes the value away. Flags are only added.

    Raises BadPeople for a cell that cannot be, Conflict for an unknown or fixed column. Someone counted as unreached may be
    told again, since they may now be reached in another way.
    """
    _check_columns(changes, reasons)
    with desk.act("correct_person", incident) as act:
        person = find_person(act, number)
        details = _changed(act, person, changes)
        call_back(act, [person.id, *wards(act.session, [person.id])], WHY)
        _reopen(act, person)
        write_person(act, person, details)
        act.journal(f"person {number}", corrected=sorted(changes), reasons=reasons.strip())
        act.ask_for("respond", because=f"person {number} was corrected")
    return person


def find_person(act: Act, number: int) -> Person:
    """The person of this number. Raises NotFound."""
    person = by_number(act.session, act.incident.id, number)
    if person is None:
        reference = act.incident.reference
        raise NotFound(f"{reference} has no person {number}; 'forthwith people list {reference}' shows them.")
    return person


def _check_columns(changes: Mapping[str, str], reasons: str) -> None:
    unknown = sorted(set(changes) - set(COLUMNS))
    if unknown or not changes:
        raise Conflict(
            f"Name columns of a list ({', '.join(COLUMNS)}); {', '.join(unknown) or 'nothing'} is none of them."
        )
    if fixed := sorted(set(changes) & set(FIXED)):
        raise Conflict(f"{' and '.join(fixed)} cannot be changed; enter the person anew and exempt this row.")
    if not reasons.strip():
        raise Conflict("Say in a sentence why (--reasons), without naming anyone; it is kept in the record.")


def _changed(act: Act, person: Person, changes: Mapping[str, str]) -> Details:
    cells = details_of(act, person).cells | dict(changes)
    details, problems = check_row(person.row, cells, setting_of(act))
    if problems:
        raise BadPeople(problems)
    return details


def write_person(act: Act, person: Person, details: Details) -> None:
    """The ledger's row and contact points as they are now; who shares one is flagged."""
    values = columns_of(act.vault, details, person.id, setting_of(act).today)
    flags = json.loads(values.pop("flags"))
    values.pop("flagged")
    for name, value in values.items():
        setattr(person, name, value)
    person.guardian_id = _guardian(act, details)
    act.session.flush()
    raise_flags(act, {person.id: flags}, WHY)
    act.session.execute(sa.delete(ContactPoint).where(ContactPoint.person_id == person.id))
    if points := contact_points(act, person.id, details):
        act.session.execute(sa.insert(ContactPoint), points)
    flag_shared(act, [person.id, *([person.guardian_id] if person.guardian_id else [])])


def _guardian(act: Act, details: Details) -> UUID | None:
    wanted = guardian_id(act.vault, details)
    if wanted is not None and act.session.get(Person, wanted) is None:
        raise Conflict("guardian_reference names nobody on the ledger; enter the guardian's own row first.")
    return wanted


def _reopen(act: Act, person: Person) -> None:
    unreached = sa.update(Notice).where(Notice.person_id == person.id, Notice.state == "unreached")
    act.session.execute(unreached.values(state="cancelled", ended_because="another way was found", settled_at=act.now))
