"""Watches every clock as of now: what is due is told, once; what was missed while nobody looked is caught up and said to be late."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from actions import clock
from actions.desk import Desk
from actions.escalate import escalate
from actions.heart import NAME, beat, read_clock
from actions.keep_holds import review_holds
from actions.mind_switches import mind_switches
from actions.remind_managers import remind_managers
from actions.send_alerts import send_alerts
from actions.triggers import Wish, lost
from db.models import Exercise, Rung
from db.queries.heartbeat import last_heartbeat
from db.session import DatabaseBusy

__all__ = ["NAME", "Checked", "anything_due", "check_deadlines"]


@dataclass(frozen=True)
class Checked:
    """What one look did: rungs told, alerts that left, runs to ask for, and how long nobody had looked before."""

    told: int
    alerts: int
    to_start: tuple[Wish, ...]
    silent_seconds: float


def check_deadlines(desk: Desk) -> Checked:
    """Do everything that is due. Safe to run at any time, late, twice, or by two at once: each rung is told once.

    An incident whose check fails does not keep the others from theirs; the failures are raised together at the end.
    Raises DatabaseBusy at once where another keeps the whole database: the next look finds all of it still due, and says how late it is.
    """
    reading = read_clock(desk)
    with clock.corrected(reading.now - clock.real_now()):
        failures: list[Exception] = []
        told = sum(_tried(failures, part) for part in _parts(desk))
        sent = send_alerts(desk)
        with desk.writing() as session:
            wishes = tuple(lost(session))
            silent = beat(desk, session, reading, told)
    if failures:
        raise ExceptionGroup("some incidents could not be checked", failures)
    return Checked(told, sent, wishes, silent)


def _parts(desk: Desk) -> list[Callable[[], int]]:
    """What there is to do, each apart from the others: one incident's fault must not silence the others' alarms."""
    unwatched_since = _unwatched_since(desk)
    parts: list[Callable[[], int]] = [
        lambda incident_id=incident_id, rung_ids=rung_ids: escalate(desk, incident_id, rung_ids, unwatched_since)  # type: ignore[misc]  # each its own
        for incident_id, rung_ids in _due(desk).items()
    ]
    return [*parts, lambda: remind_managers(desk), lambda: mind_switches(desk), lambda: _holds(desk)]


def _holds(desk: Desk) -> int:
    """Holds on people whose review is due; what they tell is a task, not a rung."""
    review_holds(desk)
    return 0


def _tried(failures: list[Exception], part: Callable[[], int]) -> int:
    try:
        return part()
    except DatabaseBusy:
        raise  # each of the others would wait as long, for the same
    except Exception as failure:  # noqa: BLE001 - one fault must not silence the others' alarms; raised when all is done
        failures.append(failure)
        return 0


def anything_due(desk: Desk) -> bool:
    """Whether a look of the watch would tell anyone anything now."""
    return bool(_due(desk))


def _due(desk: Desk) -> dict[UUID, list[UUID]]:
    """The rungs whose moment has come, by incident, oldest first: the real ones by the real clock, exercises by theirs."""
    due: dict[UUID, list[UUID]] = defaultdict(list)
    with desk.reading() as session:
        worlds: list[Exercise | None] = [None, *session.scalars(sa.select(Exercise).where(Exercise.ended_at.is_(None)))]
        for world in worlds:
            for rung_id, incident_id in _waiting(session, world, clock.now(world)):
                due[incident_id].append(rung_id)
    return due


def _waiting(session: Session, world: Exercise | None, now: datetime) -> Sequence[tuple[UUID, UUID]]:
    query = sa.select(Rung.id, Rung.incident_id).where(Rung.told_at.is_(None), Rung.fires_at <= now)
    mine = query.where(Rung.exercise_id == world.id if world else Rung.exercise_id.is_(None))
    return session.execute(mine.order_by(Rung.fires_at)).tuples().all()


def _unwatched_since(desk: Desk) -> datetime | None:
    """When anyone last looked, if that is longer ago than it may be."""
    with desk.reading() as session:
        last = last_heartbeat(session)
    allowed = timedelta(minutes=desk.settings.heartbeat_silence_minutes)
    return last if last is not None and clock.now() - last > allowed else None
