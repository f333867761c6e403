"""The environment that Prefect finds: every word of it is one that Prefect knows, and nothing of the user's gets in."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from prefect.settings import Settings as PrefectSettings
from prefect.settings.legacy import _get_valid_setting_names

from flows.environment import environment, page
from settings.model import Settings

USERS_OWN = {"PATH": "/bin", "PREFECT_API_URL": "https://example.com/api", "PREFECT_API_KEY": "secret"}
SHOW = (
    "import json; from prefect.settings import get_current_settings;"
    "print(json.dumps(get_current_settings().model_dump(mode='json'), default=str))"
)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(home=tmp_path_factory.mktemp("home"), prefect_port=4321)


@pytest.fixture(scope="module")
def understood(settings: Settings) -> dict[str, Any]:
    """Prefect's settings as a process in this environment reads them."""
    done = subprocess.run(
        [sys.executable, "-c", SHOW],
        env=environment(settings, USERS_OWN),
        cwd=settings.home,
        check=True,
        capture_output=True,
    )
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def test_prefect_knows_every_setting_that_is_made_for_it(settings: Settings) -> None:
    made = {name for name in environment(settings, {}) if name.startswith("PREFECT_")}
    assert made - {name.upper() for name in _get_valid_setting_names(PrefectSettings)} == set()


def test_the_users_own_prefect_is_left_alone(settings: Settings) -> None:
    around = environment(settings, USERS_OWN)
    assert around["PATH"] == "/bin"
    assert "PREFECT_API_KEY" not in around
    assert around["PREFECT_API_URL"] == "http://127.0.0.1:4321/api"
    assert Path(around["PREFECT_HOME"]) == settings.home / "prefect"


def test_nothing_is_told_to_prefects_maker(settings: Settings, understood: dict[str, Any]) -> None:
    assert environment(settings, {})["DO_NOT_TRACK"] == "1"
    assert understood["server"]["analytics_enabled"] is False
    assert understood["server"]["ui"]["show_promotional_content"] is False


def test_a_lost_server_is_an_error_not_a_new_server(understood: dict[str, Any]) -> None:
    assert understood["server"]["ephemeral"]["enabled"] is False


def test_prefect_listens_on_loopback_and_answers_its_own_pages_only(understood: dict[str, Any]) -> None:
    assert understood["server"]["api"]["host"] == "127.0.0.1"
    assert understood["server"]["api"]["cors_allowed_origins"] == "http://127.0.0.1:4321"


def test_prefect_keeps_no_results_prints_or_old_runs(understood: dict[str, Any]) -> None:
    assert understood["results"]["persist_by_default"] is False
    assert understood["logging"]["log_prints"] is False
    assert set(understood["server"]["services"]["db_vacuum"]["enabled"]) == {"events", "flow_runs"}


def test_leases_outlive_the_server(understood: dict[str, Any]) -> None:
    assert understood["server"]["concurrency"]["lease_storage"].endswith(".filesystem")


def test_the_page_is_where_the_api_is(settings: Settings) -> None:
    assert page(settings) == "http://127.0.0.1:4321"
