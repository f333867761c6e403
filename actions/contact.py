"""Records what came of a call or a visit: told, or why not, by whom, and when it is tried again."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from actions.desk import Act, Desk
from actions.end_task import find_task
from actions.errors import Conflict
from actions.finish_wave import finish
from db.models import Notice, Receipt, Task, Wave

TRY_AGAIN = ("not_safe_now", "someone_else", "no_answer")
ENDS = ("told", "declined", "unreachable")
OUTCOMES = (*ENDS, *TRY_AGAIN)
TRIES_BEFORE_GIVING_UP = 3


@dataclass(frozen=True)
class Spoken:
    """What the person who called or visited says. The note is sealed: it may hold what they said."""

    outcome: str
    note: str = ""
    by: str = ""
    witness: str = ""
    at: datetime | None = None
    next_try_at: datetime | None = None


def contact(desk: Desk, incident: UUID | str, number: int, spoken: Spoken) -> Task:
    """Record one try. *told*, *declined* and *unreachable* end the task; the others leave it open with the next try.

    Raises Conflict for an unknown outcome, a time in the future, and *unreachable* before three tries without reasons.
    """
    with desk.act("contact", incident) as act:
        task = find_task(act, number)
        _check(act, task, spoken)
        notice = act.session.get_one(Notice, task.notice_id, with_for_update=True)
        at = spoken.at or act.now
        _note(act, task, spoken, at)
        if spoken.outcome in ENDS:
            _end(act, task, notice, spoken, at)
        act.session.flush()
        tries = len(task.details["tries"])
        details = {"outcome": spoken.outcome, "by": spoken.by or desk.actor, "contact_at": at, "tries": tries}
        act.journal(
            f"task {number}", notice=notice.nid, next_try_at=spoken.next_try_at, witness=spoken.witness, **details
        )
        if spoken.outcome in ENDS:
            finish(act, act.session.get_one(Wave, notice.wave_id, with_for_update=True))
            act.ask_for("respond", because=f"task {number}: {spoken.outcome}")
    return task


def _check(act: Act, task: Task, spoken: Spoken) -> None:
    number, tries = task.number, len(task.details.get("tries", ()))
    if task.kind != "contact":
        raise Conflict(f"Task {number} is no contact with a person; end it with 'forthwith task done'.")
    if task.state != "open":
        raise Conflict(f"Task {number} is {task.state} already.")
    if spoken.outcome not in OUTCOMES:
        raise Conflict(f"{spoken.outcome!r} is not an outcome; they are {', '.join(OUTCOMES)}.")
    for moment in (spoken.at, spoken.next_try_at):
        if moment is not None and moment.utcoffset() is None:
            raise Conflict("A time has no offset; write it as 2026-12-01T10:00+00:00.")
    if spoken.at is not None and not task.opened_at <= spoken.at <= act.now:
        raise Conflict(f"Task {number} cannot have been tried then: that is before it was opened, or in the future.")
    if spoken.next_try_at is not None and (spoken.outcome in ENDS or spoken.next_try_at <= act.now):
        raise Conflict("The next try lies in the future, and only follows an outcome that leaves the task open.")
    reasons = bool(spoken.note.strip())
    if spoken.outcome == "unreachable" and tries < TRIES_BEFORE_GIVING_UP and not reasons:
        raise Conflict(
            f"After {tries} tries, 'unreachable' needs reasons (--note); it does not after {TRIES_BEFORE_GIVING_UP}."
        )
    if spoken.outcome == "declined" and not reasons:
        raise Conflict("'declined' needs a note: what was offered, and how they declined.")


def _note(act: Act, task: Task, spoken: Spoken, at: datetime) -> None:
    """Add the try to the task: when, by whom and to what end in the open, what was said sealed."""
    one: dict[str, Any] = {"at": at.isoformat(), "by": spoken.by or act.desk.actor, "outcome": spoken.outcome}
    if spoken.next_try_at:
        one["next_try_at"] = spoken.next_try_at.isoformat()
    task.details = task.details | {"tries": [*task.details.get("tries", ()), one]}
    if spoken.note.strip():
        notes = [*notes_of(act, task), {"at": at.isoformat(), "note": spoken.note.strip()}]
        task.note = act.vault.seal(json.dumps(notes, ensure_ascii=False).encode(), f"tasks/note/{task.id}")


def notes_of(act: Act, task: Task) -> list[dict[str, str]]:
    """What was noted at each try, opened."""
    if task.note is None:
        return []
    notes: list[dict[str, str]] = json.loads(act.vault.open(task.note, f"tasks/note/{task.id}"))
    return notes


def _end(act: Act, task: Task, notice: Notice, spoken: Spoken, at: datetime) -> None:
    told = spoken.outcome == "told"
    notice.state, notice.settled_at = ("told" if told else "unreached"), at
    notice.ended_because = spoken.outcome
    task.state, task.outcome, task.ended_at, task.ended_by = "done", spoken.outcome, at, act.desk.actor
    if told:
        act.session.add(_receipt(act, notice, spoken, at))


def _receipt(act: Act, notice: Notice, spoken: Spoken, at: datetime) -> Receipt:
    """Proof of a conversation: which script, by whom, when, before which witness."""
    said = {"by": spoken.by or act.desk.actor, "witness": spoken.witness, "note": spoken.note.strip()}
    return Receipt(
        incident_id=act.incident.id,
        about="notice",
        notice_id=notice.nid,
        kind=f"told_{'by_telephone' if notice.channel == 'phone' else 'in_person'}",
        name=f"witnessed by {spoken.witness}" if spoken.witness else "",
        sha256=notice.content_sha256,
        proof=act.vault.seal(json.dumps(said, ensure_ascii=False).encode(), f"receipts/proof/{notice.nid}"),
        at=at,
        recorded_by=act.desk.actor,
    )
