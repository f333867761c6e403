"""Records what came of a call or a visit: told, or why not, by whom, and when it is tried again."""

import json
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from actions.after_contact import keep_away, take_number_off, tell_lead
from actions.as_agreed import agreed_with, check_told, next_try, way_now
from actions.desk import Act, Desk
from actions.end_task import find_task
from actions.errors import Conflict
from actions.finish_wave import finish
from db.models import Notice, Receipt, Task, Wave

TRY_AGAIN = ("not_safe_now", "someone_else", "no_answer")
ENDS = ("told", "declined", "unreachable", "asked_for_no_contact", "wrong_number")
OUTCOMES = (*ENDS, *TRY_AGAIN)
MEANS = {
    "told": "reached and told",
    "not_safe_now": "reached, not safe now",
    "someone_else": "someone else answered, and nothing was said",
    "no_answer": "no answer, and no message left",
    "wrong_number": "the number is someone else's",
    "declined": "reached, and did not want to hear it",
    "asked_for_no_contact": "asked not to be contacted again",
    "unreachable": "given up",
}


@dataclass(frozen=True)
class Spoken:
    """What the person who called or visited says. The note is sealed: it may hold what they said."""

    outcome: str
    note: str = ""
    by: str = ""
    witness: str = ""
    at: datetime | None = None
    next_try_at: datetime | None = None
    code_word: bool = False
    """That the code word came before anything was told."""
    asked_first: bool = False
    """That it was asked again, before this contact, if the way is still safe."""


def contact(desk: Desk, incident: UUID | str, number: int, spoken: Spoken) -> Task:
    """Record one try. What OUTCOMES names among its ends closes the task; the others leave it open with the next try.

    After several tries the safeguarding lead is told; nothing ever goes another way by itself. Raises Conflict for an unknown
    outcome, a time in the future or outside the safe hours, and for being told without what makes it safe.
    """
    with desk.act("contact", incident) as act:
        task = find_task(act, number)
        _check(act, task, spoken)
        notice = act.session.get_one(Notice, task.notice_id, with_for_update=True)
        spoken = _as_agreed(act, notice, spoken)
        at = spoken.at or act.now
        _note(act, task, spoken, at)
        if spoken.outcome in ENDS:
            _end(act, task, notice, spoken, at)
        act.session.flush()
        _journal(act, task, notice, spoken, at)
        _bring_about(act, task, notice, spoken)
    return task


def _as_agreed(act: Act, notice: Notice, spoken: Spoken) -> Spoken:
    """The same with its next try, checked against what the person agreed."""
    safe = agreed_with(way_now(act, notice))
    if spoken.outcome == "told":
        check_told(notice, safe, code_word=spoken.code_word, asked_first=spoken.asked_first, witness=spoken.witness)
    if spoken.outcome in ENDS:
        return spoken
    return replace(spoken, next_try_at=next_try(safe, spoken.next_try_at, act.now, act.incident.time_zone))


def _journal(act: Act, task: Task, notice: Notice, spoken: Spoken, at: datetime) -> None:
    details = {"outcome": spoken.outcome, "by": spoken.by or act.desk.actor, "contact_at": at}
    more = {"next_try_at": spoken.next_try_at, "witness": spoken.witness, "tries": len(task.details["tries"])}
    act.journal(f"task {task.number}", notice=notice.nid, **details, **more)


def _bring_about(act: Act, task: Task, notice: Notice, spoken: Spoken) -> None:
    """What follows from the try."""
    tries, most = len(task.details["tries"]), act.desk.settings.contact_tries
    if spoken.outcome == "wrong_number":
        take_number_off(act, notice)
        tell_lead(act, task, "The number that was on record for this person is someone else's.")
    if spoken.outcome == "asked_for_no_contact":
        keep_away(act, notice)
    if spoken.outcome in TRY_AGAIN and tries >= most:
        tell_lead(act, task, f"{tries} tries, and nobody was told.")
    if spoken.outcome in ENDS:
        finish(act, act.session.get_one(Wave, notice.wave_id, with_for_update=True))
        act.ask_for("respond", because=f"task {task.number}: {spoken.outcome}")


def _check(act: Act, task: Task, spoken: Spoken) -> None:
    number, tries, most = task.number, len(task.details.get("tries", ())), act.desk.settings.contact_tries
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
    if spoken.outcome == "unreachable" and tries < most and not reasons:
        raise Conflict(f"After {tries} tries, 'unreachable' needs reasons (--note); it does not after {most}.")
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
    notice.state, notice.settled_at = _state(notice, spoken.outcome), at
    notice.ended_because = spoken.outcome
    task.state, task.outcome, task.ended_at, task.ended_by = "done", spoken.outcome, at, act.desk.actor
    if told:
        act.session.add(_receipt(act, notice, spoken, at))


def _state(notice: Notice, outcome: str) -> str:
    """What becomes of the notice; another is drawn up where only this way, or this ear, was the wrong one."""
    another_way = outcome == "wrong_number" or (outcome == "asked_for_no_contact" and notice.told_to == "guardian")
    return "told" if outcome == "told" else "cancelled" if another_way else "unreached"


def _receipt(act: Act, notice: Notice, spoken: Spoken, at: datetime) -> Receipt:
    """Proof of a conversation: which script, by whom, when, before which witness."""
    said: dict[str, Any] = {"by": spoken.by or act.desk.actor, "witness": spoken.witness, "note": spoken.note.strip()}
    said |= {"code_word": spoken.code_word, "asked_first": spoken.asked_first, "told_to": notice.told_to}
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
