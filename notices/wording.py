"""How values become words: dates, times with their zones, lists, numbers, and text that came from outside."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)

_SPACE = re.compile(r"\s+")
# Control characters, marks that turn the direction of writing round, invisible characters (but not the joiners that
# Persian and Indian scripts are written with), half characters, and the code points that Unicode keeps for programs.
UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufdd0-\ufdef\ufeff\ufff9-\ufffb\ufffe\uffff"
    "\U000e0000-\U000e007f\ud800-\udfff]"
)
_BLANK_LINE = re.compile(r"\n[ \t\r]*\n")


def clean(text: str) -> str:
    """The text on one line, in composed form, without anything that cannot be seen. Clean text stays as it is."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    return _SPACE.sub(" ", UNSEEN.sub("", _SPACE.sub(" ", unicodedata.normalize("NFC", text)))).strip()


def paragraphs(text: str) -> tuple[str, ...]:
    """Text as people type it, cut at its blank lines."""
    cleaned = (clean(part) for part in _BLANK_LINE.split(text))
    return tuple(part for part in cleaned if part)


def listed(things: Sequence[str], word: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`."""
    if len(things) < 2:
        return "".join(things)
    return f"{', '.join(things[:-1])} {word} {things[-1]}"


def numbered(count: int, one: str, many: str | None = None) -> str:
    """`1 answer`, `12,345 answers`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def day_in_words(day: date) -> str:
    """`1 December 2016`."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def moment_in_words(at: datetime, zone: str = "UTC") -> str:
    """`Thursday 1 December 2016, 10:00 GMT`: the zone's own name for its time, never a time without a zone."""
    if at.utcoffset() is None:
        raise ValueError("an instant without an offset cannot be put in words")
    local = at.astimezone(UTC if zone == "UTC" else ZoneInfo(zone))
    return f"{DAYS[local.weekday()]} {day_in_words(local)}, {local:%H:%M} {_zone_name(local)}"


def moment_twice(at: datetime, zone: str) -> str:
    """The instant where the reader is and in UTC; said once where both clocks read the same."""
    here = moment_in_words(at, zone)
    if at.astimezone(ZoneInfo(zone)).utcoffset() == timedelta(0):
        return f"{here} (the same as UTC)" if not here.endswith("UTC") else here
    return f"{here} ({moment_in_words(at)})"


def span_in_words(span: timedelta) -> str:
    """`2 days 3 hours`, `1 hour 5 minutes`, `less than a minute`: the two largest units, rounded down."""
    minutes = int(abs(span).total_seconds() // 60)
    units = ((minutes // 1440, "day"), (minutes // 60 % 24, "hour"), (minutes % 60, "minute"))
    said = [numbered(count, unit) for count, unit in units if count]
    return " ".join(said[:2]) or "less than a minute"


def _zone_name(local: datetime) -> str:
    name = local.tzname() or ""
    return name if name.isalpha() else f"UTC{local:%z}"
