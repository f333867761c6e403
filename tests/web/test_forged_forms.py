"""A form counts only with its own session's mark, and only from a page of this house."""

import pytest

from actions.desk import Desk
from tests.accounts import PASSWORD, a_token, an_account, seen
from tests.web.browser import Team, refusals
from tests.web.record import written
from tests.web.test_sessions import RECORD, TYPED
from web.table import ROUTES


@pytest.mark.parametrize("mark", ["none", "empty", "made up", "of another session of one's own", "of somebody else"])
def test_a_form_without_this_sessions_mark_does_nothing(team: Team, full: str, desk: Desk, mark: str) -> None:
    manager, before = team["manager"], written(desk)
    another = a_token(desk, "manager@example.org")
    marks = {
        "none": {},
        "empty": {"csrf": ""},
        "made up": {"csrf": "é" * 20},
        "of another session of one's own": {"csrf": seen(desk, another).csrf},
        "of somebody else": {"csrf": team["responder"].csrf},
    }
    before = written(desk)
    for route in ROUTES:
        if route.method == "POST" and route.roles and "manager" in route.roles:
            path = route.path.replace("{reference}", full)
            answer = manager.ask("POST", path, data=TYPED | marks[mark])
            assert answer.status_code == 403, route.name
            assert "does not belong to your session" in refusals(answer), route.name
    assert written(desk) == before


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://elsewhere.example"},
        {"origin": "null"},
    ],
)
def test_a_form_from_another_site_does_nothing_even_with_the_right_mark(
    team: Team, full: str, desk: Desk, headers: dict[str, str]
) -> None:
    manager = team["manager"]
    an_account(desk, "ann@example.org")
    before = written(desk)
    assert manager.post(RECORD, TYPED, **headers).status_code == 403
    answer = team.nobody().ask(
        "POST", "/sign-in", data={"name": "ann@example.org", "password": PASSWORD}, headers=headers
    )
    assert (answer.status_code, answer.headers.get_list("set-cookie")) == (403, [])
    assert written(desk) == before


def test_a_form_from_a_page_of_ours_is_taken(team: Team, full: str) -> None:
    assert team["manager"].post(RECORD, TYPED, origin="http://forthwith.example").status_code == 303
