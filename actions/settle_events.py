"""Settles what providers told: moves notices forward, keeps the proof, and asks for what follows; bounded, and safe to repeat."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from actions import clock
from actions.content import open_notice
from actions.desk import Act, Desk
from actions.event_case import Case, Tried
from actions.event_meaning import FAILED, LEADS_TO, RANK, WAITS, step, why
from actions.follow_events import follow
from actions.receive_events import recipient_key
from actions.write_events import write
from db.models import Attempt, Event, Notice
from db.vault import VaultError

AT_ONCE = 500
LONGEST = 60.0
"""Seconds that one look may take; the next one goes on where it ended."""


def settle_events(desk: Desk) -> int:
    """Settle what is there, oldest first. Returns how many events were settled."""
    until, settled = clock.ticks() + LONGEST, 0
    cursor: tuple[datetime, UUID] | None = None
    while clock.ticks() < until:
        batch, cursor = _next(desk, cursor)
        if not batch:
            break
        for incident_id, events in batch.items():
            settled += _of_nothing(desk, events) if incident_id is None else _settle(desk, incident_id, events)
    return settled


def _next(
    desk: Desk, after: tuple[datetime, UUID] | None
) -> tuple[dict[UUID | None, list[UUID]], tuple[datetime, UUID] | None]:
    """The next events that wait, by the incident of their notice; and where to go on."""
    query = (
        sa.select(Event.id, Event.received_at, Notice.incident_id)
        .join(Notice, Notice.nid == Event.nid, isouter=True)
        .where(Event.settled_at.is_(None))
        .order_by(Event.received_at, Event.id)
        .limit(AT_ONCE)
    )
    if after is not None:
        at, id_ = after
        query = query.where(sa.or_(Event.received_at > at, sa.and_(Event.received_at == at, Event.id > id_)))
    batch, last = defaultdict[UUID | None, list[UUID]](list), after
    with desk.reading() as session:
        for event_id, received_at, incident_id in session.execute(query).tuples():
            batch[incident_id].append(event_id)
            last = (received_at, event_id)
    return batch, last


def _of_nothing(desk: Desk, ids: Sequence[UUID]) -> int:
    """Events about notices that are not here, such as after a database was restored: kept, counted, no error."""
    now = clock.now()
    waiting = sa.update(Event).where(Event.id.in_(ids), Event.settled_at.is_(None))
    with desk.writing() as session:
        done = session.execute(waiting.values(came_to="unknown_notice", settled_at=now, said=None))
        return int(getattr(done, "rowcount", 0))


def _settle(desk: Desk, incident_id: UUID, ids: Sequence[UUID]) -> int:
    with desk.act("reconcile", incident_id, closed_too=True) as act:
        events = _waiting(act.session, ids)
        cases = _cases(act.session, {event.nid for event in events})
        came_to = {event.id: word for event in events if (word := _one(act, event, cases[event.nid])) is not None}
        settled = [event for event in events if event.id in came_to]
        if settled:
            moved = [case for case in cases.values() if case.was]
            write(act, cases, settled, came_to)
            follow(act, moved, settled)
    return len(settled)


def _waiting(session: Session, ids: Sequence[UUID]) -> Sequence[Event]:
    """In the order in which they happened, so that the record reads well; what comes of them does not depend on it."""
    query = sa.select(Event).where(Event.id.in_(ids), Event.settled_at.is_(None)).order_by(Event.id)
    events = session.scalars(query.with_for_update()).all()
    return sorted(events, key=lambda event: (event.at, RANK.get(LEADS_TO.get(event.kind, ""), 0), event.id))


def _cases(session: Session, nids: set[UUID]) -> dict[UUID, Case]:
    attempts = defaultdict[UUID, list[Tried]](list)
    tried = sa.select(Attempt.notice_id, Attempt.id, Attempt.channel, Attempt.state).where(Attempt.notice_id.in_(nids))
    for nid, *one in session.execute(tried.order_by(Attempt.number)):
        attempts[nid].append(Tried(*one))
    columns = (Notice.nid, Notice.wave_id, Notice.state, Notice.content_sha256)
    rows = session.execute(sa.select(*columns).where(Notice.nid.in_(nids)).order_by(Notice.nid).with_for_update())
    return {row[0]: Case(*row, attempts[row[0]]) for row in rows.tuples()}


def _one(act: Act, event: Event, case: Case) -> str | None:
    """What this event comes to; None while it has to wait."""
    mine = [one for one in case.attempts if one.channel == event.provider]
    if not mine:
        return "another_channel"
    if event.recipient is not None and not _speaks_of(act, event, case):
        return "another_recipient"
    if act.incident.closed_at:
        return "after_closing"
    if case.state in WAITS:
        return None
    target = step(case.state, event.kind)
    if target is None or (case.state == "queued" and not any(one.state == "unknown" for one in mine)):
        return "noted"
    case.was, case.state = case.was or case.state, target
    case.reference, case.at = event.reference, event.at
    if target == FAILED:
        case.because = why(event.kind, event.code)
    else:
        case.proof = event
    return "moved"


def _speaks_of(act: Act, event: Event, case: Case) -> bool:
    """Whether an unsigned report names the very address that this notice went to."""
    try:
        content = open_notice(act.session, act.vault, act.session.get_one(Notice, case.nid))
    except VaultError:
        return False
    return recipient_key(act.desk.master, content.to_address) == event.recipient
