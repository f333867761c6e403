"""Hands reports in: state before bytes, each once; what got no answer is settled by evidence, what surely failed goes to a person."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from actions import clock
from actions.desk import Desk
from actions.errors import Conflict
from actions.report_message import message_of
from actions.settle_dispatch import Came, settle_dispatch
from actions.ways import report_channel
from channels.envelope import Envelope
from channels.outcome import Accepted, Channel, ChannelError, Evidence, Finding, Unknown
from db.models import Dispatch, Exercise, Incident, Obligation, Report
from db.queries.incidents import exercise_of

DEAD_AFTER = timedelta(minutes=5)
"""A worker that has not said what became of a dispatch by then is dead; longer than any channel takes to answer."""


@dataclass(frozen=True)
class _Waiting:
    """One dispatch that something is to be done about, and the world it belongs to."""

    id: UUID
    incident_id: UUID
    state: str
    way: str
    authority: str
    exercise: Exercise | None


def hand_in(desk: Desk, incident_id: UUID | None = None) -> Counter[str]:
    """Do what can be done now for each dispatch, of one incident or of all: hand it over, or look what became of it.

    Safe to run at any time, by several at once, and to kill at any moment. Gives how many stand where.
    """
    done = Counter[str]()
    for one in _waiting(desk, incident_id):
        try:
            done[_move(desk, one)] += 1
        except Conflict:
            done["refused"] += 1  # closed since, or taken by someone else: its own record says so
    return done


def _waiting(desk: Desk, incident_id: UUID | None) -> list[_Waiting]:
    dead = sa.and_(Dispatch.state == "sending", Dispatch.claimed_at < clock.now() - DEAD_AFTER)
    query = (
        sa.select(Dispatch, Obligation.authority, Incident)
        .join(Report, Report.id == Dispatch.report_id)
        .join(Obligation, Obligation.id == Report.obligation_id)
        .join(Incident, Incident.id == Dispatch.incident_id)
        .where(sa.or_(Dispatch.state.in_(("queued", "unknown")), dead), Incident.closed_at.is_(None))
        .order_by(Dispatch.asked_at)
    )
    with desk.reading() as session:
        rows = session.execute(query if incident_id is None else query.where(Incident.id == incident_id))
        return [
            _Waiting(row.id, row.incident_id, row.state, row.way, authority, exercise_of(session, incident))
            for row, authority, incident in rows.tuples()
        ]


def _move(desk: Desk, one: _Waiting) -> str:
    if one.state == "sending":
        return settle_dispatch(desk, one.incident_id, one.id, Came("unknown", "the worker that sent it was lost"))
    try:
        channel = report_channel(desk.settings, one.exercise, one.way, one.authority)
    except ChannelError as error:
        return _later(desk, one, str(error))
    try:
        return _look(desk, one, channel) if one.state == "unknown" else _hand_over(desk, one, channel)
    finally:
        channel.close()


def _hand_over(desk: Desk, one: _Waiting, channel: Channel) -> str:
    """The row first, then the bytes, then what became of them."""
    try:
        channel.check()
    except ChannelError as error:
        return _later(desk, one, str(error))
    envelope = _claim(desk, one)
    if envelope is None:
        return "taken by another worker"
    return settle_dispatch(desk, one.incident_id, one.id, _sent(channel, envelope))


def _claim(desk: Desk, one: _Waiting) -> Envelope | None:
    """Keep the exact bytes and the moment; None where somebody else has it."""
    with desk.act("hand_in", one.incident_id) as act:
        dispatch = act.session.get_one(Dispatch, one.id, with_for_update=True)
        if dispatch.state != "queued":
            return None
        message = message_of(desk.settings, act.session, dispatch)
        _keep(dispatch, act.vault.seal(message.wire, f"dispatches/sent/{dispatch.id}"), message.sha256)
        dispatch.state, dispatch.handed_over_at, dispatch.claimed_at = "sending", act.now, clock.now()
        act.journal(f"dispatch {dispatch.id}", way=dispatch.way, to=dispatch.address, bytes=dispatch.sent_sha256)
        return message.envelope


def _keep(dispatch: Dispatch, sealed: bytes, sha256: str) -> None:
    """The bytes of the first try; a later try of other bytes is refused, as the database would."""
    if dispatch.sent_sha256 in ("", sha256):
        dispatch.sent, dispatch.sent_sha256 = dispatch.sent or sealed, sha256
        return
    raise Conflict(
        f"Dispatch {dispatch.id} would say something else than before; take it back and send the report anew."
    )


def _sent(channel: Channel, envelope: Envelope) -> Accepted | ChannelError:
    try:
        return channel.send(envelope)
    except ChannelError as error:
        return error
    except Exception as error:  # noqa: BLE001 - a fault in a channel must not lose what is known of the report
        return Unknown(f"the channel failed with {type(error).__name__}")


def _look(desk: Desk, one: _Waiting, channel: Channel) -> str:
    """What the other side's own records say. That nothing is there counts only after a while: it may still turn up."""
    with desk.reading() as session:
        row = session.get_one(Dispatch, one.id)
        asked = (row.report_id, row.address, str(row.id), row.handed_over_at or row.asked_at)
        settles_at = _settles_at(desk, session, row)
    nid, address, category, since = asked
    try:
        found: Evidence = channel.evidence(nid, to_address=address, category=category, since_at=since)
    except ChannelError as error:
        found = Evidence(Finding.UNCLEAR, None, str(error))
    if found.finding is Finding.FOUND:
        taken = Accepted(found.reference, found.detail, answer=found.answer)
        return settle_dispatch(desk, one.incident_id, one.id, taken)
    if found.finding is Finding.ABSENT and clock.now() >= settles_at:
        return settle_dispatch(desk, one.incident_id, one.id, Came("rejected", found.detail))
    return "unknown"


def _settles_at(desk: Desk, session: Session, row: Dispatch) -> datetime:
    began = row.claimed_at or row.asked_at
    return began + timedelta(minutes=desk.settings.unknown_settles_after_minutes)


def _later(desk: Desk, one: _Waiting, why: str) -> str:
    """It stays queued, and says why."""
    with desk.writing() as session:
        row = session.get_one(Dispatch, one.id, with_for_update=True)
        if row.detail != why:
            row.detail = why
    return row.state
