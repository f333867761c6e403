"""Sends the warnings to staff that are queued, each once: state before bytes, as for notices, and a mark outside the database after."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from actions import clock
from actions.alert_ways import AlertWays
from actions.desk import Desk
from actions.marks import Marks
from actions.targets import LABEL
from channels.outcome import ChannelError, Halt, Refused, TryAgain
from db.models import Alert, Exercise, Incident, Rung
from db.queries.incidents import exercise_of

AT_ONCE = 200
DEAD_AFTER = timedelta(minutes=5)
TARGETS_ARE_TRIED_FOR = timedelta(minutes=10)
"""A target that did not say that it took a warning is given it again so long: a second copy is a smaller harm than none."""
LONGEST_LOOK_SECONDS = 40.0


@dataclass(frozen=True)
class _Queued:
    alert: Alert
    exercise: Exercise | None
    what: tuple[object, ...]
    """What it tells to whom, in words that a database put back from a backup would use again."""


def send_alerts(desk: Desk) -> int:
    """Send what is queued; returns how many were accepted. One that may not have gone is tried again at the next check."""
    _take_up(desk)
    sent, marks, until = 0, Marks(desk.settings), clock.ticks() + LONGEST_LOOK_SECONDS
    with closing(AlertWays(desk.settings)) as ways:
        for one in _queued(desk):
            if clock.ticks() > until:
                break
            if ways.open(one.alert, one.exercise) and _claim(desk, one.alert.id):
                sent += _send(desk, one, ways, marks)
    marks.forget(clock.now())
    return sent


def _take_up(desk: Desk) -> None:
    """A check that died while sending leaves its alert behind: it goes again, under the same Message-ID. For a warning to
    staff a second copy is a smaller harm than none.
    """
    with desk.writing() as session:
        left = sa.update(Alert).where(Alert.state == "sending", Alert.settled_at < clock.now() - DEAD_AFTER)
        session.execute(left.values(state="queued", detail="a check ended while sending; sent again"))


def _queued(desk: Desk) -> Iterator[_Queued]:
    """All that wait, the oldest first, each once: one that stays queued is not in the way of those behind it."""
    after = None
    while True:
        query = sa.select(Alert, Rung).outerjoin(Rung, Rung.id == Alert.rung_id).where(Alert.state == "queued")
        if after is not None:
            at, alert_id = after
            query = query.where(sa.or_(Alert.queued_at > at, sa.and_(Alert.queued_at == at, Alert.id > alert_id)))
        with desk.reading() as session:
            found = session.execute(query.order_by(Alert.queued_at, Alert.id).limit(AT_ONCE)).tuples().all()
            batch = [_Queued(alert, _exercise(session, alert), _what(alert, rung)) for alert, rung in found]
        yield from batch
        if len(batch) < AT_ONCE:
            return
        after = batch[-1].alert.queued_at, batch[-1].alert.id


def _exercise(session: Session, alert: Alert) -> Exercise | None:
    """The drill that it belongs to; an intake is always real."""
    return exercise_of(session, session.get_one(Incident, alert.incident_id)) if alert.incident_id else None


def _what(alert: Alert, rung: Rung | None) -> tuple[object, ...]:
    about = (rung.subject_id, rung.rung) if rung else (alert.incident_id or alert.intake_id, alert.kind)
    return *about, alert.recipient


def _claim(desk: Desk, alert_id: UUID) -> bool:
    """Mark it as leaving, before the first byte does; False when another check has it."""
    with desk.writing() as session:
        alert = session.get(Alert, alert_id, with_for_update=True)
        if alert is None or alert.state != "queued":
            return False
        alert.state, alert.settled_at = "sending", clock.now()
        return True


def _send(desk: Desk, one: _Queued, ways: AlertWays, marks: Marks) -> int:
    alert = one.alert
    if marks.has(*one.what):
        return _settle(desk, alert.id, "accepted", "told before, says its mark outside the database; not told again", 0)
    try:
        ways.send(alert, one.exercise)
    except (TryAgain, Halt) as later:
        return _settle(desk, alert.id, "queued", str(later), 0)
    except Refused as no:
        return _settle(desk, alert.id, "rejected", str(no), 0)
    except ChannelError as unsure:
        return _settle(desk, alert.id, _unsure(alert), str(unsure), 0)
    marks.add(clock.now(), *one.what)
    return _settle(desk, alert.id, "accepted", "", 1)


def _unsure(alert: Alert) -> str:
    young = clock.now() - alert.queued_at < TARGETS_ARE_TRIED_FOR
    return "queued" if alert.recipient.startswith(LABEL) and young else "unknown"


def _settle(desk: Desk, alert_id: UUID, state: str, detail: str, sent: int) -> int:
    with desk.writing() as session:
        alert = session.get_one(Alert, alert_id)
        alert.state, alert.detail, alert.settled_at = state, detail, clock.now()
    return sent
