"""Gives up on messages that were handed over and never arrived: put off for too long, or not confirmed by anyone."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from actions import clock
from actions.desk import Act, Desk
from actions.open_task import open_task
from db.models import Incident, Notice, Obligation, Wave
from db.queries.events import delayed_since, silent_since
from settings.model import Settings

AT_ONCE = 2000
LEAST_PATIENCE = timedelta(hours=4)


def give_up_waiting(desk: Desk) -> int:
    """Look at each launched wave of an open, real incident. Returns how many people go on to their next way."""
    launched = (
        sa.select(Wave.id, Wave.incident_id)
        .join(Incident, Wave.incident_id == Incident.id)
        .where(Wave.state.in_(("launched", "paused", "done")), ~Wave.sealed, Incident.closed_at.is_(None))
        .where(Wave.launched_at <= clock.now() - LEAST_PATIENCE)
    )
    with desk.reading() as session:
        waves = session.execute(launched.order_by(Wave.launched_at)).tuples().all()
    return sum(_look_at(desk, wave_id, incident_id) for wave_id, incident_id in waves)


def _look_at(desk: Desk, wave_id: UUID, incident_id: UUID) -> int:
    settings, now = desk.settings, clock.now()
    with desk.reading() as session:
        put_off = delayed_since(session, wave_id, now - _patience(desk, incident_id, now), AT_ONCE)
        silence = now - timedelta(hours=settings.silence_hours)
        silent = silent_since(session, wave_id, silence, reporting(settings), AT_ONCE)
    if not put_off and not silent:
        return 0
    with desk.act("reconcile", incident_id) as act:
        wave = act.session.get_one(Wave, wave_id, with_for_update=True)
        given_up = _fail(act, put_off, "a mail server put it off for too long")
        if settings.silence_next_way:
            given_up += _fail(act, silent, "nobody confirmed its delivery")
        elif silent:
            _ask(act, wave)
        if given_up:
            act.journal(f"wave {wave.number}", given_up=given_up)
            act.ask_for("respond", because=f"notices of wave {wave.number} were not confirmed")
    return given_up


def reporting(settings: Settings) -> list[str]:
    """The channels that tell of every delivery, so that their silence means something."""
    told = {
        "sendgrid": bool(settings.sendgrid_webhook_keys),
        "notify": bool(settings.notify_callback_token.get_secret_value()),
    }
    return [channel for channel, tells in told.items() if tells]


def _patience(desk: Desk, incident_id: UUID, now: datetime) -> timedelta:
    """How long a delay may last: the set time, yet at most half of what is left until people must be told."""
    longest = timedelta(hours=desk.settings.delay_gives_up_hours)
    due = sa.select(sa.func.min(Obligation.due_at)).where(
        Obligation.incident_id == incident_id, Obligation.recipient == "individuals", Obligation.state == "open"
    )
    with desk.reading() as session:
        due_at = session.scalar(due)
    return longest if due_at is None else min(longest, max(LEAST_PATIENCE, (due_at - now) / 2))


def _fail(act: Act, nids: Sequence[UUID], why: str) -> int:
    """The way has failed for these, unless something was told of them meanwhile."""
    waiting = sa.update(Notice).where(Notice.nid.in_(nids), Notice.state == "accepted", ~Notice.flagged)
    done = act.session.execute(waiting.values(state="bounced", ended_because=why))
    return int(getattr(done, "rowcount", 0))


def _ask(act: Act, wave: Wave) -> None:
    open_task(
        act,
        kind="check",
        key=f"silence:{wave.id}",
        title=f"No delivery was confirmed for some notices of wave {wave.number}: look whether events arrive",
        why="They were accepted, and nothing more was told of them. FORTHWITH_SILENCE_NEXT_WAY sends such people a letter by itself.",
    )
