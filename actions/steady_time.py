"""A clock that jumped is not believed at once: what is due is counted by a clock that nobody sets, until the new time has held."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

SLACK = timedelta(minutes=2)
"""What a clock may be off within one look's distance without anyone having set it."""
HELD_BACK_FOR = timedelta(minutes=10)
"""So long a new time must hold before it counts. Rungs are told by the steady time meanwhile, so none is lost and none falsely told."""


@dataclass(frozen=True)
class Trust:
    """A pair of readings that is believed: the wall clock and, of the same moment, a clock that nobody sets, which begins
    anew with every start of the machine. *doubted_since* is on that second clock: since when the two disagree.
    """

    at: str
    ticks: float
    machine: str
    doubted_since: float | None = None

    def as_json(self) -> dict[str, Any]:
        """To be kept with the heartbeat."""
        return asdict(self)


@dataclass(frozen=True)
class Reading:
    """The time to count by, what to trust from now on, and the jump that was found (forwards is positive), when it is news."""

    now: datetime
    trust: Trust
    jump: timedelta | None = None
    accepted: timedelta | None = None


def read_steadily(
    wall: datetime, ticks: float, machine: str, kept: dict[str, Any] | None, last_beat: datetime | None
) -> Reading:
    """What time it is, by both clocks. After a start of the machine only one thing is known: it is not before the last beat."""
    fresh = Trust(wall.isoformat(), ticks, machine)
    before = Trust(**kept) if kept else None
    if before is None or before.machine != machine or ticks < before.ticks:
        if last_beat is None or wall >= last_beat - SLACK:
            return Reading(wall, fresh)
        return Reading(last_beat, Trust(last_beat.isoformat(), ticks, machine, ticks), jump=wall - last_beat)
    steady = datetime.fromisoformat(before.at) + timedelta(seconds=ticks - before.ticks)
    jump = wall - steady
    if abs(jump) <= SLACK:
        return Reading(wall, fresh)
    if before.doubted_since is None:
        return Reading(steady, Trust(before.at, before.ticks, machine, ticks), jump=jump)
    if ticks - before.doubted_since < HELD_BACK_FOR.total_seconds():
        return Reading(steady, before)
    return Reading(wall, fresh, accepted=jump)
