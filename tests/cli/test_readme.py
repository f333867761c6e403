"""The README's first incident runs as it stands there: every command of it, in its order."""

import re
import shlex
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa

from actions.assess import assess
from actions.contain import contain
from actions.deliver import deliver
from actions.desk import Desk
from actions.found import found
from actions.prepare_notices import prepare_notices
from actions.prepare_reports import prepare_reports
from db.models import Incident, Wave
from settings.model import Settings
from tests.cli.call import call
from tests.conftest import Time
from tests.house.source import ROOT
from tests.ledger import OWN_STORY, STORY, a_list, customers

PAGE = (ROOT / "README.md").read_text("utf-8").split("## Your first incident")[1].split("\n## ")[0]
LEFT_TO_DO = "cannot close yet"


def blocks() -> list[str]:
    return [block.strip() for block in PAGE.split("```")[1::2]]


def commands() -> list[list[str]]:
    """The second block, a command a line, continued lines joined and remarks left out."""
    joined = blocks()[1].replace("\\\n", " ")
    return [shlex.split(line, comments=True) for line in joined.splitlines() if line.startswith("forthwith ")]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, time: Time) -> Path:
    """A home with the page's own settings, and the files that it names."""
    home = tmp_path / "home"
    home.mkdir()
    settings = re.search(r"<<END\n(.*?)END", blocks()[0], re.DOTALL)
    assert settings
    (home / "settings.toml").write_text(settings[1] + 'prefect_api_url = "http://127.0.0.1:9/api"\n', "utf-8")
    monkeypatch.setenv("FORTHWITH_HOME", str(home))
    monkeypatch.chdir(tmp_path)
    a_list(tmp_path, [one | {"kind": "employee"} for one in customers(3)], "employees.csv")
    (tmp_path / "acknowledgement.pdf").write_bytes(b"received")
    found(Settings())
    return home


def flows(desk: Desk) -> None:
    """What the runs do that each command asks for."""
    with desk.reading() as session:
        incidents: list[UUID] = list(session.scalars(sa.select(Incident.id)))
    for incident in incidents:
        for step in (assess, contain, prepare_reports, prepare_notices):
            step(desk, incident)
    with desk.reading() as session:
        waves = list(session.scalars(sa.select(Wave.id).where(Wave.state == "launched")))
    for wave in waves:
        deliver(desk, wave)


def the_rest_of_the_story(arguments: list[str]) -> list[str]:
    """The page's … stands for the words that only the reader has."""
    words = [
        f"{name}={value}"
        for name, value in (STORY | OWN_STORY).items()
        if name != "story.what_happened" and "support" not in name
    ]
    plain = [word.replace("['", "[").replace("']", "]").replace("', '", ", ") for word in words]
    return [part for one in arguments for part in (plain if one == "…" else [one])]


def test_every_command_of_the_first_incident_works_in_its_order(here: Path) -> None:
    with Desk(Settings(), "manager@example.org") as desk:
        for _, *arguments in commands():
            ended = call(*the_rest_of_the_story(arguments))
            if arguments[0] == "close":
                assert LEFT_TO_DO in ended.err, "the page's reader has tasks of their own to end first"
                break
            assert ended.code == 0, f"{shlex.join(arguments)}: {ended.err}"
            flows(desk)
    balance = call("people", "balance", "FW-2026-0001", "--json").out
    assert re.search(r'"all": \{\s*"affected": 3,\s*"told": 3', balance)
    assert len(list((here / "outbox").rglob("*.eml"))) >= 3


def test_the_page_names_every_step_from_declaring_to_closing() -> None:
    verbs = [arguments[1] for arguments in commands()]
    assert verbs[0] == "declare"
    assert verbs[-1] == "close"
