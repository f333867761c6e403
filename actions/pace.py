"""Keeps the pace of sending: so many messages a second and an hour, and a pause for everybody when the other side asks for one.

What each channel may still take is kept in the database, so that all workers on all machines share it; each takes a few at a time.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from actions import clock
from actions.desk import Desk
from actions.ramp import pace_on
from db.models import Pace
from settings.model import Settings

BURST_SECONDS = 0.25
BURST_OF_AN_HOUR = 1 / 12
"""The share of an hour's messages that may go at once; the others follow evenly, so that no hour ever has more than its number."""
MOST_AT_ONCE = 512
"""What a worker takes at once at most, so that a pause finds little in its hands."""
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 900.0


@dataclass(frozen=True)
class Limits:
    """How many messages may go; no number for an hour means that the seconds alone count."""

    per_second: float
    per_hour: float | None = None

    @property
    def burst(self) -> float:
        """What may go at once after a rest."""
        return max(1.0, self.per_second * BURST_SECONDS)

    @property
    def hour_burst(self) -> float:
        """The same, of an hour's number."""
        return max(1.0, (self.per_hour or 0) * BURST_OF_AN_HOUR)


def limits_now(settings: Settings, now: datetime) -> Limits:
    """The limits of every channel at this moment; while a new sender is on its ramp, the day's."""
    return Limits(pace_on(settings, now.astimezone(UTC).date()), settings.rate_per_hour)


class Allowance:
    """What one worker may send by one channel. Not for use from several threads."""

    def __init__(self, desk: Desk, channel: str) -> None:
        self._desk, self._channel = desk, channel
        self._left = 0
        self._not_before = 0.0

    def take(self, wanted: int) -> int:
        """How many of the wanted messages may go now."""
        if wanted <= 0 or self.wait() > 0:
            return 0
        if self._left < wanted:
            self._draw(wanted)
        allowed = min(wanted, self._left)
        self._left -= allowed
        return allowed

    def give_back(self, count: int) -> None:
        """What was allowed and not needed."""
        self._left += count

    def heed(self, pace: Pace | None) -> None:
        """A pause that any worker was asked for is everybody's."""
        if pace is not None and pace.paused_until is not None:
            self._wait_for((pace.paused_until - clock.now()).total_seconds())

    def wait(self) -> float:
        """Seconds until the next message may go."""
        return max(0.0, self._not_before - clock.ticks())

    def _draw(self, wanted: int) -> None:
        now = clock.now()
        limits = limits_now(self._desk.settings, now)
        with self._desk.writing() as session:
            most = min(MOST_AT_ONCE, max(wanted, int(limits.burst))) - self._left
            drawn, seconds = draw(session, self._channel, most, limits, now)
        self._left += drawn
        if not self._left:
            self._wait_for(seconds)

    def _wait_for(self, seconds: float) -> None:
        self._not_before = max(self._not_before, clock.ticks() + seconds)


def draw(session: Session, channel: str, wanted: int, limits: Limits, now: datetime) -> tuple[int, float]:
    """Take up to so many from the channel's bucket; where there is none, the seconds until there is one."""
    pace = _filled(session, channel, limits, now)
    if pace.paused_until is not None and pace.paused_until > now:
        return 0, (pace.paused_until - now).total_seconds()
    most = pace.tokens if limits.per_hour is None else min(pace.tokens, pace.hour_tokens)
    drawn = max(0, min(wanted, int(most)))
    pace.tokens, pace.hour_tokens = pace.tokens - drawn, pace.hour_tokens - drawn
    session.flush()
    short = max(0.0, 1.0 - pace.tokens) / limits.per_second
    if limits.per_hour is not None:
        short = max(short, max(0.0, 1.0 - pace.hour_tokens) / _per_second_of_hour(limits))
    return drawn, short


def slow_down(session: Session, channel: str, seconds: float, now: datetime) -> None:
    """The other side is tired: everybody pauses for as long as it says, or twice as long as the last time if it does not say."""
    pace = _pace(session, channel, now)
    resting = pace.paused_until is not None and pace.paused_until > now
    if not seconds and resting:
        return  # one tiredness, of which several heard
    pace.slow_downs += 1
    pause(session, channel, seconds or min(FIRST_PAUSE * 2 ** min(pace.slow_downs - 1, 20), LONGEST_PAUSE), now)


def pause(session: Session, channel: str, seconds: float, now: datetime) -> None:
    """Let nothing go for so long; a shorter pause never ends a longer one."""
    pace, until = _pace(session, channel, now), now + timedelta(seconds=seconds)
    pace.paused_until = max(until, pace.paused_until or until)
    session.flush()


def speed_up(session: Session, channel: str, now: datetime) -> None:
    """The other side takes messages again."""
    _pace(session, channel, now).slow_downs = 0
    session.flush()


def _filled(session: Session, channel: str, limits: Limits, now: datetime) -> Pace:
    """The channel's bucket as it is by now."""
    pace = _pace(session, channel, now, limits)
    seconds = max(0.0, (now - pace.filled_at).total_seconds())
    pace.tokens = min(limits.burst, pace.tokens + seconds * limits.per_second)
    if limits.per_hour is not None:
        pace.hour_tokens = min(limits.hour_burst, pace.hour_tokens + seconds * _per_second_of_hour(limits))
    pace.filled_at = max(now, pace.filled_at)
    return pace


def _per_second_of_hour(limits: Limits) -> float:
    return max((limits.per_hour or 0) * (1 - BURST_OF_AN_HOUR) / 3600, 1e-9)


def _pace(session: Session, channel: str, now: datetime, limits: Limits | None = None) -> Pace:
    """The row of this channel, locked, made when there is none."""
    pace = session.get(Pace, channel, with_for_update=True, populate_existing=True)
    if pace is None:
        full = limits or Limits(1.0)
        row = {"channel": channel, "tokens": full.burst, "hour_tokens": full.hour_burst, "filled_at": now}
        with suppress(sa.exc.IntegrityError), session.begin_nested():  # another worker may have made it just now
            session.execute(sa.insert(Pace).values(**row))
        pace = session.get_one(Pace, channel, with_for_update=True, populate_existing=True)
    return pace


_PACES = sa.select(Pace).where(Pace.channel.in_(sa.bindparam("channels", expanding=True)))


def paces(session: Session, channels: list[str]) -> dict[str, Pace]:
    """How each of these channels is doing."""
    found = session.scalars(_PACES, {"channels": channels}, execution_options={"populate_existing": True})
    return {pace.channel: pace for pace in found}
