"""The days and hours that a person said are safe: read from a list's cell, asked before each contact and for each next try."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
EVERY_DAY = ("every day", "daily", "any day")
LOOK_AHEAD_DAYS = 8
_WINDOW = re.compile(r"(?P<days>[a-z ,-]+?) *(?P<begin>\d{1,2}:\d{2}) *(?:-|–|to) *(?P<end>\d{1,2}:\d{2})")


@dataclass(frozen=True)
class Window:
    """Some days of the week, from one time to a later one, by the clock where the incident is."""

    days: tuple[int, ...]
    begin: time
    end: time

    def holds(self, at: datetime) -> bool:
        """Whether this local moment lies in it."""
        return at.weekday() in self.days and self.begin <= at.time() < self.end

    def __str__(self) -> str:
        return f"{_spelt(self.days)} {self.begin:%H:%M}-{self.end:%H:%M}"


def read_hours(text: str) -> tuple[Window, ...]:
    """The windows of such a cell as ``Mon-Fri 09:00-12:00; Sat 10:00-11:00``. Raises ValueError for one that cannot be read."""
    return tuple(_window(part.strip().lower()) for part in text.split(";") if part.strip())


def hours_in_words(windows: tuple[Window, ...]) -> str:
    """The one way to write them; reading it gives them back."""
    return "; ".join(map(str, windows))


def is_safe_hour(windows: tuple[Window, ...], at: datetime, zone: str) -> bool:
    """Whether somebody may be rung or visited then. Without windows every hour is as safe as another."""
    there = at.astimezone(ZoneInfo(zone))
    return not windows or any(one.holds(there) for one in windows)


def next_safe_hour(windows: tuple[Window, ...], after: datetime, zone: str) -> datetime | None:
    """The first moment from *after* on that lies in a window; None without windows."""
    if is_safe_hour(windows, after, zone):
        return after if windows else None
    here = ZoneInfo(zone)
    return min((at for at in _begins(windows, after.astimezone(here)) if at >= after), default=None)


def _begins(windows: tuple[Window, ...], there: datetime) -> Iterator[datetime]:
    """When each window opens in the days that follow."""
    for ahead in range(LOOK_AHEAD_DAYS):
        day = there.date() + timedelta(days=ahead)
        for one in windows:
            if day.weekday() in one.days:
                yield datetime.combine(day, one.begin, there.tzinfo)


def _window(text: str) -> Window:
    found = _WINDOW.fullmatch(text)
    if found is None:
        raise ValueError("not days and hours")
    begin, end = (time.fromisoformat(found[name].zfill(5)) for name in ("begin", "end"))
    days = _days(found["days"].strip())
    if begin >= end or not days:
        raise ValueError("not days and hours")
    return Window(days, begin, end)


def _days(text: str) -> tuple[int, ...]:
    if text in EVERY_DAY:
        return tuple(range(len(DAYS)))
    days = set[int]()
    for part in text.split(","):
        first, dash, last = (word.strip()[:3] for word in part.partition("-"))
        begin = DAYS.index(first)  # a word that is no day is a ValueError, as wanted
        end = DAYS.index(last) if dash else begin
        days |= {day % len(DAYS) for day in range(begin, end + 1 + (len(DAYS) if end < begin else 0))}
    return tuple(sorted(days))


def _spelt(days: tuple[int, ...]) -> str:
    if len(days) == len(DAYS):
        return "every day"
    return ",".join(DAYS[day].capitalize() for day in days)
