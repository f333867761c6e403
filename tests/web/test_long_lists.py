"""A long list on the dashboard: taken in beside the request, followed by whoever may import there, whole or not at all."""

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from actions import clock
from actions.desk import Desk
from db.models import Person, Trigger, Wave
from tests.builders import an_incident
from tests.ledger import an_incident_with, customers
from tests.web.browser import Browser, Team, refusals
from tests.web.page import Page
from web import taking_in, under_way
from web.acts import telling
from web.app import application

ROWS = 1200
LIST = "kind,name,reference\n" + "".join(f"customer,Sam Sample,C{number}\n" for number in range(ROWS))
WRONG = LIST + "customer,,C9999\n"


class Gate:
    """Stops each list where it is first told how far it is, until the gate is opened."""

    def __init__(self) -> None:
        self.reached, self.open = threading.Event(), threading.Event()

    def taking(self, *how: Any, progress: Any, **named: Any) -> under_way.Outcome:
        def heard(*far: int) -> None:
            progress(*far)
            self.reached.set()
            assert self.open.wait(60)
            progress(*far)

        return TAKE_IN(*how, progress=heard, **named)


TAKE_IN = under_way.take_in


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    monkeypatch.setattr(taking_in, "SHORT_BYTES", 1000)
    made = Gate()
    monkeypatch.setattr(under_way, "take_in", made.taking)
    yield made
    made.open.set()


@pytest.fixture
def incident(desk: Desk) -> str:
    return an_incident(desk).reference


def hand_in(browser: Browser, incident: str, content: str = LIST, step: str = "take") -> httpx.Response:
    return browser.post(f"/incidents/{incident}/list", {"step": step}, {"list": ("people.csv", content.encode())})


def begun(browser: Browser, incident: str, content: str = LIST, step: str = "take") -> str:
    answer = hand_in(browser, incident, content, step)
    assert answer.status_code == 303, refusals(answer)
    return answer.headers["location"]


def ended(team: Team) -> None:
    for thread in team.app.state.house.under_way._threads:
        thread.join(60)
        assert not thread.is_alive()


def people(desk: Desk) -> int:
    with desk.reading() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(Person)) or 0


def test_the_answer_comes_at_once_and_the_page_says_how_far_it_is_and_what_came_of_it(
    team: Team, incident: str, desk: Desk, gate: Gate
) -> None:
    manager = team["manager"]
    where = begun(manager, incident)
    assert gate.reached.wait(60)
    page = manager.get(where)
    assert "500 of about" in Page(page.text).words
    assert "0 rows are wrong" in Page(page.text).words
    assert '<meta http-equiv="refresh"' in page.text and 'hx-trigger="every 2s"' in page.text
    assert people(desk) == 0
    assert where in manager.get(f"/incidents/{incident}/list").text, "who comes back finds it"
    gate.open.set()
    ended(team)
    assert people(desk) == ROWS
    turned = manager.get(where, **{"hx-request": "true"})
    assert turned.headers["hx-redirect"] == where, "script fetches the whole page then"
    answer = manager.get(where)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/incidents/{incident}/people")
    assert f"People entered: {ROWS:,}. Rows: {ROWS:,}." in manager.page(answer.headers["location"]).words
    assert where not in manager.get(f"/incidents/{incident}/list").text


def test_what_is_wrong_is_counted_meanwhile_and_told_in_the_end_as_for_a_short_list(
    team: Team, incident: str, desk: Desk, gate: Gate
) -> None:
    manager = team["manager"]
    where = begun(manager, incident, LIST.replace("Sample,C7\n", "Sample,C6\n").replace("Sam Sample,C3\n", ",C3\n"))
    assert gate.reached.wait(60)
    assert "1 row is wrong" in manager.page(where).words
    gate.open.set()
    ended(team)
    answer = manager.get(where)
    assert answer.status_code == 422
    assert "Nothing was imported" in refusals(answer)
    words = Page(answer.text).words
    assert "5 name is missing" in words and "9 reference stands for someone else" not in words
    assert '<option value="name=name" selected>' in answer.text
    assert people(desk) == 0


def test_the_same_person_may_not_begin_another_meanwhile_and_somebody_else_may(
    team: Team, incident: str, desk: Desk, gate: Gate
) -> None:
    begun(team["manager"], incident)
    assert gate.reached.wait(60)
    again = hand_in(team["manager"], incident, WRONG)
    assert again.status_code == 409
    assert "One list of yours at a time" in refusals(again) and incident in refusals(again)
    other = begun(team["responder"], incident, LIST.replace("C", "D"))
    gate.open.set()
    ended(team)
    assert team["responder"].get(other).status_code == 303
    assert people(desk) == 2 * ROWS
    assert hand_in(team["manager"], incident).status_code == 303, "and after that the next one is taken"
    ended(team)


def test_only_who_may_import_there_may_look(team: Team, incident: str, desk: Desk, gate: Gate) -> None:
    where = begun(team["manager"], incident)
    assert gate.reached.wait(60)
    assert team["responder"].get(where).status_code == 200
    for role in ("auditor", "approver", "reporter", "administrator"):
        assert team[role].get(where).status_code == 403
    other = an_incident(desk).reference
    assert team["manager"].get(where.replace(incident, other)).status_code == 404, "it belongs to its own incident"
    assert team.nobody().get(where).status_code == 303
    gate.open.set()
    ended(team)


def test_a_dashboard_that_ends_leaves_nothing_half_done_and_says_so_afterwards(
    team: Team, incident: str, desk: Desk, gate: Gate
) -> None:
    manager = team["manager"]
    where = begun(manager, incident)
    assert gate.reached.wait(60)

    async def live_and_end() -> None:
        async with team.app.router.lifespan_context(team.app):
            ending = asyncio.get_running_loop().run_in_executor(None, gate.open.set)
            team.app.state.house.under_way._ending.set()
            await ending

    asyncio.run(live_and_end())
    assert people(desk) == 0
    assert not any(thread.is_alive() for thread in team.app.state.house.under_way._threads)
    assert "stopped before the list was taken in" in refusals(manager.get(where))
    assert "One list of yours" in refusals(hand_in(manager, incident)), "none is begun while all ends"
    later = Browser(application(team.app.state.house.settings), team.loop)
    later.client.cookies = manager.client.cookies
    answer = later.get(where)
    assert answer.status_code == 404
    assert later.get(where, **{"hx-request": "true"}).headers["hx-redirect"] == where, "an open page hears it too"
    assert "started anew" in Page(answer.text).words and "whole or not at all" in Page(answer.text).words


def test_the_short_way_in_hands_a_long_list_over_too(team: Team, incident: str, desk: Desk, gate: Gate) -> None:
    gate.open.set()
    says = team["manager"].do(incident, "import-people", {"list": ("people.csv", LIST.encode())})
    assert "taken in beside this page" in says
    ended(team)
    assert people(desk) == ROWS


def test_whatever_breaks_is_said_and_nobody_waits_for_ever(
    team: Team, incident: str, desk: Desk, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("Sam Sample")

    monkeypatch.setattr(under_way, "import_people", broken)
    where = begun(team["manager"], incident)
    ended(team)
    answer = team["manager"].get(where)
    assert answer.status_code == 500
    assert "nothing was taken in" in refusals(answer) and "Sam Sample" not in answer.text


def test_the_notices_to_very_many_are_drawn_up_by_a_run_that_is_asked_for(
    team: Team, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = an_incident_with(desk, tmp_path, customers(4)).reference
    with desk.writing() as session:
        session.execute(sa.update(Trigger).values(asked_at=clock.now(), done_at=clock.now()))
    monkeypatch.setattr(telling, "MANY", 3)
    assert "drawn up beside this page" in team["manager"].do(reference, "draft")
    with desk.reading() as session:
        assert session.scalars(sa.select(Wave)).all() == []
        wish = session.scalars(sa.select(Trigger).where(Trigger.flow == "respond", Trigger.done_at.is_(None))).one()
    assert wish.because == "manager@example.org asked for the notices"
    monkeypatch.setattr(telling, "MANY", 4)
    assert "Waves: 1. Notices: 4." in team["manager"].do(reference, "draft")
