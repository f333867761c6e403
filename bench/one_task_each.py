"""The plain way to tell many people: one Prefect task for each, sending with SendGrid's own package; the server's work is counted too.

python bench/one_task_each.py SENDGRID_URL PEOPLE      in the environment of a deployment; prints what it cost as JSON
"""

import json
import os
import sys
import tempfile
import time
from pathlib import Path
from uuid import uuid4

sys.path.insert(0, str(Path(__file__).parents[1]))

from machine import free_port, python
from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.task_runners import ThreadPoolTaskRunner
from sendgrid import SendGridAPIClient

from channels.sendgrid_payload import payload
from flows.environment import environment
from flows.fresh import lay_down
from flows.replay import server
from settings.model import load
from tests.crash.fire import envelope
from tests.fakes.sendgrid import KEY


@task(name="tell", cache_policy=NO_CACHE, persist_result=False, retries=0)
def tell(url: str) -> int:
    """Tell one person."""
    answer: int = SendGridAPIClient(KEY, host=url).send(payload(envelope(uuid4()))).status_code
    return answer


@flow(name="tell everyone", task_runner=ThreadPoolTaskRunner(max_workers=16), persist_result=False)  # type: ignore[arg-type]  # as Prefect's own manual has it
def tell_everyone(url: str, people: int) -> None:
    """One task for each person. Raises where one could not be told."""
    told = [tell.submit(url) for _ in range(people)]
    assert all(one.result() == 202 for one in told)


def measure(url: str, people: int) -> dict[str, float]:
    """Seconds by the clock and of processor for each person, the server in this process included, after a first run that warms up."""
    with server(load()):
        tell_everyone(url, 1)
        wall, cpu = time.perf_counter(), time.process_time()
        tell_everyone(url, people)
        return {"wall": (time.perf_counter() - wall) / people, "cpu": (time.process_time() - cpu) / people}


def in_its_own_process(url: str, people: int) -> dict[str, float]:
    """The same in a new process: Prefect reads its settings when it is imported."""
    with tempfile.TemporaryDirectory(prefix="fw-") as name:
        settings = load(home=Path(name), prefect_port=free_port())
        lay_down(settings.home / "prefect")
        around = environment(settings, os.environ) | {
            "FORTHWITH_PREFECT_PORT": str(settings.prefect_port),
            "PREFECT_LOGGING_LEVEL": "CRITICAL",
        }
        around.pop("PYTHONSAFEPATH", None)  # it is a script, whose own folder is looked into
        [cost] = python([__file__, url, str(people)], around)
    found: dict[str, float] = json.loads(cost.said.splitlines()[-1])
    return found


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1], int(sys.argv[2]))))
