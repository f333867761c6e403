"""The ways of counting a period: each once, with its source, behind one table."""

from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from typing import Final, Literal, NamedTuple
from zoneinfo import ZoneInfo

from rulebook import calendars


class Span(NamedTuple):
    """What a way of counting is given: from when, how many, on whose clock, by whose holidays."""

    start_at: datetime
    n: int
    zone: ZoneInfo
    calendar: str | None = None


class Counted(NamedTuple):
    """What a way of counting gives back. `due_on` only where the limit is a day; `target_at` only where it differs."""

    due_at: datetime
    due_on: date | None = None
    target_at: datetime | None = None
    fell_at: datetime | None = None  # where it fell before it was moved off a day that is not worked

    @property
    def bare_at(self) -> datetime:
        """The limit before any move: of two limits the one that falls first is the one that is then moved."""
        return self.fell_at or self.due_at


def elapsed_hours(span: Span) -> Counted:
    """N times 3,600 seconds, nights, weekends, holidays and clock changes included. The practice for the 72 hours."""
    return Counted(span.start_at.astimezone(UTC) + timedelta(hours=span.n))


def eu_1182_hours(span: Span) -> Counted:
    """Regulation 1182/71 Art 3(1), 3(2)(a): the clock hour of the event does not count, N full hours follow.

    Art 3(4) does not move limits in hours to a working day. Art 3(5) (two working days) is not applied: disputed for hours.
    """
    offset = span.start_at.astimezone(span.zone).utcoffset() or timedelta(0)
    local = span.start_at.astimezone(UTC) + offset  # the hour on the wall, reckoned as if it were UTC
    next_hour = local.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    elapsed = elapsed_hours(span).due_at
    return Counted(next_hour - offset + timedelta(hours=span.n), target_at=elapsed)


def elapsed_days(span: Span) -> Counted:
    """N calendar days later at the same time on the wall; of two possible instants the earlier."""
    wall = span.start_at.astimezone(span.zone).replace(tzinfo=None) + timedelta(days=span.n)
    return Counted(max(_earlier(wall, span.zone), span.start_at.astimezone(UTC)))


def calendar_days_exclude_start(span: Span) -> Counted:
    """The day of the event is day 0; the limit is the end of day N. Weekends and holidays count and move nothing."""
    return end_of(span.start_at.astimezone(span.zone).date() + timedelta(days=span.n), span.zone)


def days_after_year_end(span: Span) -> Counted:
    """N days after 31 December of the event's year (45 CFR 164.408(c)): the end of that day."""
    return end_of(date(span.start_at.astimezone(span.zone).year, 12, 31) + timedelta(days=span.n), span.zone)


def eu_1182_days(span: Span) -> Counted:
    """Regulation 1182/71 Art 3(1), 3(2)(b), 3(3), 3(4): the day of the event is not counted; the last day is a working day.

    Art 3(5), at least two working days in the period, is not applied: see eu_1182_two_working_days.
    """
    return _end_of_worked(_local_day(span) + timedelta(days=span.n), span)


def eu_1182_two_working_days(span: Span) -> Counted:
    """The same with Art 3(5): a period of two days or more holds at least two working days. The latest reading of all."""
    first = _local_day(span)
    last = first + timedelta(days=span.n)
    while span.n > 1 and calendars.worked_between(first, last, span.calendar) < 2:
        last += calendars.A_DAY
    return _end_of_worked(last, span)


def eu_1182_months(span: Span) -> Counted:
    """Regulation 1182/71 Art 3(2)(c), 3(4): the same date, or the last day of a shorter month; then the next working day."""
    return _end_of_worked(_months_later(_local_day(span), span.n), span)


def dora_hours(span: Span) -> Counted:
    """Delegated Regulation (EU) 2025/301 Art 5(1), (4): elapsed hours; off a day not worked to noon of the next that is."""
    return _to_noon(elapsed_hours(span).due_at, span)


def dora_months(span: Span) -> Counted:
    """Delegated Regulation (EU) 2025/301 Art 5(1)(c), (4): same date and time, clamped to the month; then as dora_hours."""
    start = span.start_at.astimezone(span.zone)
    return _to_noon(_earlier(datetime.combine(_months_later(start.date(), span.n), start.time()), span.zone), span)


def business_days(span: Span) -> Counted:
    """The day of the event is not counted; the end of the nth day that is no Saturday, Sunday or public holiday."""
    return end_of(calendars.worked_after(_local_day(span), span.n, span.calendar), span.zone)


def sec_business_days(span: Span) -> Counted:
    """Form 8-K General Instruction B.1, as business_days; what comes after 17:30 is filed on the next one (17 CFR 232.13(a)(2))."""
    last = calendars.worked_after(_local_day(span), span.n, span.calendar)
    return Counted(_earlier(datetime.combine(last, time(17, 30)), span.zone), due_on=last)


def br_business_days(span: Span) -> Counted:
    """As business_days; by Law 9.784/1999 Art 66 § 1 a period does not end on a day without office hours, such as carnival."""
    last = calendars.worked_after(_local_day(span), span.n, span.calendar)
    while calendars.is_carnival(last, span.calendar):
        last = calendars.worked_after(last, 1, span.calendar)
    return end_of(last, span.zone)


def jp_ppc_days(span: Span) -> Counted:
    """PPC guidelines 3-5-3-4: the day of the event is day 1; a last day when the office is closed moves to the next one open."""
    last = _local_day(span) + timedelta(days=span.n - 1)
    while _at_new_year(last) or not calendars.is_worked(last, span.calendar):
        last += calendars.A_DAY
    return end_of(last, span.zone)


def _at_new_year(day: date) -> bool:
    """29 December to 3 January, when offices of the Japanese state are closed."""
    return (day.month, day.day) >= (12, 29) or (day.month, day.day) <= (1, 3)


def _local_day(span: Span) -> date:
    return span.start_at.astimezone(span.zone).date()


def _months_later(day: date, n: int) -> date:
    """The same date n months later, or the last day of a month that has none."""
    years, month = divmod(day.month - 1 + n, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _earlier(wall: datetime, zone: ZoneInfo) -> datetime:
    """The instant of a time on the wall; of two the earlier."""
    return min(wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))


def _end_of_worked(day: date, span: Span) -> Counted:
    return end_of(calendars.worked_on_or_after(day, span.calendar), span.zone)


def _to_noon(at: datetime, span: Span) -> Counted:
    """Where a moment falls on a day not worked: noon of the next one that is. The moment itself stays the target."""
    day = at.astimezone(span.zone).date()
    worked = calendars.worked_on_or_after(day, span.calendar)
    if worked == day:
        return Counted(at)
    return Counted(_earlier(datetime.combine(worked, time(12)), span.zone), target_at=at, fell_at=at)


def end_of(day: date, zone: ZoneInfo) -> Counted:
    """The last second of a local day, which need not be 23:59:59 where clocks change at midnight."""
    next_day = datetime.combine(day + timedelta(days=1), time(), zone)
    return Counted(next_day.astimezone(UTC) - timedelta(seconds=1), due_on=day)


@dataclass(frozen=True, slots=True)
class Method:
    """One row of the table: the arithmetic, the unit it counts, whether a moment or a day ends it, and the rule's source."""

    count: Callable[[Span], Counted]
    unit: str
    ends: Literal["instant", "date"]
    source: str
    needs_calendar: bool = False


_1182: Final = "Regulation (EEC, Euratom) 1182/71"
_2025_301: Final = "Delegated Regulation (EU) 2025/301"

COUNTING: Final[Mapping[str, Method]] = MappingProxyType(
    {
        "elapsed_hours": Method(elapsed_hours, "hours", "instant", "elapsed time"),
        "elapsed_days": Method(elapsed_days, "days", "instant", "calendar days, same time on the wall"),
        "eu_1182_hours": Method(eu_1182_hours, "hours", "instant", f"{_1182} Art 3(1), (2)(a)"),
        "uk_dpa_s205": Method(eu_1182_hours, "hours", "instant", "DPA 2018 s.205(2), by Regulation 1182/71 Art 3"),
        "calendar_days_exclude_start": Method(
            calendar_days_exclude_start, "days", "date", "day of the event not counted"
        ),
        "days_after_year_end": Method(days_after_year_end, "days", "date", "45 CFR 164.408(c)"),
        "eu_1182_days": Method(eu_1182_days, "days", "date", f"{_1182} Art 3(1), (2)(b), (3), (4)", True),
        "eu_1182_two_working_days": Method(
            eu_1182_two_working_days, "days", "date", f"{_1182} Art 3(5), disputed", True
        ),
        "eu_1182_months": Method(eu_1182_months, "months", "date", f"{_1182} Art 3(2)(c), (4)", True),
        "dora_hours": Method(dora_hours, "hours", "instant", f"{_2025_301} Art 5(1), (2), (4)", True),
        "dora_months": Method(dora_months, "months", "instant", f"{_2025_301} Art 5(1)(c), (4)", True),
        "business_days": Method(business_days, "business_days", "date", "weekdays that are no public holidays", True),
        "sec_business_days": Method(
            sec_business_days, "business_days", "date", "Form 8-K General Instruction B.1; 17 CFR 232.13(a)(2)", True
        ),
        "br_business_days": Method(
            br_business_days,
            "business_days",
            "date",
            "Resolution CD/ANPD 15/2024 and Law 9.784/1999 Art 66: never ends in carnival",
            True,
        ),
        "jp_ppc_days": Method(
            jp_ppc_days, "days", "date", "PPC guidelines 3-5-3-4: the first day counts, the last is an office day", True
        ),
        "uk_working_days": Method(
            business_days,
            "business_days",
            "date",
            "bank holidays by the Banking and Financial Dealings Act 1971, Christmas Day and Good Friday not counted",
            True,
        ),
    }
)
