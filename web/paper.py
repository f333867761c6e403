"""What pages are made of: templates from templates/pages, in the language and the zone of whoever visits."""

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response

from actions import clock
from web.languages import direction
from web.roles import MAY, READERS
from web.spelling import EVERYWHERE, ZONE, Spelling
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
    made.filters |= EVERYWHERE
    made.globals |= {"asset": asset, "ROLES": MAY, "READERS": READERS, "direction": direction}
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
    zone = ZONE.set(visit.zone)
    try:
        return _spoken(visit.language).get_template(template).render(_everyones(visit) | words)
    finally:
        ZONE.reset(zone)


def _everyones(visit: Visit) -> dict[str, Any]:
    """What every page may speak of."""
    return {
        "visit": visit,
        "viewer": visit.guest,
        "may": visit.may,
        "zone": visit.zone,
        "now": clock.real_now(),
        "language": visit.language,
        "path": visit.request.url.path,
        "organisation": visit.settings.organisation,
        "said": visit.told(),
    }


@cache
def _spoken(language: str) -> Environment:
    """The shelf with the words of one language."""
    env = shelf()
    Spelling(language).install(env)
    return env
