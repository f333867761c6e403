"""Opens the script of a call or a visit, or any notice as it is kept; each look is journalled, and an outdated way is refused."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from actions.as_agreed import agreed_with, way_now
from actions.content import Content, open_notice
from actions.desk import Act, Desk
from actions.details import SafeContact
from actions.end_task import find_task
from actions.errors import Conflict, NotFound, Stale
from actions.flagging import call_back
from actions.safe_contact import Way
from actions.safe_hours import is_safe_hour, next_safe_hour
from db.models import Notice, Task
from db.queries.notices import notices_to
from db.queries.people import by_number


@dataclass(frozen=True, repr=False)
class Script:
    """What to say and how, with what the person agreed about being reached; shows nothing of itself."""

    content: Content
    safe: SafeContact | None
    tries: tuple[dict[str, Any], ...]
    safe_hour: bool
    """Whether this moment lies in the hours that they said are safe."""
    next_at: datetime | None
    """When the next safe hour begins, where hours are agreed."""


def read_script(desk: Desk, incident: UUID | str, number: int) -> Script:
    """The script of this contact task, with whom to reach and how.

    Raises Stale when the way is no longer the one that was chosen (a safe contact ran out, a child came of age): the
    contact is called back then, and another one is drawn up.
    """
    with desk.act("read_script", incident) as act:
        task = find_task(act, number)
        if task.kind != "contact" or task.notice_id is None:
            raise Conflict(f"Task {number} is no contact with a person; it has no script.")
        notice = act.session.get_one(Notice, task.notice_id)
        content = open_notice(act.session, act.vault, notice)
        chosen = way_now(act, notice)
        outdated = task.state == "open" and not _same(chosen.way, notice, content)
        if outdated:
            call_back(act, [notice.person_id], "the way to this person has changed")
            act.ask_for("respond", because=f"task {number} needs another way")
        act.journal(f"task {number}", read=notice.nid, outdated=outdated)
        script = _script(act, task, content, agreed_with(chosen))
    if outdated:
        raise Stale(
            f"Do not make this contact: the way that task {number} names is no longer safe. Another is drawn up."
        )
    return script


def _script(act: Act, task: Task, content: Content, safe: SafeContact | None) -> Script:
    windows, zone = (safe.windows if safe else ()), act.incident.time_zone
    now_safe, next_at = is_safe_hour(windows, act.now, zone), next_safe_hour(windows, act.now, zone)
    return Script(content, safe, tuple(task.details.get("tries", ())), now_safe, next_at)


def _same(way: Way, notice: Notice, content: Content) -> bool:
    by_hand = bool(content.letter_pdf)
    then = (notice.channel, notice.told_to, content.to_address, by_hand)
    return (way.channel, way.to, way.address, way.letter_by_hand) == then


def read_notices(desk: Desk, incident: UUID | str, person_number: int) -> list[tuple[Notice, Content]]:
    """Everything that was drafted or sent to one person, exactly as it is kept. Raises NotFound."""
    with desk.act("read_notices", incident, closed_too=True) as act:
        person = by_number(act.session, act.incident.id, person_number)
        if person is None:
            raise NotFound(f"{act.incident.reference} has no person {person_number} on its ledger.")
        found = [(notice, open_notice(act.session, act.vault, notice)) for notice in notices_to(act.session, person.id)]
        act.journal(f"person {person_number}", read=len(found))
    return found
