"""Starts paused after a restore: whatever may have been sent since the backup counts as unknown, and a person lets each wave go on."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from uuid import UUID, uuid4

import sqlalchemy as sa

from actions import clock, journal
from actions.claim_notes import Note, notes_by_incident
from actions.desk import Act, Desk
from actions.lease import revoke
from actions.open_task import open_task
from actions.stop_wave import pause
from actions.ways import channels_of
from channels.outcome import ChannelError
from db.models import Attempt, Incident, Notice, Wave
from db.queries.notices import AUTOMATIC

AT_ONCE = 500
WHY = "the database was restored from a backup"
STEPS = {"held": "drafted", "drafted": "queued", "queued": "sending", "sending": "unknown"}
"""The steps that a notice must take to become unknown."""


def start_paused(desk: Desk, because: str, *, all_queued: bool) -> int:
    """Pause each wave of every open real incident. What the notes name becomes unknown, or all that is queued where they are no guide.

    Returns how many notices became unknown. Alarms go on: a rung told twice is better than one told never.
    """
    notes = dict(notes_by_incident(desk.settings))
    open_ones = sa.select(Incident.id).where(Incident.closed_at.is_(None), ~Incident.sealed).order_by(Incident.id)
    with desk.reading() as session:
        incidents = session.scalars(open_ones).all()
    unknown = sum(_one(desk, id_, notes.get(id_, []), all_queued=all_queued) for id_ in incidents)
    with desk.writing() as session:
        details = {"because": because, "became_unknown": unknown, "incidents": len(incidents)}
        journal.append(session, journal.HOUSE, desk.entry("start_paused", clock.now(), "database", details))
    return unknown


def _one(desk: Desk, incident_id: UUID, notes: Sequence[Note], *, all_queued: bool) -> int:
    names = _names(desk)
    with desk.act("start_paused", incident_id) as act:
        for wave in act.session.scalars(_waves(incident_id)):
            revoke(act.session, wave)
            if wave.state == "launched":
                pause(act, wave, WHY)
            _ask(act, wave)
        lost, unknown = _by_notes(act, notes)
        if all_queued:
            unknown += _all_queued(act, names)
        if unknown or lost:
            act.journal("restore", became_unknown=unknown, sent_but_not_in_the_database=lost)
        if lost:
            _ask_about_lost(act, lost)
    return unknown


def _waves(incident_id: UUID) -> sa.Select[tuple[Wave]]:
    moving = ("approved", "launched", "paused")
    return sa.select(Wave).where(Wave.incident_id == incident_id, Wave.state.in_(moving)).with_for_update()


def _names(desk: Desk) -> dict[str, str]:
    """Which channel each kind would have gone through; the evidence is looked for there."""
    try:
        ways = channels_of(desk.settings, None)
    except ChannelError:
        return {}
    for way in ways.values():
        way.close()
    return {kind: way.name for kind, way in ways.items()}


def _by_notes(act: Act, notes: Sequence[Note]) -> tuple[int, int]:
    """The notes that the database lacks: how many name a notice that it lacks as well, and how many notices became unknown."""
    lost = unknown = 0
    for start in range(0, len(notes), AT_ONCE):
        some = {note.attempt_id: note for note in notes[start : start + AT_ONCE]}
        for known in act.session.scalars(sa.select(Attempt.id).where(Attempt.id.in_(list(some)))):
            del some[known]
        nids = {note.nid for note in some.values()}
        found = set(act.session.scalars(sa.select(Notice.nid).where(Notice.nid.in_(nids))))
        lost += len(nids - found)
        _make_unknown(act, [note for note in some.values() if note.nid in found])
        unknown += len(found)
    return lost, unknown


def _all_queued(act: Act, names: dict[str, str]) -> int:
    """Everything that a launched wave was still to send: it may have gone since."""
    query = (
        sa.select(Notice.nid, Notice.channel, Notice.wave_id)
        .join(Wave, Notice.wave_id == Wave.id)
        .where(Notice.incident_id == act.incident.id, Notice.state == "queued", Notice.channel.in_(AUTOMATIC))
        .where(Wave.state == "paused")
        .limit(AT_ONCE)
    )
    count = 0
    while rows := act.session.execute(query).tuples().all():
        _make_unknown(act, [Note(uuid4(), nid, act.now, names.get(kind, kind)) for nid, kind, _ in rows])
        count += len(rows)
    return count


def _make_unknown(act: Act, notes: Iterable[Note]) -> None:
    """Write down the attempts that were made, as unknown, and lead their notices there by the steps that they must take."""
    noted = defaultdict[UUID, list[Note]](list)
    for note in notes:
        noted[note.nid].append(note)
    if not noted:
        return
    tried = sa.select(Attempt.notice_id, sa.func.max(Attempt.number)).where(Attempt.notice_id.in_(list(noted)))
    numbers = dict(act.session.execute(tried.group_by(Attempt.notice_id)).tuples().all())
    rows = [
        _attempt(act, note, numbers.get(nid, 0) + place)
        for nid, mine in noted.items()
        for place, note in enumerate(sorted(mine, key=lambda note: note.at), 1)
    ]
    act.session.execute(sa.insert(Attempt), rows)
    for before, after in STEPS.items():
        mine = sa.update(Notice).where(Notice.nid.in_(list(noted)), Notice.state == before, ~Notice.flagged)
        act.session.execute(mine.values(state=after))


def _attempt(act: Act, note: Note, number: int) -> dict[str, object]:
    return {
        "id": note.attempt_id,
        "notice_id": note.nid,
        "sealed": False,
        "number": number,
        "channel": note.channel,
        "worker": "before the restore",
        "fence": 0,
        "state": "unknown",
        "started_at": note.at,
        "ended_at": act.now,
        "detail": {"reason": WHY},
        "possible_second_copy": number > 1,
    }


def _ask(act: Act, wave: Wave) -> None:
    what = (
        "then resume it"
        if wave.state == "paused"
        else "before it is launched: it may have been launched since the backup"
    )
    open_task(
        act,
        kind="check",
        key=f"paused:{wave.id}:{wave.fence}",
        title=f"The database was restored from a backup: see what wave {wave.number} sent since, {what}",
        why="What was sent after the backup's moment is not known here. It is settled by evidence as far as there is any; start every machine that sends once, so that it adds its notes.",
    )


def _ask_about_lost(act: Act, lost: int) -> None:
    open_task(
        act,
        kind="check",
        key=f"lost:{act.now.isoformat()}",
        title=f"{lost} notices were sent that this database no longer knows: find out to whom before any wave is launched",
        why="They were drafted after the backup. The provider's own records name the recipients.",
    )
