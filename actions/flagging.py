"""Raises flags on people: whoever is flagged is told by a person, so what was to go to them automatically is called back first."""

import json
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

import sqlalchemy as sa

from actions.desk import Act
from db.models import Notice, Person, Task

CALLED_BACK = ("drafted", "held", "queued")


def raise_flags(act: Act, flags: Mapping[UUID, Iterable[str]], because: str) -> int:
    """Add these flags. Returns how many people have one that they had not before; their notices not yet sent are called back."""
    found = {person.id: person for ids in _in_chunks(list(flags)) for person in _people(act, ids)}
    new = {id_: sorted({*json.loads(found[id_].flags), *flags[id_]}) for id_ in found}
    changed = [id_ for id_, names in new.items() if names != json.loads(found[id_].flags)]
    call_back(act, changed, because)
    for id_ in changed:
        found[id_].flags, found[id_].flagged = json.dumps(new[id_]), True
    act.session.flush()
    return len(changed)


def call_back(act: Act, people: Sequence[UUID], because: str) -> int:
    """Cancel what was drafted or queued for these people, and the contact tasks with it; a new way is chosen for each.

    A message that is leaving at this moment cannot be called back: it counts as unknown from now on, never as unsent.
    """
    called_back = 0
    for ids in _in_chunks(people):
        mine = Notice.person_id.in_(ids)
        nids = list(act.session.scalars(sa.select(Notice.nid).where(mine, Notice.state.in_(CALLED_BACK))))
        act.session.execute(
            sa.update(Notice)
            .where(Notice.nid.in_(nids))
            .values(state="cancelled", ended_because=because, settled_at=act.now)
        )
        act.session.execute(sa.update(Notice).where(mine, Notice.state == "sending").values(state="unknown"))
        cancel_contacts(act, nids, because)
        called_back += len(nids)
    return called_back


def cancel_contacts(act: Act, nids: Sequence[UUID], because: str) -> None:
    """End the open contact tasks of these notices: what they ask for is no longer to be done."""
    ended = {"state": "cancelled", "outcome": because, "ended_at": act.now, "ended_by": act.desk.actor}
    act.session.execute(sa.update(Task).where(Task.notice_id.in_(nids), Task.state == "open").values(**ended))


def _people(act: Act, ids: Sequence[UUID]) -> Sequence[Person]:
    return act.session.scalars(sa.select(Person).where(Person.incident_id == act.incident.id, Person.id.in_(ids))).all()


def _in_chunks(ids: Sequence[UUID], size: int = 500) -> Iterable[Sequence[UUID]]:
    return (ids[start : start + size] for start in range(0, len(ids), size))
