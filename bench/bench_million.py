"""Very many invented people from a list to a balanced ledger, by the commands that a user types, each in a process of its own.

`python bench/bench_million.py` takes 20,000 on SQLite; `--people 1000000` a million; `--postgresql` on a PostgreSQL of its own. Two workers
send to a fake provider over TLS that answers after 20 ms; what it took is told to the dashboard's webhook, signed. Ends with an error unless
the provider took each notice once, and the balance says so. What a loopback cannot show: a provider's own limits, and a real network.
"""

import argparse
import http.client
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

import invented
from machine import Cost, Failed, busy, free_port, peak, postgresql, python, say, served
from million_steps import WORKERS

from settings.model import load
from tests.fakes import sendgrid
from tests.fakes.ledger import Ledger
from tests.fakes.sendgrid import KEY
from tests.fakes.webhook import Signer, an_event, posted

AT_ONCE = 500
"""Events to a post: about as many as SendGrid sends."""
LATENCY = "0.02"
STEPS = "bench/million_steps.py"
HOUSE = {
    "ACTOR": "manager@example.org",
    "OWNER": "manager@example.org",
    "DEPUTY": "deputy@example.org",
    "EXECUTIVE": "executive@example.org",
    "DATA_PROTECTION_OFFICER": "officer@example.org",
    "ORGANISATION": "Example Prosecution Office",
    "CONTACT_NAME": "Data Protection Officer",
    "CONTACT_EMAIL": "dpo@example.org",
    "CONTACT_PHONE": "020 7946 0018",
    "EMAIL_CHANNEL": "sendgrid",
    "SENDGRID_API_KEY": KEY,
    "RATE_PER_SECOND": "100000",
}


class March:
    """The steps in their order, over one deployment."""

    def __init__(self, folder: Path, people: int, fake: str, database: str, workers: int) -> None:
        self.folder, self.people, self.workers, self.signer = folder, people, workers, Signer()
        self.cpu = 0.0
        own = HOUSE | {
            "HOME": str(folder / "home"),
            "DATABASE_URL": database,
            "SENDGRID_HOST": fake,
            "SENDGRID_WEBHOOK_KEY": self.signer.key,
            "PREFECT_PORT": str(free_port()),  # nobody is there: the workers below stand in for Prefect's
        }
        os.environ.update({f"FORTHWITH_{name}": value for name, value in own.items()})
        os.environ["SSL_CERT_FILE"] = str(folder / "sendgrid" / "ca.pem")

    def go(self) -> None:
        """From the list to the balance."""
        [reference] = self.step("begin", str(self.people), quiet=True)
        path = invented.write_list(self.folder / "people.csv", self.people)
        print(f"  a list of {self.people:,} people, {path.stat().st_size / 1e6:,.0f} MB")
        self.command("a command that does nothing", "people", "columns")
        self.command("import", "people", "import", reference, str(path))
        self.command("draft", "draft", reference)
        self.command("approve", "approve", reference, "wave", "1", "--as", "approver@example.org")
        self.command("launch", "launch", reference, "1", "--urgent", "a measurement")
        [wave] = self.step("share", str(self.people), quiet=True)
        self.step("send", wave, times=self.workers)
        self.tell()
        self.step("settle", wave)
        balance = self.command("balance", "people", "balance", reference)["balance"]["all"]
        self.command("verify", "verify")
        [told] = self.step("compare", str(self.folder / "sendgrid"), quiet=True)
        self.judge(balance, json.loads(told))

    def command(self, name: str, *words: str) -> dict[str, Any]:
        """A command as a user types it; gives what it says as JSON."""
        [cost] = python(["-m", "cli", *words, "--json"], os.environ)
        self.count(name, cost)
        told: dict[str, Any] = json.loads(cost.said)
        return told

    def step(self, name: str, argument: str, *, times: int = 1, quiet: bool = False) -> list[str]:
        """A step without a command; gives what each process said. Several at once are also told together."""
        costs = python([STEPS, name, argument], os.environ, times)
        for place, cost in enumerate(costs, 1):
            if not quiet:
                self.count(name if times == 1 else f"{name}, worker {place}", cost, share=times)
        if times > 1:
            wall, cpu = max(cost.wall for cost in costs), sum(cost.cpu for cost in costs)
            say(f"{name}, all", self.people, Cost(wall, cpu, max(cost.peak for cost in costs)))
        return [cost.said.strip() for cost in costs]

    def count(self, name: str, cost: Cost, share: int = 1) -> None:
        """One line, and the sum of processor time."""
        self.cpu += cost.cpu
        say(name, self.people // share, cost)

    def tell(self) -> None:
        """The provider posts what became of each message; the dashboard keeps it and says so."""
        with served(load()) as (port, process):
            line, before, began = http.client.HTTPConnection("127.0.0.1", port), busy(process.pid), time.perf_counter()
            for batch in batches(self.folder / "sendgrid"):
                body = posted(batch)
                line.request("POST", "/hooks/sendgrid", body, self.signer.headers(body, datetime.now(UTC)))
                answer = line.getresponse()
                if (heard := answer.read(), answer.status)[1] != 200:
                    raise Failed(f"the webhook answers {answer.status}: {heard.decode()}")
            cpu, wall = (busy(process.pid) - before) / 1000, time.perf_counter() - began
            self.count("events kept", Cost(wall, cpu, peak(process.pid)))

    def judge(self, balance: Mapping[str, int], taken: Mapping[str, float]) -> None:
        """Say how it came out. Raises Failed unless everyone was told once and the record says just that."""
        equation = " + ".join(f"{number:,} {name}" for name, number in balance.items() if name != "affected")
        print(f"  {balance['affected']:,} affected = {equation}")
        print(f"  the provider took {taken['taken']:,}: {taken['twice']} twice, {taken['missing']} missing")
        print(f"  {self.people / self.cpu:,.0f} people per CPU second from the list to the record that verifies")
        whole = dict.fromkeys(balance, 0) | {"affected": self.people, "told": self.people}
        once = {"taken": self.people, "twice": 0, "missing": 0, "unasked": 0}
        if balance != whole or not once.items() <= taken.items():
            raise Failed("NOT balanced: somebody was left out, told twice, or the record is wrong")


def batches(folder: Path) -> Iterator[Sequence[dict[str, Any]]]:
    """An event for each message that the provider took, some hundred at a time."""
    at = datetime.now(UTC)
    records = Ledger(folder).each()
    events = (an_event(one["nid"], "delivered", at, sg_message_id=one["reference"]) for one in records)
    while batch := list(islice(events, AT_ONCE)):
        yield batch


def main() -> None:
    """March once."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--people", type=int, default=20_000)
    asked.add_argument("--workers", type=int, default=WORKERS)
    asked.add_argument("--postgresql", action="store_true", help="on a PostgreSQL of its own")
    given = asked.parse_args()
    with ExitStack() as ends:
        folder = Path(ends.enter_context(tempfile.TemporaryDirectory(prefix="fw-")))
        database = ends.enter_context(postgresql(folder / "p")) if given.postgresql else ""
        options = ("--tls", "--forget", "--latency", LATENCY)
        fake = ends.enter_context(sendgrid.spawned(folder / "sendgrid", *options))
        print(f"{given.people:,} people on {'PostgreSQL' if database else 'SQLite'}, from a list to a balanced ledger")
        March(folder, given.people, fake, database, given.workers).go()


if __name__ == "__main__":
    main()
