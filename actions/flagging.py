"""Raises flags on people: whoever is flagged is told by a person, so what was to go to them automatically is called back first."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias
from uuid import UUID

import sqlalchemy as sa

from actions.desk import Act
from db.models import Notice, Person, Task
from db.queries.people import wards

CALLED_BACK = ("drafted", "held", "queued")
PLAINLY = {"synchronize_session": False}

Found: TypeAlias = sa.Select[tuple[UUID]]
"""A question that finds people by their ids; it stays a question, since it may find a million."""


def raise_flags(act: Act, flags: Mapping[UUID, Iterable[str]], because: str) -> int:
    """Add these flags. Returns how many people have one that they had not before.

    What was not sent to them yet is called back, and so is what someone flagged now was to hear for a child.
    """
    found = {person.id: person for ids in _in_chunks(list(flags)) for person in _people(act, ids)}
    new = {id_: sorted({*json.loads(found[id_].flags), *flags[id_]}) for id_ in found}
    changed = [id_ for id_, names in new.items() if names != json.loads(found[id_].flags)]
    call_back(act, [*changed, *(ward for ids in _in_chunks(changed) for ward in wards(act.session, ids))], because)
    for id_ in changed:
        found[id_].flags, found[id_].flagged = json.dumps(new[id_]), True
    act.session.flush()
    return len(changed)


def flag_all(act: Act, flag: str, people: Found, because: str) -> int:
    """Add one flag to everyone whom the question finds, in the database itself; returns how many had it not before."""
    without = Person.flags.not_like(f'%"{flag}"%')
    newly = (Person.incident_id == act.incident.id, without, Person.id.in_(people))
    # People have few different sets of flags: one change reaches all of them.
    sets = act.session.scalars(sa.select(Person.flags).where(*newly).distinct()).all()
    if not sets:
        return 0
    _call_back_all(act, sa.select(Person.id).where(*newly), because)
    after = {before: json.dumps(sorted({*json.loads(before), flag})) for before in sets}
    change = sa.update(Person).where(*newly).values(flags=sa.case(after, value=Person.flags), flagged=True)
    changed = _changed(act, change)
    _forget(act)
    return changed


def call_back(act: Act, people: Sequence[UUID], because: str) -> int:
    """Cancel what was drafted or queued for these people, and the contact tasks with it; a new way is chosen for each.

    A message that is leaving at this moment cannot be called back: it counts as unknown from now on, never as unsent.
    Returns how many notices were cancelled.
    """
    cancelled = sum(_cancel(act, Notice.person_id.in_(ids), because) for ids in _in_chunks(people))
    _forget(act)
    return cancelled


def cancel_contacts(act: Act, nids: Sequence[UUID], because: str) -> None:
    """End the open contact tasks of these notices: what they ask for is no longer to be done."""
    _end_contacts(act, Task.notice_id.in_(nids), because)


def _call_back_all(act: Act, people: Found, because: str) -> None:
    """The same for everyone whom the question finds, and for the children of guardians among them."""
    unsent = sa.select(Notice.nid).where(
        Notice.incident_id == act.incident.id, Notice.state.in_((*CALLED_BACK, "sending"))
    )
    if act.session.scalar(unsent.limit(1)) is None:
        return
    _cancel(act, Notice.person_id.in_(people), because)
    children = sa.select(Person.id).where(Person.incident_id == act.incident.id, Person.guardian_id.in_(people))
    _cancel(act, Notice.person_id.in_(children), because)


def _cancel(act: Act, whose: sa.ColumnElement[bool], because: str) -> int:
    mine = (Notice.incident_id == act.incident.id, whose)
    waiting = sa.select(Notice.nid).where(*mine, Notice.state.in_(CALLED_BACK))
    _end_contacts(act, Task.notice_id.in_(waiting), because)
    leaving = sa.update(Notice).where(*mine, Notice.state == "sending").values(state="unknown")
    act.session.execute(leaving, execution_options=PLAINLY)
    gone = {"state": "cancelled", "ended_because": because, "settled_at": act.now}
    return _changed(act, sa.update(Notice).where(*mine, Notice.state.in_(CALLED_BACK)).values(**gone))


def _end_contacts(act: Act, which: sa.ColumnElement[bool], because: str) -> None:
    ended = {"state": "cancelled", "outcome": because, "ended_at": act.now, "ended_by": act.desk.actor}
    mine = (Task.incident_id == act.incident.id, Task.state == "open", which)
    act.session.execute(sa.update(Task).where(*mine).values(**ended), execution_options=PLAINLY)


def _changed(act: Act, change: sa.Update) -> int:
    done = act.session.execute(change, execution_options=PLAINLY)
    return done.rowcount if isinstance(done, sa.CursorResult) else 0


def _forget(act: Act) -> None:
    """What the session remembers of people, notices and tasks was changed behind its back."""
    act.session.flush()
    for one in list(act.session):
        if isinstance(one, (Person, Notice, Task)):
            act.session.expire(one)


def _people(act: Act, ids: Sequence[UUID]) -> Sequence[Person]:
    return act.session.scalars(sa.select(Person).where(Person.incident_id == act.incident.id, Person.id.in_(ids))).all()


def _in_chunks(ids: Sequence[UUID], size: int = 500) -> Iterable[Sequence[UUID]]:
    return (ids[start : start + size] for start in range(0, len(ids), size))
