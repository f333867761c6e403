"""How fast notices are drafted and sent to a provider over TLS with 20 ms latency, beside the sum of its parts, a bare loop, and Prefect tasks.

python bench/bench_deliver.py [--people 5000] [--tasks 50]
"""

import argparse
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar
from uuid import uuid4

from pydantic import SecretStr

sys.path.insert(0, str(Path(__file__).parents[1]))

import one_task_each
import parts

from actions.approve_wave import approve_wave
from actions.deliver import deliver
from actions.desk import Desk
from actions.launch import launch
from actions.prepare_notices import prepare_notices
from channels.sendgrid import SendGrid, SendGridSettings
from settings.model import Settings
from tests.conftest import MANAGER, a_deployment
from tests.crash.fire import envelope
from tests.fakes import sendgrid
from tests.fakes.sendgrid import KEY
from tests.ledger import APPROVER, an_incident_with, customers

T = TypeVar("T")


def measured(what: str, people: int, work: Callable[[], T], spent: list[float] | None = None) -> T:
    """Do it, and say what it cost for each person: seconds on the wall, and of this process alone."""
    wall, cpu = time.perf_counter(), time.process_time()
    done = work()
    wall, cpu = (time.perf_counter() - wall) / people, (time.process_time() - cpu) / people
    say(what, wall, cpu)
    if spent is not None:
        spent.append(cpu)
    return done


def say(what: str, wall: float, cpu: float) -> None:
    """One line of the table, from seconds for each person."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"{what:<22} {1 / wall:>8,.0f}/s  {1 / cpu:>8,.0f} per CPU second  {cpu * 1e6:>7,.0f} us  peak {peak} MB",
        flush=True,
    )


def main() -> None:
    """Draft, approve, launch, send; then what it is compared with."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--people", type=int, default=5000)
    asked.add_argument("--tasks", type=int, default=50, help="people who are told by a Prefect task each")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with sendgrid.spawned(folder / "sendgrid", "--tls", "--latency", "0.02") as fake:
            os.environ["SSL_CERT_FILE"] = str(folder / "sendgrid" / "ca.pem")
            ours = through_the_house(deployment(folder, fake), folder, given.people, fake)
            measured("a bare loop", given.people, lambda: bare(fake, given.people))
            plain = one_task_each.in_its_own_process(fake, given.tasks)
            say("a Prefect task each", plain["wall"], plain["cpu"])
            print(f"drafted and sent by ours: {plain['cpu'] / ours:.1f} times as many per CPU second as by a task each")


def deployment(folder: Path, fake: str) -> Settings:
    """On SQLite, sending through the fake."""
    return a_deployment(folder / "home", f"sqlite:///{folder / 'bench.db'}").model_copy(
        update={
            "email_channel": "sendgrid",
            "sendgrid_host": fake,
            "sendgrid_api_key": SecretStr(KEY),
            "rate_per_second": 100_000.0,
        }
    )


def through_the_house(settings: Settings, folder: Path, people: int, fake: str) -> float:
    """Every step that a wave takes; gives the processor seconds for each person of drafting and sending."""
    spent: list[float] = []
    with Desk(settings, MANAGER) as desk:
        incident = an_incident_with(desk, folder, customers(people))
        measured("draft", people, lambda: prepare_notices(desk, incident.id), spent)
        measured("approve", people, lambda: approve_wave(desk.acting_as(APPROVER), incident.id, 1))
        wave = measured("launch", people, lambda: launch(desk, incident.id, 1, urgent="measuring"))
        print("each part of drafting and sending alone, in processor time:")
        least = parts.alone(desk, wave, fake, folder)

        def send() -> None:
            while deliver(desk, wave.id).go_on:
                pass

        measured("send", people, send, spent)
    ours = sum(spent)
    print(
        f"sum of the parts {least * 1e6:,.0f} us, drafted and sent {ours * 1e6:,.0f} us: at {least / ours:.0%} of the speed of its parts"
    )
    return ours


def bare(url: str, people: int) -> None:
    """The same transport with nothing around it: no record, no look at the person, the same short words for all."""
    channel = SendGrid(SendGridSettings(KEY, base_url=url))
    parts.fly(channel.https, (lambda: channel.request(envelope(uuid4())) for _ in range(people)))
    channel.close()


if __name__ == "__main__":
    main()
