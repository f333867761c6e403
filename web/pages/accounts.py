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
from actions.sign_in import revoke_sessions
from db.queries.accounts import accounts, roles
from web.after import done
from web.paper import show
from web.roles import ADMINISTRATORS, EVERYONE, MAY
from web.routes import Route, act, page
from web.visit import Visit


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


def own_password(visit: Visit) -> Response:
    """The form for one's own password."""
    return show(visit, "password.html", wrong="")


def new_password(visit: Visit) -> Response:
    """Change it; every other session of one's own ends."""
    if visit.text("password") != visit.text("password_again"):
        return show(visit, "password.html", 422, wrong="The two new passwords are not the same; type them again.")
    viewer = visit.viewer
    try:
        change_password(visit.desk(), viewer.account_id, visit.text("old"), visit.text("password"), viewer.session_id)
    except Conflict as refusal:
        return show(visit, "password.html", 409, wrong=str(refusal))
    return done(visit, "/", "Your password is changed; every other session of yours has ended.")


def own_factor(visit: Visit, wrong: str = "", status: int = 200) -> Response:
    """The second factor: a picture for a phone, and the field for its first code."""
    desk, account = visit.desk(), visit.viewer.account_id
    try:
        secret, address = pending_second_factor(desk, account) or begin_second_factor(desk, account)
    except Conflict as refusal:
        return done(visit, "/", str(refusal))
    return show(visit, "factor.html", status, wrong=wrong, secret=secret, picture=_picture(address))


def _picture(address: str) -> str:
    page_ = io.BytesIO()
    segno.make(address, error="m").save(page_, kind="svg", scale=5, border=2, xmldecl=False, svgns=True, nl=False)
    return page_.getvalue().decode()


def new_factor(visit: Visit) -> Response:
    """The first code: from now on it is asked at every sign-in."""
    try:
        finish_second_factor(visit.desk(), visit.viewer.account_id, visit.text("code")[:20], visit.viewer.session_id)
    except Conflict as refusal:
        return own_factor(visit, str(refusal), 409)
    return RedirectResponse("/", 303)


ROUTES: tuple[Route, ...] = (
    page("/accounts", everyone, ADMINISTRATORS),
    act("/accounts/add", add, ADMINISTRATORS),
    act("/accounts/change", change, ADMINISTRATORS),
    page("/account/password", own_password, EVERYONE, half_way=True),
    act("/account/password", new_password, EVERYONE, half_way=True),
    page("/account/second-factor", own_factor, EVERYONE, half_way=True),
    act("/account/second-factor", new_factor, EVERYONE, half_way=True),
)
