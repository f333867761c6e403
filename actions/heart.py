"""The heart of the watch: reads the clock with care before a look, and leaves the sign of life after it."""

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from actions import clock, journal
from actions.desk import Desk
from actions.moments import far, short
from actions.sound_alarm import sound_alarm
from actions.steady_time import Reading, read_steadily
from db.models import Heartbeat

NAME = "check_deadlines"
MACHINES = 8
"""Machines whose clocks are remembered; the check may run on any of them."""


def read_clock(desk: Desk) -> Reading:
    """The time to count by. A jump is told to people at once, and journalled with the beat."""
    with desk.reading() as session:
        beat_ = session.get(Heartbeat, NAME)
        kept: dict[str, Any] = (beat_.detail if beat_ else {}).get("clocks", {})
        last = beat_.beat_at if beat_ else None
    machine, wall = clock.machine(), clock.real_now()
    reading = read_steadily(wall, clock.steady(), machine, kept.get(machine), last)
    if reading.jump:
        sound_alarm(
            desk.settings,
            "clock_jumped",
            f"It jumped {_way(reading.jump)} by {far(abs(reading.jump))}: it says {short(wall)} and should say {short(reading.now)}.",
        )
    return reading


def beat(desk: Desk, session: Session, reading: Reading, told: int) -> float:
    """Leave the sign of life; gives how long nobody had looked. Journalled are a silence longer than allowed, a clock that
    jumped, and policies of what files itself that are others than at the look before.
    """
    now = clock.now()
    row = session.get(Heartbeat, NAME, with_for_update=True)
    silent = max((now - row.beat_at).total_seconds(), 0.0) if row else 0.0
    if row is not None and silent > desk.settings.heartbeat_silence_minutes * 60:
        said = {"silent_from": row.beat_at, "silent_seconds": round(silent), "caught_up_rungs": told}
        journal.append(session, journal.HOUSE, desk.entry("check was silent", now, NAME, said))
    for what, jump in (("clock jumped", reading.jump), ("new time believed", reading.accepted)):
        if jump:
            said = {"seconds": round(jump.total_seconds()), "counted_by": now, "machine": reading.trust.machine}
            journal.append(session, journal.HOUSE, desk.entry(what, now, NAME, said))
    signed, before = list(desk.settings.file_by_itself), (row.detail if row else {}).get("policies", [])
    if signed != before:
        changed = {"before": before, "after": signed}
        journal.append(session, journal.HOUSE, desk.entry("filing policies changed", now, NAME, changed))
    clocks = {**(row.detail if row else {}).get("clocks", {}), reading.trust.machine: reading.trust.as_json()}
    detail = {"told": told, "clocks": dict(list(clocks.items())[-MACHINES:]), "policies": signed}
    if row is None:
        session.add(Heartbeat(name=NAME, beat_at=now, detail=detail))
    else:
        row.beat_at, row.detail = max(now, row.beat_at), detail
    return silent


def _way(jump: timedelta) -> str:
    return "forwards" if jump > timedelta() else "backwards"
