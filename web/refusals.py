"""Answers to what cannot be done: each says what, why, and what to do next."""

from urllib.parse import quote

from starlette.responses import RedirectResponse, Response

from actions.errors import Conflict, NotFound
from db.session import DatabaseBusy
from flows.guard import keep
from rulebook.facts import BadFacts
from web.paper import show
from web.park import park
from web.roles import MAY
from web.visit import Visit, within


def answer_for(visit: Visit, status: int, says: str, do: str = "") -> Response:
    """A page with one sentence."""
    return show(visit, "refusal.html", status, says=says, do=do)


def broken(visit: Visit, error: Exception) -> Response:
    """A refusal in its own words; anything else with a reference to the log, and no word of what it was about."""
    if isinstance(error, NotFound):
        return answer_for(visit, 404, str(error))
    if isinstance(error, Conflict | BadFacts):
        return answer_for(visit, 409, str(error))
    if isinstance(error, DatabaseBusy):
        return answer_for(visit, 503, str(error))
    return answer_for(
        visit,
        500,
        "Something is broken here; what you did was not done.",
        f"Tell whoever runs Forthwith: {keep(error)}.",
    )


def sign_in_first(visit: Visit) -> Response:
    """To the sign-in page. What was typed into a form comes along, sealed, and waits there."""
    if visit.request.method == "POST":
        return show(visit, "sign_in.html", 401, next="", name="", wrong="", parked=park(visit))
    here = visit.request.url.path + (f"?{visit.request.url.query}" if visit.request.url.query else "")
    return RedirectResponse(f"/sign-in?next={quote(within(here), safe='')}", 303)


def not_here(visit: Visit, half_way: bool) -> Response | None:
    """Where someone who is only half signed in has to go first; no route is open to who still owes the code."""
    viewer = visit.viewer
    if not viewer.signed_in:
        return RedirectResponse("/second-factor", 303)
    if half_way:
        return None
    if viewer.must_change_password:
        return RedirectResponse("/account/password", 303)
    if viewer.must_set_second_factor:
        return RedirectResponse("/account/second-factor", 303)
    return None


def not_yours(visit: Visit, roles: frozenset[str]) -> Response:
    """Says which role it would take, and who can give it."""
    needed = ", ".join(sorted(roles))
    what = "; ".join(MAY[role] for role in sorted(visit.may)) or "nothing yet"
    return answer_for(
        visit,
        403,
        f"This needs one of these roles: {needed}.",
        f"With your account you may: {what}. An administrator can give you another role.",
    )
