"""Compares a checked list with itself and with the ledger: who is new, who is there already, and what contradicts."""

from collections.abc import Iterable
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from actions.bad_people import Problem
from actions.enter_people import id_of
from actions.seal_list import CHUNK, chunks, note
from db.models import Person
from db.spool import LEFT_OUT, THERE, Spool

Found = tuple[int, bool, bool]
"""A row, whether it has a reference of its own, and whether it says the same as the one that was there before it."""


def settle_list(session: Session, incident: UUID, spool: Spool) -> None:
    """Decide what becomes of each arrival. May be asked again when the ledger has changed meanwhile."""
    spool.settle_anew()
    _decide(spool, spool.repeated())
    if session.scalar(sa.select(Person.id).where(Person.incident_id == incident).limit(1)) is not None:
        _on_the_ledger(session, incident, spool)
    while _without_guardian(session, incident, spool):
        """Whose guardian is left out is left out too."""


def _decide(spool: Spool, found: Iterable[Found]) -> None:
    """The same again is no fault; something else under the same name is, and is not entered."""
    note(spool, [_contradicts(row, named) for row, named, same in found if not same], late=True)
    for row, _, same in found:
        spool.decide(THERE if same else LEFT_OUT, row)


def _contradicts(row: int, named: bool) -> Problem:
    if named:
        do = "give each person a reference of their own; to change someone on the ledger use 'forthwith people correct'"
        return Problem(row, "reference", "stands for someone else, or for the same person with other details", do)
    do = "leave one row, or give two different people references of their own"
    return Problem(row, "the row", "seems to be a person who is on the list already, with other details", do)


def _on_the_ledger(session: Session, incident: UUID, spool: Spool) -> None:
    last = 0
    while some := spool.after(last, CHUNK):
        known = sa.select(Person.row_key, Person.row_hash).where(
            Person.incident_id == incident, Person.row_key.in_([key for _, key, *_ in some])
        )
        there = {bytes(key): bytes(whole) for key, whole in session.execute(known)}
        _decide(spool, [(row, named, there[key] == whole) for row, key, whole, named in some if key in there])
        last = some[-1][0]


def _without_guardian(session: Session, incident: UUID, spool: Spool) -> int:
    """Leave out whoever names a guardian who is neither on the list nor on the ledger; returns how many."""
    alone = list[int]()
    for some in chunks(spool.guardians_elsewhere(), CHUNK):
        ids = {id_of(key): key for key in some}
        known = sa.select(Person.id).where(Person.incident_id == incident, Person.id.in_(ids))
        for id_ in ids.keys() - set(session.scalars(known)):
            alone += spool.wards_of(ids[id_])
    note(spool, map(_no_guardian, alone), late=True)
    for row in alone:
        spool.decide(LEFT_OUT, row)
    return len(alone)


def _no_guardian(row: int) -> Problem:
    do = "add or mend the guardian's own row with that reference (kind guardian, if they are not affected themselves)"
    return Problem(
        row, "guardian_reference", "names nobody on the ledger, nor on the list with a row that is right", do
    )
