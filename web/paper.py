"""What pages are made of: templates from templates/pages, and the words that they spell moments, numbers and codes with."""

from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from starlette.responses import HTMLResponse, Response

from actions import clock
from actions.moments import far, left
from web.languages import direction, translator
from web.roles import MAY, READERS
from web.static_files import asset
from web.visit import Visit

PAGES = Path(__file__).resolve().parent.parent / "templates" / "pages"


@cache
def _shelf() -> Environment:
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
        "plain": plain,
        "far": far,
        "short_hash": short_hash,
        "iso": iso,
        "shown": shown,
        "instant": datetime.fromisoformat,
    }
    made.globals |= {"left": left, "asset": asset, "ROLES": MAY, "READERS": READERS, "direction": direction}
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
    env = _shelf().overlay()
    env.install_gettext_translations(translator(language), newstyle=True)  # type: ignore[attr-defined]  # the extension gives it at run time
    return env


def plain(code: str) -> str:
    """A code as words."""
    return code.replace("_", " ")


def short_hash(digest: str) -> str:
    """So much of a hash as people compare."""
    return digest[:12]


def shown(value: Any) -> str:
    """A value of a fact or an answer, for people."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(shown(one) for one in value)
    if isinstance(value, dict):
        return ", ".join(f"{name} {shown(one)}" for name, one in value.items())
    return "not known" if value is None else str(value)


@pass_context
def moment(context: Context, value: datetime | None, *zones: str) -> str:
    """A moment in the visitor's zone; then in each of these zones where the clock there shows something else."""
    if value is None:
        return ""
    mine = str(context["zone"])
    parts = [_spelt(value, mine)]
    here = value.astimezone(ZoneInfo(mine)).utcoffset()
    for zone in dict.fromkeys(zones):
        if zone and zone != mine and value.astimezone(ZoneInfo(zone)).utcoffset() != here:
            parts.append(_spelt(value, zone))
    return " · ".join(parts)


def _spelt(value: datetime, zone: str) -> str:
    there = value.astimezone(ZoneInfo(zone))
    city = zone.rsplit("/", 1)[-1].replace("_", " ")
    return f"{there:%a} {there.day} {there:%b %Y, %H:%M} {city}"


@pass_context
def day(context: Context, value: datetime) -> str:
    """The day of a moment where the visitor is."""
    there = value.astimezone(ZoneInfo(str(context["zone"])))
    return f"{there.day} {there:%B %Y}"


def iso(value: datetime) -> str:
    """A moment for machines."""
    return value.astimezone(UTC).isoformat(timespec="seconds")
