"""How moments are spelt for people: in UTC, the team's zone and the authority's, with how far off they are."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from actions.errors import Conflict

HOW = "write it with its offset from UTC, such as 2026-12-01T10:00+00:00"
YEARS = range(1990, 2100)
"""Years that can be meant. At the ends of the calendar a time cannot even be shown in every zone."""


def read_moment(given: str, option: str) -> datetime:
    """A time as it was typed. Raises Conflict for what is none, and for one without an offset."""
    try:
        moment = datetime.fromisoformat(given)
    except ValueError:
        raise Conflict(f"{option}: {given!r} is not a time; {HOW}.") from None
    if moment.utcoffset() is None:
        raise Conflict(f"{option}: {given} has no offset, so nobody can tell which hour it is; {HOW}.")
    if moment.year not in YEARS:
        raise Conflict(f"{option}: {given} is too far from today to be meant; {HOW}.")
    return moment.astimezone(UTC)


def spelt(moment: datetime, *zones: str) -> str:
    """The moment in UTC and, where they differ, in each of these zones."""
    utc = moment.astimezone(UTC)
    elsewhere = (f"{_there(utc, zone)} {zone}" for zone in dict.fromkeys(zones) if zone not in ("", "UTC"))
    listed = ", ".join(elsewhere)
    return f"{utc:%a} {utc.day} {utc:%b %Y %H:%M} UTC" + (f" ({listed})" if listed else "")


def short(moment: datetime) -> str:
    """The moment in UTC, for a column."""
    utc = moment.astimezone(UTC)
    return f"{utc:%Y-%m-%d %H:%M}Z"


def left(moment: datetime, now: datetime) -> str:
    """How far off: 'in 2 d 3 h', 'LATE by 40 min'."""
    return f"LATE by {far(now - moment)}" if moment < now else f"in {far(moment - now)}"


def far(span: timedelta) -> str:
    """A length of time in the two largest units that matter."""
    minutes = int(span.total_seconds()) // 60
    days, hours = minutes // 1440, minutes // 60 % 24
    if days > 9:
        return f"{days} d"
    return f"{days} d {hours} h" if days else f"{hours} h {minutes % 60} min" if hours else f"{minutes} min"


def _there(utc: datetime, zone: str) -> str:
    local = utc.astimezone(ZoneInfo(zone))
    return f"{local:%H:%M}" if local.date() == utc.date() else f"{local:%a} {local.day} {local:%b} {local:%H:%M}"
