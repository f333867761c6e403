"""Writes down what events came to: the notices they moved, the attempts they settled, the proof they brought."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from actions.desk import Act
from actions.event_case import Case, words_of
from db.models import Attempt, Event, Notice, Receipt
from db.queries.events import COUNTED
from db.types import Table
from db.vault import VaultError

UNSETTLED = ("queued", "unknown")
SHOWS = {"delivered": "delivered", "complained": "delivered"}
"""What a receipt is called; any other event that moved a notice only shows that the provider has it."""

NOTICES, EVENTS = (Table.metadata.tables[one.__tablename__] for one in (Notice, Event))
_MOVE = (
    sa.update(NOTICES)
    .where(NOTICES.c.nid == sa.bindparam("which"))
    .values(state=sa.bindparam("to_state"), ended_because=sa.bindparam("because"))
)
_SETTLE = _MOVE.values(settled_at=sa.bindparam("ended_at"), wait_until=None)
_END = (
    sa.update(EVENTS)
    .where(EVENTS.c.id == sa.bindparam("which"))
    .values(
        wave_id=sa.bindparam("of_wave"),
        came_to=sa.bindparam("came"),
        settled_at=sa.bindparam("ended_at"),
        said=None,
    )
)


def write(act: Act, cases: Mapping[UUID, Case], settled: Sequence[Event], came_to: Mapping[UUID, str]) -> None:
    """Everything that this look came to, and one journal entry that proves which."""
    moved = [case for case in cases.values() if case.was]
    _stop_second_copies(act, [case.nid for case in moved if case.was == "queued"])
    _move(act, moved)
    _note_complaints(act, settled, came_to)
    _settle_attempts(act, [case for case in moved if case.was in UNSETTLED])
    if receipts := [_receipt(act, case, case.proof) for case in moved if case.proof is not None]:
        act.session.execute(sa.insert(Receipt), receipts)
    now = act.now
    ends = [
        {"which": event.id, "of_wave": cases[event.nid].wave_id, "came": came_to[event.id], "ended_at": now}
        for event in settled
    ]
    act.session.connection().execute(_END, ends)
    act.journal("events", **_summary(moved, came_to.values()))


def _stop_second_copies(act: Act, nids: Sequence[UUID]) -> None:
    """Evidence came after all: what was to be sent again is not. It takes the steps that a notice must take."""
    for state in ("sending", "unknown") if nids else ():
        act.session.execute(sa.update(Notice).where(Notice.nid.in_(nids)).values(state=state))


def _move(act: Act, moved: Sequence[Case]) -> None:
    changes: tuple[list[dict[str, Any]], list[dict[str, Any]]] = ([], [])
    for case in moved:
        change: dict[str, Any] = {"which": case.nid, "to_state": case.state, "because": case.because}
        if case.was in UNSETTLED:
            changes[0].append(change | {"ended_at": case.at})
        else:
            changes[1].append(change)
    for statement, some in zip((_SETTLE, _MOVE), changes, strict=True):
        if some:
            act.session.connection().execute(statement, some)


def _note_complaints(act: Act, settled: Sequence[Event], came_to: Mapping[UUID, str]) -> None:
    """The first complaint of each notice, which a canary's limit counts; it moves a notice no further than a delivery."""
    first = {
        event.nid: event.at
        for event in reversed(settled)
        if event.kind == "complained" and came_to[event.id] in COUNTED
    }
    for nid, at in first.items():
        mine = sa.update(Notice).where(Notice.nid == nid, Notice.complained_at.is_(None))
        act.session.execute(mine.values(complained_at=at))


def _settle_attempts(act: Act, cases: Sequence[Case]) -> None:
    """The provider took the last attempt of unknown fate: it tells of it."""
    last = [next((one for one in reversed(case.attempts) if one.state == "unknown"), None) for case in cases]
    references = {one.id: case.reference for one, case in zip(last, cases, strict=True) if one is not None}
    for attempt in act.session.scalars(sa.select(Attempt).where(Attempt.id.in_(references))):
        attempt.state, attempt.reference = "accepted", references[attempt.id] or attempt.reference
        attempt.detail = attempt.detail | {"evidence": "event", "seen": f"told by {attempt.channel}"}
    act.session.flush()


def _receipt(act: Act, case: Case, event: Event) -> dict[str, Any]:
    words = words_of(act, event)
    try:
        proof = act.vault.seal(words, f"receipts/proof/{case.nid}") if words else None
    except VaultError:
        proof = None
    return {
        "incident_id": act.incident.id,
        "about": "notice",
        "notice_id": case.nid,
        "kind": SHOWS.get(event.kind, "found_by_evidence"),
        "reference": event.reference,
        "name": f"told by {event.provider}" + (f" [{event.code}]" if event.code else ""),
        "sha256": case.sha256,
        "proof": proof,
        "at": event.at,
        "recorded_by": act.desk.actor,
    }


def _summary(moved: Sequence[Case], came_to: Iterable[str]) -> dict[str, Any]:
    lines = sorted(f"{case.nid.hex} {case.state}" for case in moved)
    digest = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    return {"events": dict(Counter(came_to)), "notices": dict(Counter(case.state for case in moved)), "sha256": digest}
