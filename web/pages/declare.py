"""Declaring an incident in under a minute: what happened, since when, whose data; the rest follows later."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from starlette.responses import Response

from actions import clock
from actions.declare import Declaration, declare
from actions.errors import Conflict
from rulebook.codes import words as code_words
from rulebook.facts import BadFacts
from rulebook.places import checked
from web.after import done
from web.alikes import alikes
from web.forms import Field, Mistyped, read
from web.paper import show
from web.roles import MANAGERS
from web.routes import act, page
from web.visit import Visit, as_values

RISK = {"unlikely": "A risk is unlikely", "risk": "There is a risk", "high": "The risk is high"}
YES_NO = {"true": "Yes", "false": "No"}


def _codes(name: str) -> dict[str, str]:
    return {code: f"{code.replace('_', ' ')}: {says}" if says else code for code, says in code_words()[name].items()}


FIELDS = (
    Field("title", "What happened, in a few words", hint="Name no affected person.", longest=200),
    Field("detected", "First noticed", "moment"),
    Field(
        "aware",
        "Certain enough to act on",
        "moment",
        required=False,
        hint="The law's clocks run from here. Empty: when it was noticed.",
    ),
    Field("nature", "What happened to the data", "many", required=False, choices=_codes("nature")),
    Field("kinds", "Whose data", "many", required=False, choices=_codes("kinds")),
    Field("data", "Which data", "many", required=False, choices=_codes("data")),
    Field(
        "people",
        "How many people live where",
        required=False,
        hint="Such as GB=300, FR=2: country or state, and number.",
    ),
    Field("encrypted", "Was the data encrypted?", "choice", required=False, choices=YES_NO),
    Field("risk", "Risk to people, if it is clear already", "choice", required=False, choices=RISK),
    Field(
        "story",
        "What is known so far",
        "text",
        required=False,
        hint="Goes into reports and letters; name no affected person.",
        longest=5000,
    ),
    Field("restricted", "Restricted: only named members may know of it", "tick", required=False),
)
OFFERED: Mapping[str, Mapping[str, str]] = {one.name: one.choices for one in FIELDS if isinstance(one.choices, Mapping)}


def ask(visit: Visit) -> Response:
    """The form."""
    here = clock.real_now().astimezone(ZoneInfo(visit.zone))
    return _page(visit, {"detected": f"{here:%Y-%m-%dT%H:%M}"})


def _page(visit: Visit, given: Mapping[str, Any], status: int = 200, refusal: str = "", wrong: Any = None) -> Response:
    many = {name: visit.typed.getlist(name) for name in visit.typed}
    return show(
        visit,
        "declare.html",
        status,
        fields=FIELDS,
        given=given,
        many=many,
        offered=OFFERED,
        refusal=refusal,
        wrong=wrong or {},
    )


def open_it(visit: Visit) -> Response:
    """Declare it; the flow starts at once."""
    try:
        said = read(FIELDS, visit, OFFERED)
        declared = declare(visit.desk(), Declaration(said["title"], facts_said(said), restricted=said["restricted"]))
    except Mistyped as refusal:
        return _page(visit, as_values(visit.typed), 422, str(refusal), refusal.wrong)
    except (Conflict, BadFacts) as refusal:
        return _page(visit, as_values(visit.typed), 409, str(refusal))
    says = f"{declared.reference} is declared; its clocks run. The respond flow starts by itself."
    near = alikes(visit, f"{said['title']} {said['story']}", said["detected"] or clock.real_now(), declared.reference)
    if near:
        says += f" It looks like {', '.join(one.reference for one in near)}: see whether they are the same."
    return done(visit, f"/incidents/{declared.reference}", says)


def facts_said(said: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed, under the names that facts have."""
    detected = said["detected"] or clock.real_now()
    found: dict[str, Any] = {
        "events.detected": detected.isoformat(),
        "events.aware": (said["aware"] or detected).isoformat(),
        "nature": said["nature"] or None,
        "kinds": said["kinds"] or None,
        "data": said["data"] or None,
        "protection.encrypted": said["encrypted"] == "true" if said["encrypted"] else None,
        "risk": said["risk"] or None,
        "story.what_happened": said["story"] or None,
    }
    return {name: value for name, value in found.items() if value is not None} | _people(said["people"])


def _people(typed: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for part in filter(None, (one.strip() for one in typed.split(","))):
        place, equals, number = (word.strip() for word in part.partition("="))
        if not equals or not (number.isascii() and number.isdecimal()):
            raise Mistyped({"people": "Write it as GB=300, FR=2."})
        try:
            found[f"people.{checked(place.upper())}"] = int(number)
        except ValueError as wrong:
            raise Mistyped({"people": str(wrong)}) from None
    return found


ROUTES = (page("/declare", ask, MANAGERS), act("/declare", open_it, MANAGERS))
