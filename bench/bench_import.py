"""How fast a list of invented people is taken in, and in how much memory, beside reading and checking it alone.

`python bench/bench_import.py` takes in 100,000; `--people 1000000` a million; `--database URL` on PostgreSQL. With `--phones` every person
has a telephone number: drama has too few of them for a million people, so that everyone shares theirs and is only checked, not taken in.
"""

import argparse
import csv
import resource
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import invented

from actions import clock
from actions.cells import Setting
from actions.check_row import check_row
from actions.declare import Declaration, declare
from actions.desk import Desk
from actions.enter_people import local_day
from actions.found import found
from actions.import_people import import_people
from actions.people_file import list_at
from actions.seal_list import seal_list
from db.spool import Spool
from db.vault import IncidentVault
from settings.model import load

FACTS = {
    "organisation.roles": ["controller"],
    "events.detected": "2026-11-20T10:00+00:00",
    "events.aware": "2026-11-20T10:00+00:00",
}


@dataclass
class Took:
    """Seconds of a piece of work."""

    wall: float = 0
    own: float = 0


@contextmanager
def timed() -> Iterator[Took]:
    """Seconds by the clock and of this process's processor time."""
    took = Took()
    began, own = time.perf_counter(), time.process_time()
    yield took
    took.wall, took.own = time.perf_counter() - began, time.process_time() - own


def peak() -> int:
    """The most memory that this process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def say(what: str, people: int, took: Took, beside: Took | None = None) -> None:
    """One line of the result."""
    ratio = f", {took.own / beside.own:.2f} times reading and checking" if beside else ""
    speeds = f"{people / took.own:>9,.0f} rows/s of processor, {people / took.wall:>9,.0f} by the clock"
    print(f"{what:<28}{speeds}, at most {peak()} MB{ratio}", flush=True)


def check_alone(path: Path, setting: Setting) -> None:
    """The comparison: the same reading and the same checks, with nothing sealed and nothing kept."""
    with path.open(encoding="utf-8", newline="") as file:
        for row, cells in enumerate(csv.DictReader(file), 2):
            _, problems = check_row(row, cells, setting)
            if problems:
                raise SystemExit(f"the invented list is wrong: {problems[0]}")


def main() -> None:
    """Measure both, and say how they compare."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--people", type=int, default=100_000)
    asked.add_argument("--phones", action="store_true", help="everyone has a number; nothing is taken in then")
    asked.add_argument("--database", default="", help="URL of an empty PostgreSQL database; SQLite without it")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="forthwith-bench-") as folder:
        settings = load(home=Path(folder), database_url=given.database)
        found(settings)
        path = invented.write_list(
            Path(folder) / "people.csv", given.people, phones=given.people if given.phones else None
        )
        print(
            f"{given.people:,} invented people, {path.stat().st_size // 1_000_000} MB; {peak()} MB before", flush=True
        )
        with Desk(settings, "bench@example.org") as desk:
            measure(desk, path, given.people, whole=not given.phones)


def measure(desk: Desk, path: Path, people: int, *, whole: bool) -> None:
    """Reading and checking, then checking and sealing, then all of it."""
    setting = Setting(local_day(clock.now(), "Europe/London"), "GB")
    with timed() as alone:
        check_alone(path, setting)
    say("reading and checking alone", people, alone)
    with Spool() as spool, timed() as sealed:
        seal_list(list_at(path), {}, setting, IncidentVault(b"b" * 32), spool, lambda *_: None)
    say("checked and sealed", people, sealed, alone)
    if whole:
        incident = declare(desk, Declaration(title="Invented", facts=FACTS))
        with timed() as took, waited() as last:
            done = import_people(desk, incident.id, path, progress=last)
            last.end = time.perf_counter()
        say("taken in, whole", people, took, alone)
        print(
            f"of which the ledger was locked for about {last.wall:.0f} s; {done.added:,} entered, {done.flagged:,} flagged"
        )


@contextmanager
def waited() -> Iterator["Last"]:
    """Seconds from the last row checked to the end, which is when the ledger is compared, locked and written."""
    last = Last()
    yield last
    last.wall = last.end - last.checked


class Last:
    """Hears how far it is."""

    wall = checked = end = 0.0

    def __call__(self, done: int, rows: int, wrong: int) -> None:
        """Remember the last moment."""
        self.checked = time.perf_counter()


if __name__ == "__main__":
    main()
