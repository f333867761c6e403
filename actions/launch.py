"""Launches an approved wave: first a few messages, then the rest; each telephone call or visit becomes a task for a person."""

from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa

from actions.choose_ways import choose_ways
from actions.desk import Act, Desk
from actions.draft import content_of
from actions.errors import Conflict
from actions.find_wave import find_wave
from actions.flagging import call_back
from actions.keep_hours import keep_hours
from actions.open_task import open_task
from actions.queue_notices import queue_first
from actions.stop_wave import resume
from db.models import Approval, Notice, Person, Wave
from db.queries.facts import as_known
from db.queries.notices import AUTOMATIC

SPOKEN = {"phone": "by telephone", "in_person": "in person"}
EAR = {
    "person": "themselves",
    "guardian": "through their guardian",
    "appropriate_adult": "with an appropriate adult: find one first",
    "support_service": "through the service that supports them: find it first",
    "case_owner": "through whoever owns their case: agree on a safe way first",
}


def launch(desk: Desk, incident: UUID | str, number: int, *, urgent: str = "") -> Wave:
    """Launch it, or let it go on when it is paused. Raises Conflict unless exactly this was approved by someone else.

    Of many e-mails a few go first, and the rest is held until they were watched; with *urgent* reasons all go at once.
    People to be spoken to whose way is another one today than when it was drafted are left out; their notice is drawn up again.
    """
    with desk.act("launch", incident) as act:
        wave = find_wave(act, number)
        if wave.state == "paused":
            resume(act, wave)
            return wave
        _refuse(act, wave)
        left_out = leave_out_changed(act, wave)
        wave.state, wave.launched_at, wave.launched_by, wave.why = "launched", act.now, desk.actor, ""
        wave.urgent_because = urgent.strip()
        act.session.flush()
        _let_go(act, wave)
        keep_hours(act, wave)
        tasks = _open_contacts(act, wave)
        act.journal(
            f"wave {number}",
            launched=wave.content_sha256,
            contacts=tasks,
            left_out=left_out,
            canary=wave.canary_size,
            hold_until=wave.hold_until,
            urgent=wave.urgent_because,
        )
        act.ask_for("deliver", because=f"wave {number} was launched", wave_id=wave.id)
        if left_out:
            act.ask_for("respond", because=f"{left_out} people of wave {number} need another way")
    return wave


def _let_go(act: Act, wave: Wave) -> None:
    """Queue what goes now. From then on the database lets no other e-mail of a wave with a canary pass before its release."""
    size = queue_first(act, wave)
    if size:
        wave.canary_size = size
        wave.hold_until = act.now + timedelta(minutes=act.desk.settings.canary_hold_minutes)
        act.session.flush()


def _refuse(act: Act, wave: Wave) -> None:
    number = wave.number
    if wave.state == "draft":
        raise Conflict(f"Wave {number} is a draft; someone who wrote none of its words must approve it first.")
    if wave.state != "approved":
        raise Conflict(f"Wave {number} is {wave.state} already.")
    approval = act.session.get(Approval, wave.approval_id)
    if approval is None or approval.content_sha256 != content_of(act, wave):
        raise Conflict(f"Wave {number} is not what was approved; stop it, and it is drawn up again.")
    if as_known(act.session, act.incident.id).get("findings.telling_restricted"):
        raise Conflict("A decision restricts telling people at present; it must be lifted before anything is launched.")


def leave_out_changed(act: Act, wave: Wave) -> int:
    """Ages, safe contacts and guardians of those who are spoken to are looked at again now, not as they were when it was drafted.

    Those who are written to are looked at when their message is claimed, at the last moment before it leaves.
    """
    waiting = sa.select(Notice, Person).join(Person, Notice.person_id == Person.id)
    spoken = (Notice.wave_id == wave.id, Notice.state == "drafted", Notice.channel.not_in(AUTOMATIC))
    rows = act.session.execute(waiting.where(*spoken)).all()
    planned = {person.id: (notice.channel, notice.told_to, notice.rung) for notice, person in rows}
    chosen = choose_ways(act, [person for _, person in rows])
    changed = [one.person.id for one in chosen if (one.way.channel, one.way.to, one.way.rung) != planned[one.person.id]]
    return call_back(act, changed, "the way to this person has changed since the draft")


def _open_contacts(act: Act, wave: Wave) -> int:
    """A task for each call or visit; it names the person by number, and the script by its notice."""
    spoken = sa.select(Notice, Person.number).join(Person, Notice.person_id == Person.id)
    rows = act.session.execute(
        spoken.where(Notice.wave_id == wave.id, Notice.state == "queued", Notice.channel.not_in(AUTOMATIC)).order_by(
            Person.number
        )
    ).all()
    due_at = act.now + timedelta(hours=act.desk.settings.contact_task_target_hours)
    for notice, number in rows:
        open_task(
            act,
            kind="contact",
            key=f"contact:{notice.nid}",
            title=f"Tell person {number} {SPOKEN[notice.channel]}, {EAR[notice.told_to]}",
            why=notice.way_because,
            due_at=due_at,
            details={"person": number, "channel": notice.channel, "to": notice.told_to, "tries": []},
            notice_id=notice.nid,
        )
    return len(rows)
