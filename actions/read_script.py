"""Opens the script of a call or a visit, or any notice as it is kept; each look is journalled, and an outdated way is refused."""

from uuid import UUID

from actions.choose_ways import choose_ways
from actions.content import Content, open_notice
from actions.desk import Act, Desk
from actions.end_task import find_task
from actions.errors import Conflict, NotFound, Stale
from actions.flagging import call_back
from db.models import Notice, Person
from db.queries.notices import notices_to
from db.queries.people import by_number


def read_script(desk: Desk, incident: UUID | str, number: int) -> Content:
    """The script of this contact task, with whom to reach and how.

    Raises Stale when the way is no longer the one that was chosen (a safe contact ran out, a child came of age): the
    contact is called back then, and another one is drawn up.
    """
    with desk.act("read_script", incident) as act:
        task = find_task(act, number)
        if task.kind != "contact" or task.notice_id is None:
            raise Conflict(f"Task {number} is no contact with a person; it has no script.")
        notice = act.session.get_one(Notice, task.notice_id)
        outdated = task.state == "open" and not _still_so(act, notice)
        if outdated:
            call_back(act, [notice.person_id], "the way to this person has changed")
            act.ask_for("respond", because=f"task {number} needs another way")
        act.journal(f"task {number}", read=notice.nid, outdated=outdated)
        content = open_notice(act.session, act.vault, notice)
    if outdated:
        raise Stale(
            f"Do not make this contact: the way that task {number} names is no longer safe. Another is drawn up."
        )
    return content


def read_notices(desk: Desk, incident: UUID | str, person_number: int) -> list[tuple[Notice, Content]]:
    """Everything that was drafted or sent to one person, exactly as it is kept. Raises NotFound."""
    with desk.act("read_notices", incident, closed_too=True) as act:
        person = by_number(act.session, act.incident.id, person_number)
        if person is None:
            raise NotFound(f"{act.incident.reference} has no person {person_number} on its ledger.")
        found = [(notice, open_notice(act.session, act.vault, notice)) for notice in notices_to(act.session, person.id)]
        act.journal(f"person {person_number}", read=len(found))
    return found


def _still_so(act: Act, notice: Notice) -> bool:
    person = act.session.get_one(Person, notice.person_id)
    [chosen] = choose_ways(act, [person])
    content = open_notice(act.session, act.vault, notice)
    now = (chosen.way.channel, chosen.way.to, chosen.way.address)
    return now == (notice.channel, notice.told_to, content.to_address)
