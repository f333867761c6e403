"""A database restored from a backup starts paused: nobody gets a second copy of what was sent after the backup's moment."""

import re
import shutil
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Barrier

import psycopg
import pytest
import sqlalchemy as sa

from actions.deliver import deliver
from actions.desk import Desk
from actions.errors import Conflict
from actions.find_restore import find_restore
from actions.launch import launch
from actions.reconcile import reconcile
from actions.start_paused import start_paused
from db.models import Attempt, Heartbeat, Incident, Notice, Wave
from db.session import Database
from settings.model import Settings
from tests.cli.call import call
from tests.conftest import MANAGER
from tests.delivery import a_wave, later, open_tasks, states, taken
from tests.events import sent
from tests.fakes.sendgrid import FakeSendGrid


def copied(desk: Desk, to: Path) -> None:
    """A backup as SQLite makes it."""
    with closing(sqlite3.connect(desk.database.url.database or "")) as source, closing(sqlite3.connect(to)) as copy:
        source.backup(copy)


def restored(desk: Desk, backup: Path) -> None:
    """Copy the backup back over the database."""
    desk.database.close()
    path = Path(desk.database.url.database or "")
    for leftover in path.parent.glob(f"{path.name}-*"):
        leftover.unlink()
    shutil.copy(backup, path)


@pytest.fixture
def twice(deaf_desk: Desk, tmp_path: Path) -> Iterator[tuple[Desk, Wave]]:
    """Two of five were sent, then a backup was made, then the others were sent, then the backup was put back."""
    wave, _ = sent(deaf_desk, 2)
    copied(deaf_desk, tmp_path / "backup.db")
    deliver(deaf_desk, wave.id)
    restored(deaf_desk, tmp_path / "backup.db")
    with Desk(deaf_desk.settings, MANAGER) as desk:
        yield desk, wave


def test_what_was_sent_after_the_backup_is_not_sent_again(twice: tuple[Desk, Wave], fake: FakeSendGrid) -> None:
    desk, wave = twice
    assert states(desk, wave) == {"accepted": 2, "queued": 3}
    with pytest.raises(Conflict, match="restored from a backup"):
        deliver(desk, wave.id)
    assert states(desk, wave) == {"accepted": 2, "unknown": 3}
    assert [title for title in open_tasks(desk) if "restored from a backup" in title]
    assert deliver(desk, wave.id).notices == {}
    launch(desk, wave.incident_id, wave.number)
    deliver(desk, wave.id)
    assert reconcile(desk).accepted == 3
    later(desk)
    reconcile(desk)
    deliver(desk, wave.id)
    assert states(desk, wave) == {"accepted": 5}
    assert set(taken(fake).values()) == {1}
    assert not [title for title in open_tasks(desk) if "restored from a backup" in title]


def test_a_restore_is_found_by_reconciling_alone_and_once(twice: tuple[Desk, Wave], fake: FakeSendGrid) -> None:
    desk, wave = twice
    assert reconcile(desk).accepted == 3
    with desk.reading() as session:
        assert session.get_one(Wave, wave.id).state == "paused"
        attempts = session.scalars(sa.select(Attempt.state)).all()
    assert attempts == ["accepted"] * 5
    assert not find_restore(desk)
    assert set(taken(fake).values()) == {1}


def test_a_wave_that_was_launched_after_the_backup_is_not_sent_anew(
    deaf_desk: Desk, tmp_path: Path, fake: FakeSendGrid
) -> None:
    """In the backup it is only approved: whoever launches it again reaches those alone who got nothing."""
    with deaf_desk.writing() as session:
        wave = session.scalars(sa.select(Wave)).one()
    copied(deaf_desk, tmp_path / "launched.db")
    deliver(deaf_desk, wave.id, most=4)
    restored(deaf_desk, tmp_path / "launched.db")
    with Desk(deaf_desk.settings, MANAGER) as desk:
        assert find_restore(desk)
        assert states(desk, wave) == {"queued": 1, "unknown": 4}
        launch(desk, wave.incident_id, wave.number)
        reconcile(desk)
        deliver(desk, wave.id)
        assert states(desk, wave) == {"accepted": 5}
    assert set(taken(fake).values()) == {1}


def test_another_home_without_notes_takes_everything_queued_for_possibly_sent(
    twice: tuple[Desk, Wave], fake: FakeSendGrid
) -> None:
    """The disk was lost with the notes on it; the key and the backup were kept elsewhere."""
    desk, wave = twice
    shutil.rmtree(desk.settings.home / "sent")
    with pytest.raises(Conflict, match="restored"):
        deliver(desk, wave.id)
    assert states(desk, wave) == {"accepted": 2, "unknown": 3}
    assert not find_restore(desk)
    assert reconcile(desk).accepted == 3
    assert set(taken(fake).values()) == {1}


def test_what_evidence_does_not_show_goes_once_more_after_the_usual_time(
    deaf_desk: Desk, tmp_path: Path, fake: FakeSendGrid
) -> None:
    wave, _ = sent(deaf_desk, 2)
    start_paused(deaf_desk, "a test", all_queued=True)
    later(deaf_desk)
    assert reconcile(deaf_desk).queued_again == 3
    assert deliver(deaf_desk, wave.id).notices == {}
    launch(deaf_desk, wave.incident_id, wave.number)
    deliver(deaf_desk, wave.id)
    assert states(deaf_desk, wave) == {"accepted": 5}
    assert set(taken(fake).values()) == {1}


def test_notices_that_the_restored_database_never_knew_are_told_to_a_person(deaf_desk: Desk, tmp_path: Path) -> None:
    wave, _ = sent(deaf_desk, 1)
    notes = deaf_desk.settings.home / "sent" / str(wave.incident_id) / f"{wave.id}.sendgrid"
    with notes.open("ab") as file:
        file.write(b"\x11" * 32 + b"\x00" * 8)
        file.write(b"half")
    assert find_restore(deaf_desk)
    assert any(
        title.startswith("1 notices were sent that this database no longer knows") for title in open_tasks(deaf_desk)
    )


def test_nothing_is_paused_where_nothing_was_restored(deaf_desk: Desk, fake: FakeSendGrid) -> None:
    wave, _ = sent(deaf_desk, 1)
    for _ in range(3):
        reconcile(deaf_desk)
        deliver(deaf_desk, wave.id, most=1)
    with Desk(deaf_desk.settings, MANAGER) as another:
        assert not find_restore(another)
    with deaf_desk.reading() as session:
        assert session.get_one(Wave, wave.id).state == "launched"


def test_nothing_leaves_that_could_not_be_noted(deaf_desk: Desk, fake: FakeSendGrid) -> None:
    (deaf_desk.settings.home / "sent").mkdir(exist_ok=True)
    with deaf_desk.reading() as session:
        wave = session.scalars(sa.select(Wave)).one()
    (deaf_desk.settings.home / "sent" / str(wave.incident_id)).write_text("in the way")
    with pytest.raises(OSError):
        deliver(deaf_desk, wave.id)
    assert taken(fake) == {}
    assert states(deaf_desk, wave) == {"sending": 5}


def test_postgresql_says_itself_that_it_was_read_back_from_a_dump(
    postgresql: str, settings: Settings, desk: Desk, tmp_path: Path
) -> None:
    """The journal's table is another one after a dump was read back, and the database is after it was made anew."""
    if desk.database.is_sqlite:
        pytest.skip("SQLite cannot tell; its home folder does")
    _, wave = a_wave(desk, tmp_path, 2)
    assert not find_restore(desk)
    desk.database.close()
    [name] = re.findall("test_[0-9a-f]{32}", settings.database_url)
    with psycopg.connect(postgresql, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}_dump TEMPLATE {name} STRATEGY FILE_COPY")  # type: ignore[call-overload]
    elsewhere = settings.model_copy(update={"database_url": settings.database_url.replace(name, f"{name}_dump")})
    with Desk(elsewhere, MANAGER, database=Database(elsewhere.url)) as other:
        assert find_restore(other)
        assert states(other, wave) == {"unknown": 2}
        assert not find_restore(other)
        with other.reading() as session:
            assert session.scalars(sa.select(Incident.closed_at)).all() == [None]
            assert session.scalars(sa.select(Notice.state)).all() == ["unknown"] * 2
    with psycopg.connect(postgresql, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name}_dump WITH (FORCE)")  # type: ignore[call-overload]


def test_by_hand_it_is_said_with_a_reason(deaf_desk: Desk, fake: FakeSendGrid, monkeypatch: pytest.MonkeyPatch) -> None:
    wave, _ = sent(deaf_desk, 2)
    monkeypatch.setenv("FORTHWITH_DATABASE_URL", deaf_desk.settings.url)
    home = str(deaf_desk.settings.home)
    assert call("restored", "--home", home, "--reasons", " ").code == 2
    told = call("restored", "--home", home, "--reasons", "the machine's image of Sunday")
    assert (told.code, "3 notices count as possibly sent" in told.out) == (0, True)
    assert states(deaf_desk, wave) == {"accepted": 2, "unknown": 3}


def test_workers_that_look_at_a_new_database_at_once_all_find_it_as_it_was(desk: Desk) -> None:
    together = Barrier(4)

    def look(_: int) -> bool:
        with Desk(desk.settings, MANAGER) as own:
            together.wait()
            return find_restore(own)

    with ThreadPoolExecutor(4) as workers:
        for _ in range(3):
            with desk.writing() as session:
                session.execute(sa.delete(Heartbeat).where(Heartbeat.name == "identity"))
            assert list(workers.map(look, range(4))) == [False] * 4
    assert not find_restore(desk)
