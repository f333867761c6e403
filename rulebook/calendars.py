"""Which days are worked where: weekends and public holidays from the holidays package, and a refusal beyond its years."""

from datetime import date, timedelta
from functools import cache
from importlib import import_module
from importlib.metadata import version
from typing import Any, Final

A_DAY: Final = timedelta(days=1)
SATURDAY: Final = 5


class NoCalendar(LookupError):
    """Nobody knows here which days of that year are holidays, so a limit that depends on them cannot be counted."""

    def __init__(self, calendar: str, year: int) -> None:
        super().__init__(f"the holidays of {calendar} are not known for {year}")
        self.calendar, self.year = calendar, year


def is_worked(day: date, calendar: str | None) -> bool:
    """Neither a day of the weekend there nor a public holiday. Without a calendar Saturdays and Sundays alone are told.

    A holiday whose day is only estimated (those by the moon) is taken as worked, so that no limit ends too late.
    Raises NoCalendar for a year beyond the data.
    """
    if calendar is None:
        return day.weekday() < SATURDAY
    holidays = _holidays(calendar)
    if day.weekday() in holidays.weekend and day not in holidays.weekend_workdays:
        return False
    if not holidays.start_year <= day.year <= holidays.end_year:
        raise NoCalendar(calendar, day.year)
    return day not in holidays or "(estimated)" in holidays[day]


def worked_on_or_after(day: date, calendar: str | None) -> date:
    """The day itself where it is worked, else the next one that is."""
    while not is_worked(day, calendar):
        day += A_DAY
    return day


def worked_after(day: date, n: int, calendar: str | None) -> date:
    """The nth worked day after a day, which is not counted itself."""
    for _ in range(n):
        day = worked_on_or_after(day + A_DAY, calendar)
    return day


def worked_between(after: date, until: date, calendar: str | None) -> int:
    """How many days are worked after the first day, up to and with the last."""
    days = (after + A_DAY * step for step in range(1, (until - after).days + 1))
    return sum(is_worked(day, calendar) for day in days)


def is_carnival(day: date, calendar: str | None) -> bool:
    """Monday or Tuesday of carnival: no public holiday, but no office is open either."""
    if calendar is None:
        return False
    return any(_holidays(calendar).get(day + timedelta(days=days)) == "Good Friday" for days in (46, 45))


def last_year(calendar: str) -> int:
    """The last year whose holidays are known."""
    return int(_holidays(calendar).end_year)


@cache
def source() -> str:
    """The package and version that the days come from; it stands in the terms of each limit that was counted with them."""
    return f"holidays {version('holidays')}"


@cache
def _holidays(calendar: str) -> Any:
    # Loaded when a limit first asks: importing it takes longer than reading the whole book, and most incidents never ask.
    # In English, since the name of a day tells whether it is estimated.
    country, _, part = calendar.partition("-")
    return import_module("holidays").country_holidays(country, subdiv=part or None, language="en_US")
