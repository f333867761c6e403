"""The dashboard on a real database, and browsers for people of each role."""

import asyncio
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI

from actions.desk import Desk
from settings.model import Settings
from tests.conftest import MANAGER, a_deployment
from tests.web.browser import Team
from tests.web.scene import a_full_incident
from web.app import application


@pytest.hookimpl(tryfirst=True)
def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """On SQLite alone, but where a module says that the kind of database may matter."""
    if "database_url" in metafunc.fixturenames and not getattr(metafunc.module, "BOTH_DATABASES", False):
        metafunc.definition.add_marker(pytest.mark.parametrize("database_url", ["sqlite"], indirect=True))


@pytest.fixture
def house(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings of a dashboard whose Prefect is away; its log lies in the test's own folder."""
    monkeypatch.setenv("FORTHWITH_HOME", str(settings.home))
    return settings.model_copy(update={"prefect_api_url": "http://127.0.0.1:9/api"})


@pytest.fixture
def app(house: Settings, request: pytest.FixtureRequest) -> Iterator[FastAPI]:
    if "full" in request.fixturenames:
        request.getfixturevalue("full")  # laid down before an account is made
    made = application(house)
    yield made
    made.state.house.database.close()


@pytest.fixture
def team(app: FastAPI, desk: Desk) -> Iterator[Team]:
    with asyncio.Runner() as loop:
        yield Team(app, desk, loop)


@pytest.fixture(scope="session")
def scene(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a full incident in its database, to copy: it takes longer to make than most tests take."""
    folder = tmp_path_factory.mktemp("scene")
    shutil.copy(sqlite_template, folder / "forthwith.db")
    with Desk(a_deployment(folder / "home", f"sqlite:///{folder / 'forthwith.db'}"), MANAGER) as desk:
        a_full_incident(desk, folder)
    return folder


@pytest.fixture
def full(settings: Settings, scene: Path, tmp_path: Path) -> str:
    """The reference of an incident that has something of everything. It is laid down before anyone opens the database."""
    shutil.copytree(scene / "home", settings.home, dirs_exist_ok=True)
    for leftover in tmp_path.glob("forthwith.db*"):
        leftover.unlink()
    shutil.copy(scene / "forthwith.db", tmp_path / "forthwith.db")
    return "FW-2026-0001"
