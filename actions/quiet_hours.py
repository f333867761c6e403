"""Quiet hours: an early warning that falls into the team's night waits for the morning, unless the limit is nearer."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from settings.model import Settings
from settings.written import times_of

LAST_LEVEL = 3
"""From this level on a warning wakes people: the last rungs are never kept back."""


def not_at_night(settings: Settings, fires_at: datetime, level: int, end_at: datetime) -> datetime:
    """When a rung of this level is told: then, or on the morning after; never after the limit, and never earlier."""
    hours = times_of(settings.quiet_hours)
    if hours is None or level >= LAST_LEVEL:
        return fires_at
    morning = _morning(fires_at.astimezone(ZoneInfo(settings.time_zone)), *hours)
    return fires_at if morning is None or morning >= end_at else morning


def _morning(local: datetime, begins: time, ends: time) -> datetime | None:
    """The end of the quiet hours that this local moment lies in; None when it lies in none."""
    now = local.time()
    within = begins <= now < ends if begins < ends else now >= begins or now < ends
    if not within:
        return None
    day = local.date() + timedelta(days=1) if begins >= ends and now >= begins else local.date()
    return datetime.combine(day, ends, local.tzinfo).astimezone(ZoneInfo("UTC"))
