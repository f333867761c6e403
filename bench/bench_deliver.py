"""How fast notices are drafted and sent to a provider over TLS with 20 ms latency, beside a bare loop over the same provider.

python bench/bench_deliver.py [PEOPLE]
"""

import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar
from uuid import uuid4

from pydantic import SecretStr

sys.path.insert(0, str(Path(__file__).parents[1]))

from actions.approve_wave import approve_wave
from actions.deliver import deliver
from actions.desk import Desk
from actions.launch import launch
from actions.prepare_notices import prepare_notices
from channels.sendgrid import SendGrid, SendGridSettings
from db import schema
from db.session import Database
from settings.model import Settings
from tests.conftest import MANAGER, a_deployment
from tests.crash.fire import envelope
from tests.fakes import sendgrid
from tests.fakes.sendgrid import KEY
from tests.ledger import APPROVER, an_incident_with, customers

T = TypeVar("T")


def measured(what: str, people: int, work: Callable[[], T]) -> T:
    """Do it, and say what it cost for each person: seconds on the wall, and of this process alone."""
    wall, cpu = time.perf_counter(), time.process_time()
    done = work()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"{what:<22} {people / wall:>8,.0f}/s  {people / cpu:>8,.0f} per CPU second  {cpu / people * 1e6:>7,.0f} us  peak {peak} MB"
    )
    return done


def main(people: int) -> None:
    """Draft, approve, launch, send; then the bare loop."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = f"sqlite:///{folder / 'bench.db'}"
        database = Database(url)
        schema.migrate(database)
        database.close()
        with sendgrid.spawned(folder / "sendgrid", "--tls", "--latency", "0.02") as fake:
            os.environ["SSL_CERT_FILE"] = str(folder / "sendgrid" / "ca.pem")
            settings = a_deployment(folder / "home", url).model_copy(
                update={
                    "email_channel": "sendgrid",
                    "sendgrid_host": fake,
                    "sendgrid_api_key": SecretStr(KEY),
                    "rate_per_second": 100_000.0,
                }
            )
            through_the_house(settings, folder, people)
            measured("a bare loop", people, lambda: bare(fake, people))


def through_the_house(settings: Settings, folder: Path, people: int) -> None:
    """Every step that a wave takes."""
    with Desk(settings, MANAGER) as desk:
        incident = an_incident_with(desk, folder, customers(people))
        measured("draft", people, lambda: prepare_notices(desk, incident.id))
        measured("approve", people, lambda: approve_wave(desk.acting_as(APPROVER), incident.id, 1))
        wave = measured("launch", people, lambda: launch(desk, incident.id, 1, urgent="measuring"))

        def send() -> None:
            while deliver(desk, wave.id).go_on:
                pass

        measured("send", people, send)


def bare(url: str, people: int) -> None:
    """The same transport with nothing around it: no record, no look at the person, the same short words for all."""
    channel = SendGrid(SendGridSettings(KEY, base_url=url))
    with ThreadPoolExecutor(64) as pool:
        list(pool.map(lambda _: channel.send(envelope(uuid4())), range(people)))
    channel.close()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5000)
