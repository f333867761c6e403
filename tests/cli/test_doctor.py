"""`forthwith doctor`: finds what is wrong, says what to do, and changes nothing by looking."""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from actions import clock
from actions.card_keys import set_passphrase
from actions.check_deadlines import check_deadlines
from actions.desk import Desk
from actions.found import found
from actions.keep_card import AT_LEAST_EVERY, CARD, folder_of, keep_card
from cli import checkup
from db.models import Heartbeat
from settings.model import Settings, load
from tests.cli.call import call
from tests.flows.house import a_free_port


@pytest.fixture
def deployment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A founded one whose Prefect is away."""
    monkeypatch.setenv("FORTHWITH_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("FORTHWITH_PREFECT_PORT", str(a_free_port()))
    settings = load()
    found(settings)
    return settings


def looked() -> dict[str, dict[str, Any]]:
    """What the doctor says of each thing, the gravest last."""
    told = json.loads(call("doctor", "--json").out)
    return {one["what"]: one for one in sorted(told["findings"], key=lambda one: one["state"] == "wrong")}


def wrong() -> set[str]:
    return {what for what, one in looked().items() if one["state"] == "wrong"}


def beat(settings: Settings, **ago: float) -> None:
    """The watch looked so long ago."""
    with Desk(settings, "system") as desk:
        check_deadlines(desk)
        with desk.writing() as session:
            session.execute(sa.update(Heartbeat).values(beat_at=clock.now() - timedelta(**ago)))


AWAY = {"Prefect"}
UNWATCHED = {"Prefect", "heartbeat"}


def test_a_home_that_is_not_there_is_refused_and_not_made(tmp_path: Path) -> None:
    done = call("doctor", "--home", str(tmp_path / "nowhere"))
    assert (done.code, done.out) == (2, "")
    assert "'forthwith up' founds a deployment there" in done.err
    assert not (tmp_path / "nowhere").exists()


def test_an_empty_home_gains_no_database_by_looking(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tmp_path.chmod(0o700)
    monkeypatch.setenv("FORTHWITH_HOME", str(tmp_path))
    monkeypatch.setenv("FORTHWITH_PREFECT_PORT", str(a_free_port()))
    assert {"database", "master key"} <= wrong()
    assert not (tmp_path / "forthwith.db").exists()


def test_a_new_deployment_lacks_nothing_but_its_watch(deployment: Settings) -> None:
    assert wrong() == UNWATCHED
    assert "no deadline was ever checked" in looked()["heartbeat"]["says"]
    assert looked()["heartbeat"]["do"] == "run: forthwith up"


def test_a_watch_that_looked_just_now_is_alive(deployment: Settings) -> None:
    beat(deployment, seconds=30)
    assert wrong() == AWAY


def test_a_silent_watch_is_an_alarm(deployment: Settings) -> None:
    beat(deployment, minutes=deployment.heartbeat_silence_minutes, seconds=1)
    assert wrong() == UNWATCHED
    assert "nobody watches the deadlines" in looked()["heartbeat"]["says"]


def test_a_clock_that_was_set_back_is_seen(deployment: Settings) -> None:
    beat(deployment, hours=-2)
    assert "clock" in wrong()


def test_a_key_that_others_can_read_is_wrong(deployment: Settings) -> None:
    deployment.key_file.chmod(0o644)
    assert looked()["master key"]["do"] == f"run: chmod 600 {deployment.key_file}"


def test_a_missing_key_is_wrong_and_not_made_anew(deployment: Settings) -> None:
    deployment.key_file.unlink()
    assert "master key" in wrong()
    assert not deployment.key_file.exists()


def test_a_home_that_others_can_enter_is_wrong(deployment: Settings) -> None:
    deployment.home.chmod(0o755)
    assert "home" in wrong()


def test_a_database_of_an_older_version_is_wrong(deployment: Settings) -> None:
    with altered(deployment) as connection:
        connection.execute(sa.text("UPDATE forthwith_version SET version_num = '0001'"))
    assert looked()["database"]["do"] == "run: forthwith up"


def test_a_record_that_was_tampered_with_is_wrong(deployment: Settings) -> None:
    with altered(deployment) as connection:
        for name in connection.scalars(sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
            connection.execute(sa.text(f'DROP TRIGGER "{name}"'))
        connection.execute(sa.text("""UPDATE journal SET body = '{"act": "nothing happened"}'"""))
    assert looked()["journal"]["do"].startswith("keep everything as it is")


def test_an_outbox_that_cannot_be_written_to_is_wrong(deployment: Settings) -> None:
    shutil.rmtree(deployment.outbox_folder)
    deployment.outbox_folder.write_text("a file in the folder's place")
    assert {"email", "letter"} <= wrong()


def test_a_channel_that_is_chosen_but_not_configured_is_wrong(
    deployment: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORTHWITH_EMAIL_CHANNEL", "smtp")
    assert "channels" in wrong()


def test_a_disk_that_is_nearly_full_is_wrong(deployment: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkup, "LEAST_FREE_BYTES", shutil.disk_usage(deployment.home).free * 2)
    assert "disk" in wrong()


def test_what_is_not_configured_is_noted_with_the_setting_to_make(deployment: Settings) -> None:
    notes = [one for one in json.loads(call("doctor", "--json").out)["findings"] if one["state"] == "note"]
    assert {"set FORTHWITH_OWNER", "set FORTHWITH_CONTACT_EMAIL", "set FORTHWITH_ORGANISATION"} <= {
        one["do"] for one in notes
    }


def test_it_ends_with_2_when_something_needs_you_and_shows_no_password(
    deployment: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORTHWITH_DATABASE_URL", f"postgresql://me:secret@127.0.0.1:{a_free_port()}/nothing")
    done = call("doctor")
    assert done.code == 2
    assert "cannot be reached" in " ".join(done.out.split())
    assert "secret" not in done.out + done.err


@contextmanager
def altered(settings: Settings) -> Iterator[sa.Connection]:
    """The database, changed by somebody who knows no rules."""
    engine = sa.create_engine(settings.url)
    with engine.begin() as connection:
        yield connection
    engine.dispose()


def test_a_card_that_nobody_keeps_is_a_note_that_says_what_to_do(deployment: Settings) -> None:
    assert looked()["break-glass card"]["do"] == "run: forthwith watchdog passphrase"
    set_passphrase(folder_of(deployment), "an invented passphrase")
    assert looked()["break-glass card"]["do"] == "run: forthwith watchdog"
    with Desk(deployment, "system") as desk:
        keep_card(desk, "")
    assert looked()["break-glass card"]["state"] == "well"
    card, long_ago = folder_of(deployment) / CARD, (clock.now() - 3 * AT_LEAST_EVERY).timestamp()
    os.utime(card, (long_ago, long_ago))
    assert looked()["break-glass card"]["do"] == "run: forthwith watchdog"
    assert wrong() == UNWATCHED
