"""The ramp of a cold sender: how many e-mails may leave on each day until its domain is known. Pure arithmetic."""

from datetime import UTC, date, datetime, time, timedelta

from settings.model import Settings

DAY = timedelta(days=1)
LONGEST = 3650
"""Days that a forecast looks ahead; whatever takes longer never ends."""


def allowed_on(settings: Settings, day: date) -> int | None:
    """How many e-mails may leave on this day (UTC); None where the sender is warm. Before the ramp begins its first day counts."""
    if settings.ramp_from is None:
        return None
    place = max(0, (day - settings.ramp_from).days)
    return settings.ramp_per_day[place] if place < len(settings.ramp_per_day) else None


def pace_on(settings: Settings, day: date) -> float:
    """Messages a second on this day: the rate, or the day's number spread evenly, so that no day ever has more."""
    allowed = allowed_on(settings, day)
    most = settings.rate_per_second
    return most if allowed is None else min(most, allowed / DAY.total_seconds())


def ends_at(settings: Settings, left: int, now: datetime, measured: float | None = None) -> datetime | None:
    """When so many messages will have left, at the pace of each day and no faster than measured; None for never."""
    at, rest = now.astimezone(UTC), float(left)
    for _ in range(LONGEST):
        pace = min(pace_on(settings, at.date()), measured or settings.rate_per_second)
        midnight = datetime.combine(at.date() + DAY, time(), UTC)
        today = pace * (midnight - at).total_seconds()
        if rest <= today:
            return at + timedelta(seconds=rest / pace)
        at, rest = midnight, rest - today
    return None
