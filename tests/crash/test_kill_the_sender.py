"""Kills the sender again and again, under a provider that loses requests and answers: nobody is told twice, nobody is left out."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from actions import clock
from actions.declare import Declared
from actions.desk import Desk
from actions.reconcile import reconcile
from actions.write_notice import Written, write_notice
from db.models import Attempt, Notice, Wave
from db.queries.balance import balance
from db.queries.journal import verify_all
from db.queries.notices import progress
from settings.model import Settings
from tests.crash.worker import settings_of
from tests.fakes import sendgrid
from tests.fakes.ledger import Ledger
from tests.ledger import an_incident_with, customers, launched

PEOPLE = 2000
KILLS = 8
FAULTS = {
    "accept-then-drop": 0.01,
    "drop-before-accept": 0.01,
    "429-nonsense": 0.002,
    "500": 0.005,
    "accept-then-500": 0.005,
}
ROOT = Path(__file__).parents[2]


@pytest.fixture
def plain_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """Short words for everyone: this is about sending, and composing two thousand notices takes longer than sending them."""
    composed: list[Written] = []

    def write(*given: Any) -> Written:
        if not composed:
            composed.append(write_notice(*given))
        way = given[4]
        return replace(
            composed[0], content=replace(composed[0].content, to_address=way.address, text="Words.", html="")
        )

    monkeypatch.setattr("actions.draft.write_notice", write)


@pytest.mark.slow
@pytest.mark.usefixtures("plain_words")
def test_a_sender_killed_eight_times_tells_everyone_once(desk: Desk, settings: Settings, tmp_path: Path) -> None:
    incident = an_incident_with(desk, tmp_path, customers(PEOPLE))
    [wave] = launched(desk, incident)
    ledger = Ledger(tmp_path / "sendgrid")
    faults = [part for name, chance in FAULTS.items() for part in ("--chance", f"{name}={chance}")]
    with sendgrid.spawned(ledger.path.parent, "--latency", "0.005", "--seed", "7", *faults) as url:
        for kill in range(KILLS):
            killed_in_mid_run(settings, url, wave, ledger, random.Random(kill))
            expire(desk)
        unknown = until_settled(desk, settings, url, wave)
    assert unknown >= KILLS, "no kill hit anything in flight: this test proves nothing"
    assert_everyone_was_told_once(desk, ledger, wave)
    assert_the_record_says_so(desk, incident, wave)


def assert_everyone_was_told_once(desk: Desk, ledger: Ledger, wave: Wave) -> None:
    """By what the provider took, not by what we believe."""
    copies = ledger.copies()
    with desk.reading() as session:
        planned = {str(nid) for nid in session.scalars(sa.select(Notice.nid).where(Notice.wave_id == wave.id))}
    assert planned - set(copies) == set(), "someone was left out"
    assert {nid for nid, count in copies.items() if count > 1} == set(), "someone was told twice"
    assert len(copies) == PEOPLE


def assert_the_record_says_so(desk: Desk, incident: Declared, wave: Wave) -> None:
    with desk.reading() as session:
        assert progress(session, wave.id) == {"accepted": PEOPLE}
        attempts = Counter(session.scalars(sa.select(Attempt.state)))
        assert attempts["accepted"] == PEOPLE and not attempts["sending"] and not attempts["rejected"]
        told = balance(session, incident.id)
        assert (len(told.told), len(told.pending)) == (PEOPLE, 0)
        assert all(verdict.sound for verdict in verify_all(session))


@contextmanager
def a_worker(settings: Settings, url: str, wave: Wave) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "tests.crash.worker", str(settings.home), settings.url, url, str(wave.id)]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL) as process:
        try:
            yield process
        finally:
            process.kill()


def killed_in_mid_run(settings: Settings, url: str, wave: Wave, ledger: Ledger, chance: random.Random) -> None:
    """Start a worker and kill it when it has handed over some more notices: how many, and when exactly, is chance."""
    before, more = len(ledger.records()), chance.randint(1, PEOPLE // (KILLS + 3))
    with a_worker(settings, url, wave) as worker:
        while len(ledger.records()) < before + more and worker.poll() is None:
            time.sleep(0.01)
        time.sleep(chance.random() * 0.02)
        assert worker.poll() is None, "the worker ended before it was killed"
        os.kill(worker.pid, signal.SIGKILL)


def expire(desk: Desk) -> None:
    """As if a minute had passed since the worker was last heard of."""
    with desk.writing() as session:
        held = sa.update(Wave).where(Wave.lease_owner.is_not(None))
        session.execute(held.values(lease_until=clock.now() - timedelta(seconds=1), wait_until=None))


def until_settled(desk: Desk, settings: Settings, url: str, wave: Wave) -> int:
    """Work and settle in turns until nothing is open. Returns how many notices were unknown at first."""
    unknown = 0
    with Desk(settings_of(settings.home, settings.url, url), "worker@example.org", database=desk.database) as sender:
        for turn in range(20):
            with a_worker(settings, url, wave) as worker:
                assert worker.wait() == 0
            unknown = unknown or count_unknown(desk, wave)
            a_while_later(desk)
            reconcile(sender)
            with desk.reading() as session:
                if session.get_one(Wave, wave.id).state == "done":
                    return unknown
            assert turn < 19, "it never settles"
    return unknown


def count_unknown(desk: Desk, wave: Wave) -> int:
    with desk.reading() as session:
        return progress(session, wave.id).get("unknown", 0)


def a_while_later(desk: Desk) -> None:
    """As if two minutes had passed since every attempt, and every rest were over."""
    with desk.writing() as session:
        session.execute(sa.update(Wave).values(wait_until=None))
        session.execute(sa.update(Notice).where(Notice.state == "queued").values(wait_until=None))
        for attempt in session.scalars(sa.select(Attempt).where(Attempt.state == "unknown")):
            attempt.started_at -= timedelta(minutes=2)
