"""Accounts: everyone's own password and second factor, and the administrator's list."""

import io
import secrets
from collections.abc import Callable
from typing import Any

import segno
from starlette.responses import RedirectResponse, Response

from actions.add_account import add_account
from actions.change_password import change_password
from actions.desk import Desk
from actions.disable_account import disable_account, enable_account
from actions.errors import Conflict
from actions.second_factor import (
    begin_second_factor,
    finish_second_factor,
    pending_second_factor,
    reset_second_factor,
)
from actions.set_password import set_password
from actions.set_roles import set_roles
from actions.sign_in import revoke_sessions, viewer_of
from db.queries.accounts import accounts, roles
from web.after import done
from web.guard import COOKIE
from web.paper import show
from web.park import LONGEST, unpark
from web.refusals import answer_for
from web.roles import ADMINISTRATORS, EVERYONE, MAY
from web.routes import Route, act, page
from web.visit import Visit

LARGEST = LONGEST + 100_000
"""A form that waited comes along through every page between signing in and going on."""


def everyone(visit: Visit, refusal: str = "", status: int = 200, secret: tuple[str, str] | None = None) -> Response:
    """Who has an account, and what they may do."""
    with visit.reading() as session:
        words: dict[str, Any] = {"rows": accounts(session), "roles_of": roles(session)}
    return show(visit, "accounts.html", status, refusal=refusal, secret=secret, roles=MAY, **words)


def add(visit: Visit) -> Response:
    """A new account, with a password that is shown once and must be changed at the first sign-in."""
    name, password = visit.text("name").strip(), secrets.token_urlsafe(12)
    chosen = [str(role) for role in visit.typed.getlist("role")]
    try:
        add_account(visit.desk(), name, password, chosen, display_name=visit.text("display_name").strip())
    except Conflict as refusal:
        return everyone(visit, str(refusal), 409)
    return everyone(visit, secret=(name.lower(), password))


def change(visit: Visit) -> Response:
    """What an administrator does to an account."""
    name, what = visit.text("name"), visit.text("what")
    try:
        if what == "new-password":
            _refuse_own(visit, name)
            password = secrets.token_urlsafe(12)
            set_password(visit.desk(), name, password)
            return everyone(visit, secret=(name, password))
        if what == "roles":
            set_roles(visit.desk(), name, [str(role) for role in visit.typed.getlist("role")])
        else:
            CHANGES.get(what, _none)(visit.desk(), name)
    except Conflict as refusal:
        return everyone(visit, str(refusal), 409)
    return done(visit, "/accounts", f"Done: {what.replace('-', ' ')}, {name}.")


def _refuse_own(visit: Visit, name: str) -> None:
    if name.strip().lower() == visit.viewer.name:
        raise Conflict("Your own password is changed on your own page, which asks for the old one.")


def _none(desk: Desk, name: str) -> None:
    raise Conflict("There is no such change.")


CHANGES: dict[str, Callable[[Desk, str], object]] = {
    "disable": disable_account,
    "enable": enable_account,
    "reset-factor": reset_second_factor,
    "sign-out": revoke_sessions,
}


def shown_again(visit: Visit, parked: str) -> Response:
    """A form that waited, to be looked through and sent; after whatever its person owes first, which it waits through too."""
    if visit.viewer.must_change_password:
        return show(visit, "password.html", wrong="", parked=parked)
    if visit.viewer.must_set_second_factor:
        return own_factor(visit, parked=parked)
    try:
        waiting = unpark(visit, parked)
    except Conflict as refusal:
        return answer_for(visit, 409, str(refusal))
    return show(visit, "parked.html", waiting=waiting)


def _further(visit: Visit, parked: str, otherwise: Response) -> Response:
    """On to the form that waits, as whoever they are now."""
    if not parked:
        return otherwise
    visit.guest = viewer_of(visit.desk_of_nobody(), visit.request.cookies.get(COOKIE, ""))
    return shown_again(visit, parked) if visit.guest else otherwise


def own_password(visit: Visit) -> Response:
    """The form for one's own password."""
    return show(visit, "password.html", wrong="", parked="")


def new_password(visit: Visit) -> Response:
    """Change it; every other session of one's own ends."""
    viewer, parked = visit.viewer, visit.text("parked")
    if visit.text("password") != visit.text("password_again"):
        says = "The two new passwords are not the same; type them again."
        return show(visit, "password.html", 422, wrong=says, parked=parked)
    try:
        change_password(visit.desk(), viewer.account_id, visit.text("old"), visit.text("password"), viewer.session_id)
    except Conflict as refusal:
        return show(visit, "password.html", 409, wrong=str(refusal), parked=parked)
    changed = done(visit, "/", "Your password is changed; every other session of yours has ended.")
    return _further(visit, parked, changed)


def own_factor(visit: Visit, wrong: str = "", status: int = 200, parked: str = "") -> Response:
    """The second factor: a picture for a phone, and the field for its first code."""
    desk, account = visit.desk(), visit.viewer.account_id
    try:
        secret, address = pending_second_factor(desk, account) or begin_second_factor(desk, account)
    except Conflict as refusal:
        return done(visit, "/", str(refusal))
    return show(visit, "factor.html", status, wrong=wrong, secret=secret, picture=_picture(address), parked=parked)


def _picture(address: str) -> str:
    page_ = io.BytesIO()
    segno.make(address, error="m").save(page_, kind="svg", scale=5, border=2, xmldecl=False, svgns=True, nl=False)
    return page_.getvalue().decode()


def new_factor(visit: Visit) -> Response:
    """The first code: from now on it is asked at every sign-in."""
    try:
        finish_second_factor(visit.desk(), visit.viewer.account_id, visit.text("code")[:20], visit.viewer.session_id)
    except Conflict as refusal:
        return own_factor(visit, str(refusal), 409, visit.text("parked"))
    return _further(visit, visit.text("parked"), RedirectResponse("/", 303))


ROUTES: tuple[Route, ...] = (
    page("/accounts", everyone, ADMINISTRATORS),
    act("/accounts/add", add, ADMINISTRATORS),
    act("/accounts/change", change, ADMINISTRATORS),
    page("/account/password", own_password, EVERYONE, half_way=True),
    act("/account/password", new_password, EVERYONE, half_way=True, largest=LARGEST),
    page("/account/second-factor", own_factor, EVERYONE, half_way=True),
    act("/account/second-factor", new_factor, EVERYONE, half_way=True, largest=LARGEST),
)
