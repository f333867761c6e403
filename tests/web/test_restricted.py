"""A restricted incident is nowhere: no page, form, count, search, list or stream tells it from one that never was."""

import re

import pytest

from actions.desk import Desk
from actions.restrict import restrict
from db.models import Task
from tests.accounts import an_account
from tests.conftest import MANAGER, OFFICER
from tests.web.browser import Browser, Team
from tests.web.page import Page
from tests.web.record import written
from tests.web.test_roles import filled
from web.roles import EVERYONE
from web.table import ROUTES

NEVER_WAS = "FW-2026-0999"
OF_AN_INCIDENT = [route for route in ROUTES if route.path.startswith("/incidents/{reference}")]


@pytest.fixture
def hidden(full: str, desk: Desk) -> str:
    """The full incident, restricted to the one who manages it; a task on it is given to someone outside."""
    an_account(desk, MANAGER, "manager")
    with desk.writing() as session:
        session.query(Task).update({"assignee": OFFICER})
    restrict(desk, full, [MANAGER], "An officer is concerned.")
    return full


@pytest.fixture
def outsider(team: Team) -> Browser:
    """Someone with every role there is, who is no member."""
    return team.member(OFFICER, *sorted(EVERYONE))


def told(answer_text: str, reference: str) -> str:
    """A page without what differs from one visit to the next."""
    bare = re.sub(r'data-now="[^"]*"|name="csrf" value="[^"]*"', "", answer_text)
    return bare.replace(reference, "REFERENCE")


@pytest.mark.parametrize("way", ["as it is", "in small letters"])
def test_every_way_in_answers_as_if_it_had_never_been(outsider: Browser, hidden: str, desk: Desk, way: str) -> None:
    before = written(desk)
    for route in OF_AN_INCIDENT:
        answers = []
        for reference in (hidden, NEVER_WAS):
            path = filled(route, reference if way == "as it is" else reference.lower())
            data = {"csrf": outsider.csrf, "number": "1", "reasons": "x"} if route.method == "POST" else None
            answer = outsider.ask(route.method, path, data=data)
            answers.append(
                (answer.status_code, dict(answer.headers), told(told(answer.text, reference), reference.lower()))
            )
            answers[-1][1].pop("content-length", None)
        assert answers[0] == answers[1], route.name
        assert answers[0][0] == 404, route.name
    assert written(desk) == before


def test_a_member_comes_in_by_the_same_ways(team: Team, full: str, desk: Desk) -> None:
    manager = team.member(MANAGER, "manager", "approver")
    restrict(desk, full, [MANAGER], "An officer is concerned.")
    closed = [
        route.name
        for route in OF_AN_INCIDENT
        if manager.ask("GET", filled(route, full)).status_code == 404
        and not route.path.endswith(
            ("{shape}", "/proof", "/sent", "{place:int}", "/list/{key}")
        )  # nothing was filed or sent, no such shape, no list under way
    ]
    assert closed == []
    assert full in manager.page("/").words


@pytest.mark.parametrize(
    "question",
    [
        "",
        "?state=all",
        "?q=lost",
        "?q=FW-2026-0001",
        "?owner=manager@example.org",
        "?q=%25",
        "?exercises=yes",
        "?page=1",
    ],
)
def test_the_front_page_neither_shows_nor_counts_it(outsider: Browser, hidden: str, question: str) -> None:
    page = outsider.page(f"/{question}")
    assert "Lost discs" not in page.words
    assert not any(hidden in link for link in page.links)
    assert "Incidents 0" in page.words or "Exercises 0" in page.words
    assert "Waiting for you" not in page.words, "neither tasks, nor approvals, nor second words"


def test_the_same_front_page_shows_all_of_it_before_it_was_restricted(
    team: Team, outsider: Browser, full: str, desk: Desk
) -> None:
    """So that the test above cannot pass for want of anything to show."""
    with desk.writing() as session:
        session.query(Task).update({"assignee": OFFICER})
    words = outsider.page("/").words
    assert "Incidents 1" in words
    assert all(one in words for one in ("Waiting for you", "Approve", "Second", "Task"))


def test_its_stream_is_refused_like_that_of_one_that_never_was(outsider: Browser, hidden: str) -> None:
    answers = [outsider.get(f"/live?incident={reference}") for reference in (hidden, NEVER_WAS)]
    assert {(answer.status_code, answer.text) for answer in answers} == {(401, "Sign in first.")}


def test_a_refused_role_is_told_nothing_of_it_either(team: Team, hidden: str) -> None:
    """A reporter may open no incident, and hears the same of each."""
    answers = [team["reporter"].get(f"/incidents/{reference}") for reference in (hidden, NEVER_WAS)]
    assert {answer.status_code for answer in answers} == {403}
    assert len({Page(answer.text).words for answer in answers}) == 1


def test_whoever_is_let_out_is_out_at_the_next_look(team: Team, full: str) -> None:
    manager, responder = team["manager"], team["responder"]
    manager.do(full, "restrict", members="responder@example.org", reasons="A colleague is concerned.")
    assert responder.page(f"/incidents/{full}")
    manager.refused(full, "restrict", "restricted already", members="responder@example.org", reasons="Again.")
    manager.do(full, "remove-member", member="responder@example.org", reasons="She moved.")
    assert responder.get(f"/incidents/{full}").status_code == 404
    manager.refused(full, "remove-member", "last member", member="manager@example.org", reasons="Me too.")
    manager.do(full, "lift-restriction", reasons="All is clear.")
    assert responder.page(f"/incidents/{full}")
