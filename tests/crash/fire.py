"""A wave under fire: workers killed at random, a provider that loses requests and answers, is tired, fails and dawdles."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import sqlalchemy as sa

from actions import clock
from actions.approve_wave import approve_wave
from actions.declare import Declared
from actions.desk import Desk
from actions.launch import launch
from actions.reconcile import reconcile
from actions.shards import divide
from channels.envelope import Envelope, message_id_of
from channels.outcome import ChannelError
from channels.sendgrid import SendGrid, SendGridSettings
from db.models import Attempt, Notice, Shard, Wave
from db.queries.notices import progress
from settings.model import Settings
from tests.crash.worker import settings_of
from tests.fakes.ledger import Ledger
from tests.fakes.sendgrid import KEY
from tests.ledger import APPROVER, drafted

FAULTS = {
    "accept-then-drop": 0.01,
    "drop-before-accept": 0.01,
    "429-nonsense": 0.02,
    "500": 0.0025,
    "accept-then-500": 0.0025,
    "drip": 0.001,
}
OPTIONS = [part for name, chance in FAULTS.items() for part in ("--chance", f"{name}={chance}")]
SHARDS = 3
WORKERS = 2
ROOT = Path(__file__).parents[2]


def ready(desk: Desk, incident: Declared) -> Wave:
    """Drafted, approved, launched at once, in several shards."""
    drafted(desk, incident)
    approve_wave(desk.acting_as(APPROVER), incident.id, 1)
    wave = launch(desk, incident.id, 1, urgent="this is about sending")
    with desk.writing() as session:
        divide(session, session.get_one(Wave, wave.id), SHARDS)
    return wave


@dataclass
class Nursery:
    """Where workers come from."""

    process: subprocess.Popen[str]

    def worker(self) -> int:
        """One more, by its process id."""
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())


@contextmanager
def nursery(settings: Settings, url: str, wave: Wave) -> Iterator[Nursery]:
    """Its workers are killed when the block ends, if any is left."""
    command = [sys.executable, "-m", "tests.crash.worker", str(settings.home), settings.url, url, str(wave.id)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, cwd=ROOT, text=True, start_new_session=True, **pipes) as process:  # type: ignore[call-overload]  # which pipes, mypy cannot see
        try:
            yield Nursery(process)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def shoot(desk: Desk, forked: Nursery, ledger: Ledger, kills: int, people: int, chance: random.Random) -> int:
    """Kill a worker again and again while several send, and replace it; returns how many were hit at work."""
    workers, hit = [forked.worker() for _ in range(WORKERS)], 0
    for kill in range(kills):
        until(lambda kill=kill: accepted(ledger) >= people * (kill + chance.random()) / (kills + 1))
        time.sleep(chance.random() * 0.02)
        one = workers.pop(chance.randrange(WORKERS))
        hit += lives(one)
        with suppress(ProcessLookupError):
            os.kill(one, signal.SIGKILL)
        until(lambda one=one: not lives(one))
        expire(desk, one)
        workers.append(forked.worker())
    until(lambda: not any(map(lives, workers)))
    return hit


def lives(worker: int) -> bool:
    """Whether the process is there and no corpse."""
    try:
        return Path(f"/proc/{worker}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def until(happened: Callable[[], bool], most: float = 300.0) -> None:
    ends = time.monotonic() + most
    while not happened():
        assert time.monotonic() < ends, "it never happens"
        time.sleep(0.01)


def accepted(ledger: Ledger) -> int:
    return ledger.path.read_bytes().count(b"\n")


def expire(desk: Desk, worker: int | None = None) -> None:
    """As if a minute had passed since this worker, or any, was last heard of."""
    whose = Shard.lease_owner.like(f"%:{worker}:%") if worker else Shard.lease_owner.is_not(None)
    with desk.writing() as session:
        session.execute(sa.update(Shard).where(whose).values(lease_until=clock.now() - timedelta(seconds=1)))


def settled(desk: Desk, settings: Settings, url: str, forked: Nursery, wave: Wave) -> int:
    """Work and settle in turns until nothing is open. Returns how many notices were unknown at first."""
    unknown = 0
    with Desk(settings_of(settings.home, settings.url, url), "worker@example.org", database=desk.database) as sender:
        for turn in range(30):
            expire(desk)
            worker = forked.worker()
            until(lambda worker=worker: not lives(worker))
            with desk.reading() as session:
                unknown = unknown or progress(session, wave.id).get("unknown", 0)
            a_while_later(desk)
            reconcile(sender)
            with desk.reading() as session:
                if session.get_one(Wave, wave.id).state == "done":
                    return unknown
            assert turn < 29, "it never settles"
    return unknown


def a_while_later(desk: Desk) -> None:
    """As if two minutes had passed since every attempt, and every rest were over."""
    with desk.writing() as session:
        session.execute(sa.update(Wave).values(wait_until=None))
        session.execute(sa.update(Notice).where(Notice.state == "queued").values(wait_until=None))
        for attempt in session.scalars(sa.select(Attempt).where(Attempt.state == "unknown")):
            attempt.started_at -= timedelta(minutes=2)


def naively(url: str, people: int) -> None:
    """What most programs do: send, try again on any error, and believe what it says in the end."""
    channel = SendGrid(SendGridSettings(KEY, base_url=url))

    def send(nid: UUID) -> None:
        for _ in range(9):
            with suppress(ChannelError):
                channel.send(envelope(nid))
                return

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(send, [uuid4() for _ in range(people)]))
    channel.close()


def envelope(nid: UUID) -> Envelope:
    address = "notices@example.org"
    return Envelope(
        nid=nid,
        to_address="sam@example.org",
        to_name="Sam Sample",
        from_address=address,
        from_name="Example Office",
        reply_to=address,
        subject="A message for you",
        text="Words.",
        html=None,
        message_id=message_id_of(nid, address),
        dated_at=datetime(2026, 11, 22, tzinfo=UTC),
        category=str(uuid4()),
    )
