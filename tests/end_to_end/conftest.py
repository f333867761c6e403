"""A database of its own, and the fixtures of the command line's and the dashboard's tests, for scenarios that are played on either."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from actions.desk import Desk
from settings.model import Settings
from tests.cli.conftest import home, nowhere
from tests.conftest import MANAGER
from tests.end_to_end.hands import ByBrowser, ByCommand, Face
from tests.web.conftest import app, house, team

__all__ = ["app", "home", "house", "nowhere", "team"]


@pytest.fixture
def database_url(tmp_path: Path, sqlite_template: Path) -> str:
    """On SQLite alone: each scenario takes long, and what is asked of the database here is asked on both elsewhere."""
    path = tmp_path / "forthwith.db"
    shutil.copy(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def on(request: pytest.FixtureRequest, face: str) -> Iterator[tuple[Face, Desk]]:
    """The face, and a desk that reads what then stands."""
    if face == "the dashboard":
        yield ByBrowser(request.getfixturevalue("team")), request.getfixturevalue("desk")
        return
    home = request.getfixturevalue("home")
    with Desk(Settings(), MANAGER) as desk:
        yield ByCommand(home.parent), desk
