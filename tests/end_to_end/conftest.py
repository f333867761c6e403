"""A database of its own, and the fixtures of the command line's and the dashboard's tests, for scenarios that are played on either."""

import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import home, nowhere
from tests.web.conftest import app, house, team

__all__ = ["app", "home", "house", "nowhere", "team"]


@pytest.fixture
def database_url(tmp_path: Path, sqlite_template: Path) -> str:
    """On SQLite alone: each scenario takes long, and what is asked of the database here is asked on both elsewhere."""
    path = tmp_path / "forthwith.db"
    shutil.copy(sqlite_template, path)
    return f"sqlite:///{path}"
