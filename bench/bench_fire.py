"""A wave under fire, on SQLite and on PostgreSQL: workers killed at random under a provider that loses requests and answers; and a naive sender.

python bench/bench_fire.py [--people 20000] [--only sqlite|postgresql]
Ends with an error when the provider took anybody's notice twice, or never; the naive sender, under the same faults, shows that it could have.
"""

import argparse
import random
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from uuid import UUID

import sqlalchemy as sa

sys.path.insert(0, str(Path(__file__).parents[1]))

from machine import Failed, postgresql

from actions.desk import Desk
from db.models import Notice, Wave
from db.queries.balance import balance
from db.queries.journal import verify_all
from tests.conftest import MANAGER, a_deployment
from tests.crash.fire import OPTIONS, naively, nursery, ready, settled, shoot
from tests.fakes import sendgrid
from tests.fakes.ledger import Ledger
from tests.ledger import an_incident_with, customers

SEED = 7
LATENCY = "0.005"


def under_fire(name: str, url: str, folder: Path, people: int, kills: int) -> None:
    """Ours: prepare, launch, kill, settle, compare."""
    began, ledger = time.perf_counter(), Ledger(folder / f"{name} provider")
    settings = a_deployment(folder / name, url)
    with Desk(settings, MANAGER) as desk:
        incident = an_incident_with(desk, folder, customers(people))
        wave = ready(desk, incident)
        options = ("--latency", LATENCY, "--seed", str(SEED), *OPTIONS)
        with sendgrid.spawned(ledger.path.parent, *options) as fake, nursery(settings, fake, wave) as forked:
            hit = shoot(desk, forked, ledger, kills, people, random.Random(SEED))
            unknown = settled(desk, settings, fake, forked, wave)
        found = f"{kills} workers killed, {hit} of them at work; {unknown} notices of unknown fate settled by evidence"
        print(f"  {name}: {found}, {time.perf_counter() - began:.0f} s")
        judge(desk, incident.id, wave, ledger, people)


def judge(desk: Desk, incident: UUID, wave: Wave, ledger: Ledger, people: int) -> None:
    """By what the provider took. Raises Failed."""
    copies, twice = ledger.copies(), len(ledger.duplicates())
    with desk.reading() as session:
        nids = session.scalars(sa.select(Notice.nid).where(Notice.wave_id == wave.id))
        missing = sum(1 for nid in nids if str(nid) not in copies)
        told = balance(session, incident)
        sound = all(verdict.sound for verdict in verify_all(session))
    print(f"    ours:           {twice} twice, {missing} missing; told {len(told.told)}, pending {len(told.pending)}")
    if twice or missing or len(told.told) != people or not sound:
        raise Failed("somebody was told twice or left out, or the record is wrong")


def naive(folder: Path, people: int) -> None:
    """The other: nobody kills it, and it still tells some twice."""
    ledger = Ledger(folder)
    with sendgrid.spawned(folder, "--seed", str(SEED), *OPTIONS) as fake:
        naively(fake, people)
    missing = people - len(ledger.copies())
    print(f"    a naive sender: {len(ledger.duplicates())} twice, {missing} missing, and nobody killed it", flush=True)


def main() -> None:
    """Both databases, each beside a naive sender."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--people", type=int, default=20_000)
    asked.add_argument("--kills", type=int, default=20)
    asked.add_argument("--only", choices=("sqlite", "postgresql"))
    given = asked.parse_args()
    print(f"{given.people:,} notices under fire")
    with tempfile.TemporaryDirectory(prefix="fw-") as name, ExitStack() as ends:
        folder = Path(name)
        urls = {"sqlite": f"sqlite:///{folder / 'fire.db'}"}
        if given.only != "sqlite":
            urls["postgresql"] = ends.enter_context(postgresql(folder / "p"))
        for one in (given.only,) if given.only else urls:
            under_fire(one, urls[one], folder, given.people, given.kills)
            naive(folder / f"naive {one}", given.people)


if __name__ == "__main__":
    main()
