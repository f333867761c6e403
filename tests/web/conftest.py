"""The dashboard on a real database, and browsers for people of each role."""

import asyncio
from collections.abc import Iterator

import pytest
from fastapi import FastAPI

from actions.desk import Desk
from settings.model import Settings
from tests.web.browser import Team
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
def app(house: Settings) -> Iterator[FastAPI]:
    made = application(house)
    yield made
    made.state.house.database.close()


@pytest.fixture
def team(app: FastAPI, desk: Desk) -> Iterator[Team]:
    with asyncio.Runner() as loop:
        yield Team(app, desk, loop)
