"""Watches every clock as of now: what is due is told, once; what was missed while nobody looked is caught up and said to be late."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from actions import clock, journal
from actions.desk import Desk
from actions.escalate import escalate
from actions.keep_holds import review_holds
from actions.remind_managers import remind_managers
from actions.send_alerts import send_alerts
from actions.triggers import Wish, lost
from db.models import Exercise, Heartbeat, Rung

NAME = "check_deadlines"


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
    """
    told, failures = 0, list[Exception]()
    for incident_id, rung_ids in _due(desk).items():
        try:
            told += escalate(desk, incident_id, rung_ids)
        except Exception as failure:  # noqa: BLE001 - one incident's fault must not silence the others' alarms; raised below
            failures.append(failure)
    try:
        told += remind_managers(desk)
    except Exception as failure:  # noqa: BLE001 - as above
        failures.append(failure)
    try:
        review_holds(desk)
    except Exception as failure:  # noqa: BLE001 - as above
        failures.append(failure)
    sent = send_alerts(desk)
    with desk.writing() as session:
        wishes = tuple(lost(session))
        silent = _beat(desk, session, told)
    if failures:
        raise ExceptionGroup("some incidents could not be checked", failures)
    return Checked(told, sent, wishes, silent)


def anything_due(desk: Desk) -> bool:
    """Whether a look of the watch would tell anyone anything now."""
    return bool(_due(desk))


def _due(desk: Desk) -> dict[UUID, list[UUID]]:
    """The rungs whose moment has come, by incident, oldest first: the real ones by the real clock, exercises by theirs."""
    due: dict[UUID, list[UUID]] = defaultdict(list)
    with desk.reading() as session:
        worlds: list[Exercise | None] = [None, *session.scalars(sa.select(Exercise).where(Exercise.ended_at.is_(None)))]
        for world in worlds:
            for rung in _waiting(session, world, clock.now(world)):
                due[rung.incident_id].append(rung.id)
    return due


def _waiting(session: Session, world: Exercise | None, now: datetime) -> Sequence[Rung]:
    query = sa.select(Rung).where(Rung.told_at.is_(None), Rung.fires_at <= now).order_by(Rung.fires_at)
    return session.scalars(query.where(Rung.exercise_id == world.id if world else Rung.exercise_id.is_(None))).all()


def _beat(desk: Desk, session: Session, told: int) -> float:
    """Leave the sign of life; a silence longer than allowed before it is journalled, with its length."""
    now = clock.now()
    beat = session.get(Heartbeat, NAME, with_for_update=True)
    silent = (now - beat.beat_at).total_seconds() if beat else 0.0
    if silent > desk.settings.heartbeat_silence_minutes * 60:
        details = {
            "silent_from": beat.beat_at if beat else None,
            "silent_seconds": round(silent),
            "caught_up_rungs": told,
        }
        journal.append(session, journal.HOUSE, desk.entry("check was silent", now, NAME, details))
    if beat is None:
        session.add(Heartbeat(name=NAME, beat_at=now, detail={"told": told}))
    else:
        beat.beat_at, beat.detail = max(now, beat.beat_at), {"told": told}
    return silent
