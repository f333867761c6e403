"""A home of its own for each test of the command line, with a clock held still and a Prefect that is away."""

import shutil
from pathlib import Path

import pytest

from actions.found import found
from settings.model import Settings
from tests.conftest import MANAGER, OFFICER, Time

SETTINGS = f"""
actor = "{MANAGER}"
owner = "{MANAGER}"
deputy = "deputy@example.org"
executive = "executive@example.org"
data_protection_officer = "{OFFICER}"
organisation = "Example Prosecution Office"
contact_name = "Data Protection Officer"
contact_email = "dpo@example.org"
contact_phone = "020 7946 0018"
prefect_api_url = "http://127.0.0.1:9/api"
"""


@pytest.fixture
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, time: Time) -> Path:
    """A home in which nothing was founded yet; only its settings lie there."""
    home = tmp_path / "home"
    home.mkdir()
    (home / "settings.toml").write_text(SETTINGS, encoding="utf-8")
    monkeypatch.setenv("FORTHWITH_HOME", str(home))
    monkeypatch.setenv("COLUMNS", "100")
    return home


@pytest.fixture
def home(nowhere: Path, sqlite_template: Path) -> Path:
    """A founded home."""
    shutil.copy(sqlite_template, nowhere / "forthwith.db")
    (nowhere / "forthwith.db").unlink()
    found(Settings())
    return nowhere
