"""Saying that something happened: a short form for anyone here, and for whoever has the link; and what became of it."""

import hmac
import secrets
from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from actions.errors import Conflict, NotFound, TooManyTries
from actions.receive import Telling, follow, receive
from db.queries.intakes import intakes_by
from web.forms import Field, Mistyped, read
from web.paper import show
from web.roles import EVERYONE
from web.routes import Route, act, page
from web.visit import Visit, as_values

WHAT = Field(
    "what",
    "What happened?",
    "text",
    hint="In your own words: what you saw, where, whose data it may be. It is sealed; incident managers alone can read it.",
    longest=8000,
)
NOTICED = Field("noticed", "When did you notice it?", "moment", required=False, hint="Empty: just now.")
REACH = Field(
    "reach",
    "How can we reach you?",
    required=False,
    hint="Telephone or e-mail, if somebody may ask you more.",
    longest=300,
)
ANONYMOUS = Field("anonymous", "Leave my name out", "tick", required=False)
NAME = Field("name", "Your name", required=False, hint="Empty: nobody is named.", longest=200)
INSIDE, OUTSIDE = (WHAT, NOTICED, REACH, ANONYMOUS), (WHAT, NOTICED, NAME, REACH)

BECAME = {
    "new": "It is kept, and the managers were told; nobody has settled it yet.",
    "promoted": "It was taken up, and is dealt with as an incident.",
    "joined": "It was taken up, and is dealt with as an incident.",
    "dismissed": "Somebody looked into it and found no breach. If you know more, say so again.",
}
"""What the one who said it is told. Which incident it is about is known to those alone who work on it."""


def ask(visit: Visit) -> Response:
    """The form for someone who is signed in, with what they said before."""
    return _page(visit, INSIDE, {})


def tell(visit: Visit) -> Response:
    """Keep what someone says who is signed in; whoever leaves the name out comes to a desk of nobody."""
    named = visit.text("anonymous") != "yes"
    return _tell(visit, INSIDE, named=named)


def ask_outside(visit: Visit) -> Response:
    """The same form by the link, without an account."""
    _refuse_wrong_key(visit)
    return _page(visit, OUTSIDE, {})


def tell_outside(visit: Visit) -> Response:
    """Keep what someone says who came by the link: an account that is signed in in this browser is left out of it."""
    _refuse_wrong_key(visit)
    return _tell(visit, OUTSIDE, named=False)


def ask_code(visit: Visit) -> Response:
    """The form for a receipt."""
    return show(visit, "follow.html", wrong="", reference=visit.said("reference", 40), intake=None, became=BECAME)


def look(visit: Visit) -> Response:
    """What became of what someone said, by its receipt."""
    reference = visit.text("reference")[:40]
    try:
        found = follow(visit.desk_of_nobody(), reference, visit.text("code")[:80], visit.address)
    except Conflict as refusal:
        status = 429 if isinstance(refusal, TooManyTries) else 403
        return show(visit, "follow.html", status, wrong=str(refusal), reference=reference, intake=None, became=BECAME)
    return show(visit, "follow.html", wrong="", reference=reference, intake=found, became=BECAME)


def _refuse_wrong_key(visit: Visit) -> None:
    key, given = visit.settings.intake_key.get_secret_value(), str(visit.request.path_params["key"])
    if not hmac.compare_digest(key.encode(), given.encode(errors="replace")) or not key:
        raise NotFound("There is no page here.")


def _tell(visit: Visit, fields: tuple[Field, ...], *, named: bool) -> Response:
    try:
        said = read(fields, visit, {})
        desk = visit.desk() if named else visit.desk_of_nobody()
        told = Telling(
            said["what"],
            said["noticed"],
            visit.viewer.account_id if named else None,
            said.get("name", ""),
            said["reach"],
            visit.text("once")[:64],
        )
        receipt = receive(desk, told, visit.address)
    except Conflict as refusal:
        status = 429 if isinstance(refusal, TooManyTries) else 422 if isinstance(refusal, Mistyped) else 409
        wrong = refusal.wrong if isinstance(refusal, Mistyped) else {}
        return _page(visit, fields, as_values(visit.typed), status, str(refusal), wrong)
    return show(visit, "told.html", receipt=receipt, named=named)


def _page(
    visit: Visit,
    fields: tuple[Field, ...],
    given: Mapping[str, Any],
    status: int = 200,
    refusal: str = "",
    wrong: Mapping[str, str] | None = None,
) -> Response:
    inside = fields is INSIDE
    with visit.reading() as session:
        mine = intakes_by(session, visit.viewer.account_id) if inside else []
    return show(
        visit,
        "tell.html",
        status,
        fields=fields,
        given=given,
        many={},
        offered={},
        refusal=refusal,
        wrong=wrong or {},
        inside=inside,
        once=visit.text("once")[:64] or secrets.token_urlsafe(16),
        mine=mine,
        became=BECAME,
    )


ROUTES: tuple[Route, ...] = (
    page("/tell", ask, EVERYONE),
    act("/tell", tell, EVERYONE),
    page("/tell/{key}", ask_outside, None),
    act("/tell/{key}", tell_outside, None),
    page("/told", ask_code, None),
    act("/told", look, None),
)
