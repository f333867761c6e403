"""When people may be written to where they live: hours of the day in every zone of their country. Pure arithmetic."""

from datetime import UTC, datetime, time, timedelta
from functools import cache
from zoneinfo import available_timezones

from babel.core import get_global

from rulebook.zones import zone

Hours = tuple[time, time]
AHEAD = 3
"""Days in which the next opening lies, however far a country reaches."""


@cache
def zones_of(country: str) -> tuple[str, ...]:
    """Every time zone of a country (two letters); none for one that is not known."""
    known = available_timezones()
    return tuple(
        sorted(name for name, land in get_global("zone_territories").items() if land == country and name in known)
    )


def is_open(hours: Hours, country: str, at: datetime, otherwise: str) -> bool:
    """Whether it is within these hours everywhere in the country; where its zones never share an hour, anywhere in it.

    *otherwise* is the zone that counts for a country that is not known.
    """
    zones = zones_of(country) or (otherwise,)
    inside = [_holds(hours, at, name) for name in zones]
    return all(inside) if _ever_shared(hours, zones, at) else any(inside)


def opens_at(hours: Hours, country: str, at: datetime, otherwise: str) -> datetime:
    """The first moment from *at* on at which it is open."""
    if is_open(hours, country, at, otherwise):
        return at
    begins = _begins(hours, zones_of(country) or (otherwise,), at)
    return next((one for one in begins if is_open(hours, country, one, otherwise)), at)


def _ever_shared(hours: Hours, zones: tuple[str, ...], at: datetime) -> bool:
    return len(zones) == 1 or any(all(_holds(hours, one, name) for name in zones) for one in _begins(hours, zones, at))


def _begins(hours: Hours, zones: tuple[str, ...], at: datetime) -> list[datetime]:
    """Each opening in each zone in the days that follow, in order."""
    first = at.astimezone(UTC).date() - timedelta(days=1)
    days = [first + timedelta(days=ahead) for ahead in range(AHEAD + 2)]
    found = {datetime.combine(day, hours[0], zone(name)).astimezone(UTC) for name in zones for day in days}
    return sorted(one for one in found if one > at)


def _holds(hours: Hours, at: datetime, name: str) -> bool:
    return hours[0] <= at.astimezone(zone(name)).time() < hours[1]
