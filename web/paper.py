"""What pages are made of: templates from templates/pages, and the words that they spell moments, numbers and codes with."""

from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from starlette.responses import HTMLResponse, Response

from actions import clock
from actions.moments import far
from web.languages import WRITTEN, direction, translator
from web.roles import MAY, READERS
from web.speech import spoken
from web.static_files import asset
from web.visit import Visit

PAGES = Path(__file__).resolve().parent.parent / "templates" / "pages"


def shelf() -> Environment:
    """The templates with nobody's words in them yet: each language takes one of its own, since they write on it."""
    made = Environment(
        loader=FileSystemLoader(PAGES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
        auto_reload=False,
    )
    made.filters |= {
        "moment": moment,
        "day": day,
        "day_month": day_month,
        "plain": plain,
        "far": far_off,
        "spoken": in_words,
        "short_hash": short_hash,
        "iso": iso,
        "shown": shown,
        "instant": datetime.fromisoformat,
    }
    made.globals |= {"left": left_until, "asset": asset, "ROLES": MAY, "READERS": READERS, "direction": direction}
    return made


def show(visit: Visit, template: str, /, status: int = 200, **words: Any) -> Response:
    """The page, for whoever visits: in their language and their time zone."""
    response = HTMLResponse(render(visit, template, **words), status)
    said = visit.request.cookies.get("said")
    if said and status == 200:
        response.delete_cookie("said", path="/")
    return response


def render(visit: Visit, template: str, /, **words: Any) -> str:
    """The same as text."""
    language = visit.language
    env = _spoken(language)
    return env.get_template(template).render(
        **{
            "visit": visit,
            "viewer": visit.guest,
            "may": visit.may,
            "zone": visit.zone,
            "now": clock.real_now(),
            "language": language,
            "path": visit.request.url.path,
            "organisation": visit.settings.organisation,
            "said": visit.told(),
        }
        | words
    )


@cache
def _spoken(language: str) -> Environment:
    """The shelf with the words of one language."""
    env = shelf()
    env.install_gettext_translations(translator(language), newstyle=True)  # type: ignore[attr-defined]  # the extension gives it at run time
    return env


@pass_context
def plain(context: Context, code: str, of: str = "") -> str:
    """A code as words; *of* what it is said, where that changes its form."""
    words, speech = code.replace("_", " "), translator(str(context["language"]))
    said = speech.pgettext(of, words) if of and words else words
    return spoken(str(context["language"]), words) if said == words else said


@pass_context
def in_words(context: Context, text: str) -> str:
    """What Python says in English, in the page's language; escaped like any text, unlike what _() gives."""
    return spoken(str(context["language"]), text)


@pass_context
def far_off(context: Context, span: timedelta) -> str:
    """A length of time in the two largest units that matter."""
    return far(span).replace(" d", f" {spoken(str(context['language']), 'd')}")


@pass_context
def left_until(context: Context, at: datetime, present: datetime) -> str:
    """How far off a moment is."""
    say, how_far = translator(str(context["language"])).gettext, far_off(context, abs(at - present))
    return (say("LATE by %(far)s") if at < present else say("in %(far)s")) % {"far": how_far}


def short_hash(digest: str) -> str:
    """So much of a hash as people compare."""
    return digest[:12]


@pass_context
def shown(context: Context, value: Any) -> str:
    """A value of a fact or an answer, for people: as it was recorded, but for yes, no and nothing."""
    say = translator(str(context["language"])).gettext
    if isinstance(value, bool):
        return say("yes") if value else say("no")
    if isinstance(value, list | tuple):
        return ", ".join(shown(context, one) for one in value)
    if isinstance(value, dict):
        return ", ".join(f"{name} {shown(context, one)}" for name, one in value.items())
    return say("not known") if value is None else str(value)


@pass_context
def moment(context: Context, value: datetime | None, *zones: str) -> str:
    """A moment in the visitor's zone; then in each of these zones where the clock there shows something else."""
    if value is None:
        return ""
    mine = str(context["zone"])
    language = str(context["language"])
    parts = [_spelt(value, mine, language)]
    here = value.astimezone(ZoneInfo(mine)).utcoffset()
    for zone in dict.fromkeys(zones):
        if zone and zone != mine and value.astimezone(ZoneInfo(zone)).utcoffset() != here:
            parts.append(_spelt(value, zone, language))
    return " · ".join(parts)


def _spelt(value: datetime, zone: str, language: str) -> str:
    there = value.astimezone(ZoneInfo(zone))
    city = zone.rsplit("/", 1)[-1].replace("_", " ")
    if language == WRITTEN:  # four times as quick; a page may hold hundreds
        return f"{there:%a} {there.day} {there:%b %Y, %H:%M} {city}"
    return f"{format_datetime(there, 'EEE d MMM y, HH:mm', locale=language)} {city}"


@pass_context
def day(context: Context, value: datetime) -> str:
    """The day of a moment where the visitor is."""
    there = value.astimezone(ZoneInfo(str(context["zone"])))
    return format_date(there, "d MMMM y", locale=str(context["language"]))


@pass_context
def day_month(context: Context, value: datetime) -> str:
    """A day of a drawing."""
    return format_date(value, "d MMM", locale=str(context["language"]))


def iso(value: datetime) -> str:
    """A moment for machines."""
    return value.astimezone(UTC).isoformat(timespec="seconds")
