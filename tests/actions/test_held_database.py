"""Another program keeps SQLite's one writer's place: nobody's act is half done, the watch ends in words, and its next look catches up."""

import asyncio
import subprocess
import sys
import time as wall
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest
import sqlalchemy as sa

from actions.assess import assess
from actions.check_deadlines import check_deadlines
from actions.deliver import deliver
from actions.desk import Desk
from actions.hand_over import take_over
from cli import trouble
from db import session as connections
from db.models import Alert, Heartbeat, JournalEntry, Rung
from db.session import DatabaseBusy
from flows.check_deadlines import check_deadlines as flow_of_the_watch
from flows.guard import StepFailed, guarded
from flows.reconcile import reconcile as flow_of_the_settling
from settings.model import Settings
from tests.builders import an_incident
from tests.conftest import Time, a_deployment
from tests.delivery import a_wave, states, taken
from tests.fakes.sendgrid import FakeSendGrid

REF = "FW-2026-0001"
HOLDS = """
import sqlite3, sys
held = sqlite3.connect(sys.argv[1], isolation_level=None)
held.execute("BEGIN IMMEDIATE")
print("holds", flush=True)
sys.stdin.read()
"""


@contextmanager
def somebody_writes(settings: Settings) -> Iterator[None]:
    """A process of its own that has begun to write and does not end."""
    path = str(settings.url).removeprefix("sqlite:///")
    command = [sys.executable, "-c", HOLDS, path]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"holds\n"
        try:
            yield
        finally:
            other.communicate()


@pytest.fixture
def desk(tmp_path: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch, time: Time) -> Iterator[Desk]:
    """A desk whose database waits for nobody, with an incident that is assessed and was looked at."""
    monkeypatch.setattr(connections, "BUSY_SECONDS", 0)
    file = tmp_path / "forthwith.db"
    file.write_bytes(sqlite_template.read_bytes())
    settings = a_deployment(tmp_path / "home", f"sqlite:///{file}")
    for name, value in (("HOME", settings.home), ("DATABASE_URL", settings.url), ("ACTOR", settings.actor)):
        monkeypatch.setenv(f"FORTHWITH_{name}", str(value))
    with Desk(settings, settings.actor) as made:
        an_incident(made)
        take_over(made.acting_as(settings.data_protection_officer), REF)
        assess(made, REF)
        check_deadlines(made)
        yield made


@pytest.fixture
def settings(desk: Desk) -> Settings:
    """This desk's: only SQLite has one writer's place."""
    return desk.settings


def count(desk: Desk, query: sa.Select[tuple[int]]) -> int:
    with desk.reading() as session:
        return session.scalar(query) or 0


ALERTS = sa.select(sa.func.count()).select_from(Alert)
DUE = sa.select(sa.func.count()).select_from(Rung)


def test_the_watch_ends_in_words_where_another_writes_and_its_next_look_tells_everything_late(
    desk: Desk, time: Time
) -> None:
    alerts = count(desk, ALERTS)
    time.now = datetime(2026, 11, 20, 11, tzinfo=UTC) + timedelta(days=2)
    due = DUE.where(Rung.told_at.is_(None), Rung.fires_at <= time.now)
    assert count(desk, due)
    with somebody_writes(desk.settings):
        ended = asyncio.run(flow_of_the_watch.fn())
        assert ended is not None and ended.is_completed()
        assert "writing to the database" in (ended.message or "") and "next look" in (ended.message or "")
        assert count(desk, ALERTS) == alerts and count(desk, due)
    time.move(minutes=1)
    assert check_deadlines(desk).silent_seconds == 2 * 86_400 + 60
    assert not count(desk, due)
    assert count(desk, ALERTS) > alerts
    with desk.reading() as session:
        beat = session.get_one(Heartbeat, "check_deadlines")
        assert beat.beat_at == time.now
        late = session.scalars(sa.select(JournalEntry.body).where(JournalEntry.body.contains("late_seconds"))).all()
        assert late, "how late it was stands in the journal, as after any look that was missed"


def test_the_settling_and_a_step_meet_it_in_words_too(desk: Desk) -> None:
    async def a_step() -> None:
        take_over(desk, REF)

    with somebody_writes(desk.settings):
        ended = asyncio.run(flow_of_the_settling.fn())
        assert ended is not None and ended.is_completed()
        with pytest.raises(StepFailed, match="writing to the database"):
            asyncio.run(guarded(a_step)())


def test_an_act_is_refused_in_words_and_done_when_the_other_has_ended(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    with somebody_writes(desk.settings), pytest.raises(DatabaseBusy) as held, desk.act("assess", REF):
        pytest.fail("nobody may write beside another")
    assert trouble.told(held.value) == trouble.BROKEN
    assert "try again in a minute" in capsys.readouterr().err
    assess(desk, REF)


def test_reading_goes_on_meanwhile(desk: Desk) -> None:
    with somebody_writes(desk.settings):
        assert count(desk, DUE)


def test_what_a_channel_answered_is_kept_until_the_database_can_be_written_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sender: Desk, fake: FakeSendGrid
) -> None:
    monkeypatch.setattr("actions.deliver.HELD_TRIES", 100_000)
    _, wave = a_wave(sender, tmp_path, 6)
    fake.server.latency = 0.5  # answers come while the other writes
    worker = Thread(target=deliver, args=(sender, wave.id))
    worker.start()
    while not fake.messages:
        wall.sleep(0.001)
    with somebody_writes(sender.settings):
        wall.sleep(0.5)
        assert worker.is_alive()
    worker.join()
    assert set(taken(fake).values()) == {1}
    assert states(sender, wave) == {"accepted": 6}
