"""Roles and routes, tried both ways: the matrix is made from the table of routes itself."""

import httpx
import pytest

from actions.add_account import add_account
from tests.accounts import PASSWORD, a_token, an_account
from tests.web.browser import Browser, Team
from tests.web.page import Page
from web.roles import EVERYONE
from web.routes import Route
from web.table import ROUTES

OPEN = {
    "GET /alive",
    "GET /sign-in",
    "POST /sign-in",
    "GET /second-factor",
    "POST /second-factor",
    "POST /language",
    "GET /tell/{key}",
    "POST /tell/{key}",
    "GET /told",
    "POST /told",
    "POST /hooks/sendgrid",
    "POST /hooks/notify",
    "GET /static/{mark}/{name:path}",
}
"""Every route that asks nobody who they are. Whoever adds one here says in its review why a stranger may have it."""


def asked(browser: Browser, route: Route, reference: str) -> httpx.Response:
    """The route with things in its path that are there; nothing is typed but the session's mark."""
    data = {"csrf": browser.csrf} if route.method == "POST" else None
    return browser.ask(route.method, filled(route, reference), data=data)


PASSED = {200, 303, 404, 409, 422}
"""Done, or refused for what was typed: not for who one is."""


def filled(route: Route, reference: str) -> str:
    path = route.path.replace("{reference}", reference).replace("{shape}", "html").replace("{key}", "none")
    for placeholder in ("{number:int}", "{person:int}", "{place:int}"):
        path = path.replace(placeholder, "1")
    assert "{" not in path, path
    return path


def test_every_route_asks_who_one_is_but_a_few() -> None:
    assert {route.name for route in ROUTES if route.roles is None} == OPEN
    assert len({route.name for route in ROUTES}) == len(ROUTES)


def test_the_application_serves_the_table_and_the_live_stream_and_nothing_else(team: Team) -> None:
    served = {f"{method} {one.path}" for one in team.app.routes for method in one.methods - {"HEAD"}}  # type: ignore[attr-defined]
    assert served == {route.name for route in ROUTES} | {"GET /live"}


def in_order() -> list[Route]:
    """Every guarded route, signing out last."""
    return sorted((route for route in ROUTES if route.roles is not None), key=lambda route: route.path == "/sign-out")


@pytest.mark.parametrize("role", sorted(EVERYONE))
def test_each_role_passes_where_it_may_and_nowhere_else(team: Team, full: str, role: str) -> None:
    wrong = []
    for route in in_order():
        answer = asked(team[role], route, full)
        if role in (route.roles or ()):
            fits = answer.status_code in PASSED and "/sign-in?" not in answer.headers.get("location", "")
        else:
            page = Page(answer.text)
            fits = answer.status_code == 403 and all(one in page.refusal for one in route.roles or ())
        if not fits:
            wrong.append((route.name, answer.status_code))
    assert wrong == []


def test_nobody_passes_anywhere_and_is_asked_to_sign_in(team: Team, full: str) -> None:
    nobody = team.nobody()
    for route in in_order():
        answer = asked(nobody, route, full)
        if route.method == "POST":
            assert answer.status_code == 401, route.name
            assert Page(answer.text).form("/sign-in").fields["parked"] == "", route.name  # no session of ours sent it
        else:
            assert answer.status_code == 303, route.name
            assert answer.headers["location"].startswith("/sign-in?next=%2F"), route.name


@pytest.mark.parametrize(
    ("owes", "first"),
    [
        ("the code", "/second-factor"),
        ("a password", "/account/password"),
        ("a second factor", "/account/second-factor"),
    ],
)
def test_whoever_came_in_half_way_is_led_to_the_rest_of_it(team: Team, full: str, owes: str, first: str) -> None:
    """The highest roles, and every route but the few that are needed to come in whole."""
    visitor = half_way(team, owes)
    for route in in_order():
        if not route.half_way:
            answer = asked(visitor, route, full)
            assert (answer.status_code, answer.headers.get("location")) == (303, first), route.name


def test_only_the_ways_in_and_out_are_open_half_way() -> None:
    assert {route.path for route in ROUTES if route.half_way} == {
        "/account/password",
        "/account/second-factor",
        "/sign-out",
    }


def half_way(team: Team, owes: str) -> Browser:
    """A manager, approver and administrator who gave the password, and still owes something."""
    name, roles = "half@example.org", ("manager", "approver", "administrator")
    if owes == "the code":
        team.member(name, *roles)
    elif owes == "a password":
        add_account(team.desk, name, PASSWORD, roles, must_change_password=True)
    else:
        an_account(team.desk, name, *roles)
    return Browser(team.app, team.loop).seat(team.desk, a_token(team.desk, name))


def test_who_gave_only_the_password_can_neither_change_it_nor_set_up_a_phone(team: Team) -> None:
    """Whoever guessed a password must not take the account over by way of the pages that complete a sign-in."""
    visitor = half_way(team, "the code")
    typed = {
        "old": PASSWORD,
        "password": "five tall poplars by a river",
        "password_again": "five tall poplars by a river",
    }
    ways = [
        visitor.get("/account/password"),
        visitor.post("/account/password", typed),
        visitor.get("/account/second-factor"),
        visitor.post("/account/second-factor", {"code": "000000"}),
    ]
    assert [(answer.status_code, answer.headers.get("location")) for answer in ways] == [(303, "/second-factor")] * 4
    assert a_token(team.desk, "half@example.org"), "the password is still the old one"
