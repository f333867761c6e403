"""How pages spell things in one language: words, moments, lengths of time, values. The visitor's zone is set for each page."""

from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from jinja2 import Environment
from markupsafe import Markup

from actions.moments import far
from web.languages import WRITTEN, translator
from web.speech import spoken

ZONE = ContextVar("ZONE", default="UTC")
"""The visitor's. Not asked of the template's context: a filter that does costs a copy of it, and a page has hundreds."""
MOST_FIXED = 4096


class Spelling:
    """The filters and functions of pages in one language."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._words = translator(language)
        self._fixed = lru_cache(MOST_FIXED)(lambda text: _trusted(self._words.gettext(text)) % {})

    def install(self, env: Environment) -> None:
        """Give them to the templates. What _() gives is markup, like the template around it; what is put into it is escaped."""
        env.globals |= {"_": self.say, "gettext": self.say, "ngettext": self.count, "left": self.left}
        env.filters |= {
            "moment": self.moment,
            "day": self.day,
            "day_month": self.day_month,
            "plain": self.plain,
            "far": self.far,
            "spoken": self.spoken,
            "shown": self.shown,
            "number": self.number,
        }

    def say(self, text: str, **words: Any) -> Markup:
        """A sentence of a template."""
        return _trusted(self._words.gettext(text)) % words if words else self._fixed(text)

    def count(self, one: str, many: str, num: int, **words: Any) -> Markup:
        """A sentence that counts."""
        return _trusted(self._words.ngettext(one, many, num)) % {"num": self.number(num), **words}

    def number(self, value: int) -> str:
        """How many, with its thousands apart."""
        return f"{value:,}" if self.language == WRITTEN else str(format_decimal(value, locale=self.language))

    def spoken(self, text: str) -> str:
        """What Python says in English; escaped like any text, unlike what _() gives."""
        return spoken(self.language, text)

    def plain(self, code: str, of: str = "") -> str:
        """A code as words; *of* what it is said, where that changes its form."""
        words = code.replace("_", " ")
        said = self._words.pgettext(of, words) if of and words else words
        return spoken(self.language, words) if said == words else said

    def far(self, span: timedelta) -> str:
        """A length of time in the two largest units that matter."""
        return far(span).replace(" d", f" {spoken(self.language, 'd')}")

    def left(self, at: datetime, present: datetime) -> str:
        """How far off a moment is."""
        say = self._words.gettext
        return (say("LATE by %(far)s") if at < present else say("in %(far)s")) % {"far": self.far(abs(at - present))}

    def shown(self, value: Any) -> str:
        """A value of a fact or an answer, for people: as it was recorded, but for yes, no and nothing."""
        say = self._words.gettext
        if isinstance(value, bool):
            return say("yes") if value else say("no")
        if isinstance(value, list | tuple):
            return ", ".join(map(self.shown, value))
        if isinstance(value, dict):
            return ", ".join(f"{name} {self.shown(one)}" for name, one in value.items())
        return say("not known") if value is None else str(value)

    def moment(self, value: datetime | None, *zones: str) -> str:
        """A moment in the visitor's zone; then in each of these zones where the clock there shows something else."""
        if value is None:
            return ""
        mine = ZONE.get()
        here = value.astimezone(ZoneInfo(mine))
        parts = [self._spelt(here, mine)]
        for zone in dict.fromkeys(zones):
            if zone and zone != mine:
                there = value.astimezone(ZoneInfo(zone))
                if there.utcoffset() != here.utcoffset():
                    parts.append(self._spelt(there, zone))
        return " · ".join(parts)

    def _spelt(self, there: datetime, zone: str) -> str:
        city = zone.rsplit("/", 1)[-1].replace("_", " ")
        if self.language == WRITTEN:  # four times as quick; a page may hold hundreds
            return f"{there:%a} {there.day} {there:%b %Y, %H:%M} {city}"
        return f"{format_datetime(there, 'EEE d MMM y, HH:mm', locale=self.language)} {city}"

    def day(self, value: datetime) -> str:
        """The day of a moment where the visitor is."""
        return format_date(value.astimezone(ZoneInfo(ZONE.get())), "d MMMM y", locale=self.language)

    def day_month(self, value: datetime) -> str:
        """A day of a drawing."""
        return format_date(value, "d MMM", locale=self.language)


def _trusted(words: str) -> Markup:
    return Markup(words)  # noqa: S704 - a template's own words or their translation; a house test holds that they are literals


def iso(value: datetime) -> str:
    """A moment for machines."""
    return value.astimezone(UTC).isoformat(timespec="seconds")


def short_hash(digest: str) -> str:
    """So much of a hash as people compare."""
    return digest[:12]


EVERYWHERE: dict[str, Callable[..., object]] = {
    "iso": iso,
    "short_hash": short_hash,
    "instant": datetime.fromisoformat,
}
"""Filters that are the same in each language."""
