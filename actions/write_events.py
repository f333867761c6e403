"""Writes down what events came to: the notices they moved, the attempts they settled, the proof they brought."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from actions.desk import Act
from actions.event_case import Case, words_of
from db.models import Event, Notice, Receipt
from db.queries.events import COUNTED
from db.vault import VaultError

UNSETTLED = ("queued", "unknown")
SHOWS = {"delivered": "delivered", "complained": "delivered"}
"""What a receipt is called; any other event that moved a notice only shows that the provider has it."""


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
        {"id": event.id, "wave_id": cases[event.nid].wave_id, "came_to": came_to[event.id], "settled_at": now}
        for event in settled
    ]
    act.session.execute(sa.update(Event), [end | {"said": None} for end in ends])
    act.journal("events", **_summary(moved, came_to.values()))


def _stop_second_copies(act: Act, nids: Sequence[UUID]) -> None:
    """Evidence came after all: what was to be sent again is not. It takes the steps that a notice must take."""
    for state in ("sending", "unknown"):
        act.session.execute(sa.update(Notice).where(Notice.nid.in_(nids)).values(state=state))


def _move(act: Act, moved: Sequence[Case]) -> None:
    changes: tuple[list[dict[str, Any]], list[dict[str, Any]]] = ([], [])
    for case in moved:
        change: dict[str, Any] = {"nid": case.nid, "state": case.state, "ended_because": case.because}
        if case.was in UNSETTLED:
            changes[0].append(change | {"settled_at": case.at, "wait_until": None})
        else:
            changes[1].append(change)
    for some in changes:
        if some:
            act.session.execute(sa.update(Notice), some)


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
    for case in cases:
        attempt = next((one for one in reversed(case.attempts) if one.state == "unknown"), None)
        if attempt is not None:
            attempt.state, attempt.reference = "accepted", case.reference or attempt.reference
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
