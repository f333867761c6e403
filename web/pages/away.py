"""Who is away and who stands in for them: one's own absence, and anybody's for an administrator."""

from typing import Any

from starlette.responses import Response

from actions import clock
from actions.away import away, back
from actions.errors import Conflict
from db.queries.absences import coming
from web.after import done
from web.forms import Field, Mistyped, read
from web.paper import show
from web.roles import ADMINISTRATOR, EVERYONE
from web.routes import Route, act, page
from web.visit import Visit, as_values

FIELDS = (
    Field(
        "name",
        "Who is away",
        required=False,
        hint="By account or address; empty: you. Another only by an administrator.",
    ),
    Field(
        "delegate",
        "Who stands in",
        hint="By account or address. Tasks and gates are theirs meanwhile; what you wrote stays closed to them.",
    ),
    Field("from_at", "From", "moment", required=False, hint="Empty: now."),
    Field("until_at", "Until", "moment"),
)


def ask(visit: Visit, wrong: dict[str, str] | None = None, refusal: str = "", status: int = 200) -> Response:
    """Who is away, and the form."""
    with visit.reading() as session:
        words: dict[str, Any] = {"rows": coming(session, clock.real_now())}
    given = as_values(visit.typed)
    return show(
        visit,
        "away.html",
        status,
        fields=FIELDS,
        given=given,
        wrong=wrong or {},
        refusal=refusal,
        many={},
        offered={},
        **words,
    )


def leave(visit: Visit) -> Response:
    """Write an absence down."""
    try:
        said = read(FIELDS, visit, {})
        row = away(visit.desk(), _whose(visit, said["name"]), said["delegate"], said["until_at"], said["from_at"])
    except Mistyped as refusal:
        return ask(visit, refusal.wrong, str(refusal), 422)
    except Conflict as refusal:
        return ask(visit, refusal=str(refusal), status=409)
    return done(visit, "/away", f"{row.delegate} stands in for {row.name}.")


def come_back(visit: Visit) -> Response:
    """End an absence."""
    try:
        name = _whose(visit, visit.text("name")[:200])
        back(visit.desk(), name)
    except Conflict as refusal:
        return ask(visit, refusal=str(refusal), status=409)
    return done(visit, "/away", f"{name} is back.")


def _whose(visit: Visit, name: str) -> str:
    own = visit.viewer.name
    if name.strip().lower() not in ("", own) and ADMINISTRATOR not in visit.may:
        raise Conflict("You can say of yourself alone that you are away; an administrator can say it of others.")
    return name.strip() or own


ROUTES: tuple[Route, ...] = (
    page("/away", ask, EVERYONE),
    act("/away", leave, EVERYONE),
    act("/away/back", come_back, EVERYONE),
)
