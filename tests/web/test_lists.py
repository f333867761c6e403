"""A list on the dashboard: looked at with masks, its columns mapped, its bad rows taken home, its good rows taken in."""

import csv
import io
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa

from actions.desk import Desk
from db.models import Person, Task
from tests.builders import an_incident
from tests.sheets import a_sheet
from tests.web.browser import Browser, Team, refusals
from tests.web.page import Page

LIST = b"Art,Full Name,E-Mail,Shoe size\ncustomer,Sam Sample,sam@example.org,42\ncustomer,Alex Sample,nowhere,43\n"
MAP = ["Art=kind", "Full Name=name", "E-Mail=email", "Shoe size="]


@pytest.fixture
def incident(desk: Desk) -> str:
    return an_incident(desk).reference


@pytest.fixture
def manager(team: Team) -> Browser:
    return team["manager"]


def hand_in(browser: Browser, incident: str, content: bytes = LIST, **typed: object) -> httpx.Response:
    return browser.post(f"/incidents/{incident}/list", typed, {"list": ("people.csv", content)})


def people(desk: Desk) -> int:
    with desk.reading() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(Person)) or 0


def test_a_look_shows_columns_masked_samples_and_faults_and_changes_nothing(
    manager: Browser, incident: str, desk: Desk
) -> None:
    assert "Choose it again" not in manager.page(f"/incidents/{incident}/list").words
    answer = hand_in(manager, incident, step="look", map=MAP)
    words = Page(answer.text).words
    assert answer.status_code == 200
    assert "S•• ••••••" in words
    assert "3 email is not an e-mail address" in words
    assert "Sam" not in words and "nowhere" not in words
    assert '<option value="Full Name=name" selected>' in answer.text
    assert '<option value="Shoe size=name" selected>' not in answer.text
    assert people(desk) == 0


def test_the_bad_rows_come_back_as_a_file_and_mended_they_end_the_task(
    manager: Browser, incident: str, desk: Desk
) -> None:
    refused = hand_in(manager, incident, step="take", map=MAP)
    assert refused.status_code == 422
    assert "Nothing was imported" in refusals(refused)
    home = hand_in(manager, incident, step="mend", map=MAP)
    assert home.headers["content-type"].startswith("text/csv")
    [row] = csv.DictReader(io.StringIO(home.content.decode("utf-8-sig")))
    assert (row["name"], row["email"]) == ("Alex Sample", "nowhere")
    assert people(desk) == 0
    assert hand_in(manager, incident, step="take_good", map=MAP).status_code == 303
    assert "Rows left out: 1" in manager.page(f"/incidents/{incident}/people").words
    mended = home.content.replace(b"nowhere", b"alex@example.org")
    assert hand_in(manager, incident, mended, step="take").status_code == 303
    assert people(desk) == 2
    with desk.reading() as session:
        assert session.scalars(sa.select(Task.state).where(Task.key.like("left_out:%"))).all() == ["done"]


def test_a_spreadsheet_is_taken_in_like_any_list(manager: Browser, incident: str, desk: Desk, tmp_path: Path) -> None:
    sheet = a_sheet(tmp_path / "a.xlsx", [("kind", "name"), ("customer", "Sam Sample")]).read_bytes()
    assert hand_in(manager, incident, sheet, step="take").status_code == 303
    assert people(desk) == 1


@pytest.mark.parametrize("content", [b"", b"\0", b"PK\x03\x04xl/", b"\xff" * 100, b"a," * 20_000 + b"\n"])
def test_what_is_no_list_is_refused_in_words(manager: Browser, incident: str, desk: Desk, content: bytes) -> None:
    for step in ("look", "take", "mend", "take_good"):
        answer = hand_in(manager, incident, content, step=step)
        assert answer.status_code in (200, 409, 422)
        assert "the list" in Page(answer.text).words or "missing" in Page(answer.text).words or refusals(answer)
    assert hand_in(manager, incident, step="leave").status_code == 409
    assert manager.post(f"/incidents/{incident}/list", {"step": "look"}).status_code == 409
    assert people(desk) == 0
