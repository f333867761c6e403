"""How quick the watch is over very many clocks, beside the bare SQL question; and whether it stays so as history grows.

python bench/bench_watch.py [--incidents 2000] [--each 10] [--due 100] [--postgresql]
On request as large as it is meant for: `--incidents 100000 --due 1000`. One incident is made by the application, and copied by the database
with its obligations and the last two rungs of each one's ladder; then as many again that are closed, their rungs told.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa

sys.path.insert(0, str(Path(__file__).parents[1]))

from crowd import FACTS, Copier
from machine import Failed, postgresql

from actions import clock
from actions.assess import assess
from actions.check_deadlines import anything_due, check_deadlines
from actions.declare import Declaration, declare
from actions.desk import Desk
from actions.record_facts import Known, record_facts
from db.models import Obligation, Rung
from tests.conftest import MANAGER, a_deployment

TIMES, RUNGS, FAR = 7, 2, 3650
"""Measured so often; rungs of each obligation that still wait; days until theirs are due."""
INDEX = "ix_rungs_waiting"


@dataclass(frozen=True)
class Pattern:
    """What is copied: an incident, some of its obligations, and rungs of theirs; ids as they stand in a condition."""

    incident: UUID
    obligations: tuple[UUID, ...]
    rungs: tuple[UUID, ...]


def pattern(desk: Desk, each: int) -> Pattern:
    """An incident as the application makes it."""
    made = declare(desk, Declaration(title="Discs lost", facts={"events.aware": FACTS["events.aware"]}, owner=MANAGER))
    record_facts(desk, made.id, [Known(name, value, "bench") for name, value in (FACTS | {"people.FR": 40}).items()])
    assess(desk, made.id)
    ladder: dict[UUID, list[UUID]] = {}
    with desk.reading() as session:
        query = sa.select(Rung.subject_id, Rung.id).join(Obligation, Obligation.id == Rung.subject_id)
        mine = query.where(Rung.incident_id == made.id, Obligation.state != "met", Rung.told_at.is_(None))
        for subject, rung in session.execute(mine.order_by(Obligation.due_at, Rung.fires_at, Rung.id)).tuples():
            ladder.setdefault(subject, []).append(rung)
    subjects = tuple(ladder)[:each]
    return Pattern(made.id, subjects, tuple(rung for one in subjects for rung in ladder[one][-RUNGS:]))


def copies(copier: Copier, of: Pattern, first: int, last: int, *, closed: bool = False) -> None:
    """So many incidents like it: open ones whose rungs are due in years, or closed ones whose rungs were told."""
    was = {"closed_at": "t.declared_at", "closed_by": f"'{MANAGER}'"} if closed else {}
    met = {"state": "'met'", "met_at": "t.born_at", "late": "0" if copier.sqlite else "false"} if closed else {}
    told = {"told_at": "t.fires_at", "outcome": "'told'"} if closed else {"fires_at": _later(copier, "t.fires_at")}
    reference = {"reference": f"'FW-2027-' || {copier.text('copies.n', 7)}"}
    numbers = (first, last)
    copier.rows("incidents", numbers, _among(copier, "id", (of.incident,)), None, **reference, **was)
    owed = _among(copier, "id", of.obligations)
    copier.rows("obligations", numbers, f"{owed} AND t.answer = 'applies'" if closed else owed, None, **met)
    copier.rows("rungs", numbers, _among(copier, "id", of.rungs), None, **told)


def _later(copier: Copier, column: str) -> str:
    if copier.sqlite:
        return f"strftime('%Y-%m-%d %H:%M:%f000', {column}, '+{FAR} days')"
    return f"{column} + interval '{FAR} days'"


def _among(copier: Copier, column: str, ids: tuple[UUID, ...]) -> str:
    return f"t.{column} IN ({', '.join(repr(one.hex if copier.sqlite else str(one)) for one in ids)})"


def make_due(desk: Desk, of: Pattern, due: int) -> None:
    """The first rung of so many incidents fired a minute ago."""
    mine = [UUID(f"{number:08x}{of.rungs[0].hex[8:]}") for number in range(1, due + 1)]
    with desk.writing() as session:
        for first in range(0, due, 500):
            some = sa.update(Rung).where(Rung.id.in_(mine[first : first + 500]))
            session.execute(some.values(fires_at=clock.now() - timedelta(minutes=1)))


def bare(desk: Desk) -> int:
    """The same question in SQL, and nothing else."""
    with desk.reading() as session:
        return len(session.execute(_question()).all())


def _question() -> sa.Select[Any]:
    waiting = (Rung.told_at.is_(None), Rung.fires_at <= clock.now(), Rung.exercise_id.is_(None))
    return sa.select(Rung.id, Rung.incident_id).where(*waiting).order_by(Rung.fires_at)


def plan(desk: Desk) -> str:
    """How the database answers it. Raises Failed unless by the index of what waits."""
    with desk.reading() as session:
        asked = _question().compile(session.connection().engine, compile_kwargs={"literal_binds": True})
        word = "EXPLAIN QUERY PLAN" if desk.database.is_sqlite else "EXPLAIN"
        lines = [str(row[-1]) for row in session.connection().exec_driver_sql(f"{word} {asked}".replace("%", "%%"))]
    found = next((line.strip() for line in lines if INDEX in line), None)
    if found is None:
        raise Failed(f"the index {INDEX} is not used: {lines}")
    return found


def quickest(what: str, work: Callable[[], object], times: int = TIMES) -> None:
    """One line: milliseconds of the quickest by the clock, and the least of processor."""
    walls, cpus = [], []
    for _ in range(times):
        wall, cpu = time.perf_counter(), time.process_time()
        work()
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
    print(f"    {what:<46}{min(walls) * 1000:>9.1f} ms {min(cpus) * 1000:>9.1f} ms CPU", flush=True)


def counted(desk: Desk) -> None:
    """What the planner should know."""
    with desk.database.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("ANALYZE")


def measure(desk: Desk, given: argparse.Namespace) -> None:
    """Fill, look, add history, look again, and tell what is due."""
    of, many = pattern(desk, given.each), given.incidents
    with desk.database.engine.connect() as connection:
        copies(Copier(connection), of, 1, many)
    counted(desk)
    check_deadlines(desk)  # what the pattern itself owes is told now
    print(f"  {many:,} open incidents, {many * len(of.obligations):,} obligations, {many * len(of.rungs):,} rungs")
    quickest("a whole check, nothing due", lambda: check_deadlines(desk))
    make_due(desk, of, given.due)
    looks(desk, given.due)
    with desk.database.engine.connect() as connection:
        copies(Copier(connection), of, many + 1, 2 * many, closed=True)
    counted(desk)
    print(f"  as many again, closed and told ({plan(desk)})")
    looks(desk, given.due)
    tell(desk, given.due)
    quickest("a whole check, nothing due", lambda: check_deadlines(desk))


def looks(desk: Desk, due: int) -> None:
    """The question alone, and as the watch asks it."""
    quickest(f"the bare question, {due:,} due", lambda: bare(desk))
    quickest("the look of the watch", lambda: anything_due(desk))


def tell(desk: Desk, due: int) -> None:
    """What follows from the look: each is told in a transaction of its own, and its warnings are sent. Raises Failed."""
    told: list[int] = []
    quickest(f"a whole check that tells {due:,} of them", lambda: told.append(check_deadlines(desk).told), 1)
    if told != [due] or bare(desk):
        raise Failed(f"{told[0]} were told of {due} due")


def main() -> None:
    """On one database."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--incidents", type=int, default=2000)
    asked.add_argument("--each", type=int, default=10, help="obligations of an incident")
    asked.add_argument("--due", type=int, default=100)
    asked.add_argument("--postgresql", action="store_true", help="on a PostgreSQL of its own")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="fw-") as name, ExitStack() as ends:
        folder = Path(name)
        url = ends.enter_context(postgresql(folder / "p")) if given.postgresql else f"sqlite:///{folder / 'watch.db'}"
        print(f"the watch on {'PostgreSQL' if given.postgresql else 'SQLite'}")
        with Desk(a_deployment(folder / "home", url), MANAGER) as desk:
            measure(desk, given)


if __name__ == "__main__":
    main()
