"""Coming in and going out: password, second factor, sign-out, and a form that waited for its person."""

from starlette.responses import RedirectResponse, Response

from actions.errors import Conflict
from actions.sign_in import confirm_second_factor, sign_in, sign_out, viewer_of
from web.after import secure
from web.guard import COOKIE
from web.pages.accounts import LARGEST, shown_again
from web.paper import show
from web.roles import EVERYONE
from web.routes import Route, act, page
from web.visit import Visit, within


def ask(visit: Visit) -> Response:
    """The sign-in page."""
    if visit.guest and visit.guest.signed_in:
        return RedirectResponse(within(visit.said("next", 500)), 303)
    return _page(visit, 200, "", visit.said("next", 500), "", "")


def _page(visit: Visit, status: int, wrong: str, next_: str, name: str, parked: str) -> Response:
    return show(visit, "sign_in.html", status, wrong=wrong, next=within(next_, ""), name=name, parked=parked)


def come_in(visit: Visit) -> Response:
    """Check name and password; then on to where they were going."""
    next_, parked, name = visit.text("next")[:500], visit.text("parked"), visit.text("name")[:200]
    try:
        seated = sign_in(visit.desk_of_nobody(), name, visit.text("password")[:1000], visit.address)
    except Conflict as refusal:
        return _page(visit, 401, str(refusal), next_, name, parked)
    if seated.needs_second_factor:
        response = show(visit, "second_factor.html", wrong="", next=within(next_, ""), parked=parked, csrf="")
    else:
        response = _on(visit, seated.token, next_, parked)
    return _seat(visit, response, seated.token)


def ask_code(visit: Visit) -> Response:
    """The page for the second factor."""
    return show(visit, "second_factor.html", wrong="", next=within(visit.said("next", 500), ""), parked="", csrf="")


def check_code(visit: Visit) -> Response:
    """Check the code of the second factor; the session gets a new token."""
    next_, parked = visit.text("next")[:500], visit.text("parked")
    try:
        token = confirm_second_factor(
            visit.desk_of_nobody(), visit.request.cookies.get(COOKIE, ""), visit.text("code")[:20]
        )
    except Conflict as refusal:
        return show(
            visit, "second_factor.html", 401, wrong=str(refusal), next=within(next_, ""), parked=parked, csrf=""
        )
    return _seat(visit, _on(visit, token, next_, parked), token)


def _on(visit: Visit, token: str, next_: str, parked: str) -> Response:
    """To the page they wanted; a form that waited is shown again first, to be sent by the one who typed it."""
    if not parked:
        return RedirectResponse(within(next_), 303)
    visit.guest = viewer_of(visit.desk_of_nobody(), token)
    return shown_again(visit, parked)


def _seat(visit: Visit, response: Response, token: str) -> Response:
    response.set_cookie(COOKIE, token, path="/", httponly=True, samesite="lax", secure=secure(visit))
    return response


def go(visit: Visit) -> Response:
    """End the session."""
    sign_out(visit.desk(), visit.request.cookies.get(COOKIE, ""))
    response = RedirectResponse("/sign-in", 303)
    response.delete_cookie(COOKIE, path="/")
    return response


ROUTES: tuple[Route, ...] = (
    page("/sign-in", ask, None),
    act("/sign-in", come_in, None, largest=LARGEST),
    page("/second-factor", ask_code, None),
    act("/second-factor", check_code, None, largest=LARGEST),
    act("/sign-out", go, EVERYONE, half_way=True),
)
