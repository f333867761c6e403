"""The steps of `bench_million.py` for which there is no command: each runs in a process of its own, so that its memory is its own.

python bench/million_steps.py STEP [ARGUMENT]     in the environment of a deployment
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import sqlalchemy as sa

sys.path.insert(0, str(Path(__file__).parents[1]))

from actions.deliver import deliver
from actions.desk import Desk
from actions.found import found
from actions.lease import Busy
from actions.reconcile import reconcile
from actions.shards import A_SHARD, divide
from db.models import Notice, Wave
from settings.model import load
from tests.builders import an_incident
from tests.fakes.ledger import Ledger
from tests.ledger import tell_story

WORKERS = 2


def begin(desk: Desk, people: str) -> None:
    """An incident of high risk whose words are written; prints its reference."""
    facts = {"people__GB": int(people), "events__high_risk_determined": "2026-11-20T10:30+00:00"}
    incident = an_incident(desk, "So many discs", **facts)
    tell_story(desk, incident)
    print(incident.reference)


def share(desk: Desk, people: str) -> None:
    """Where the wave is too small for a shard for each worker, make so many; prints the wave's id."""
    with desk.writing() as session:
        wave = session.scalars(sa.select(Wave)).one()
        if int(people) <= A_SHARD:
            divide(session, wave, WORKERS)
        print(wave.id)


def send(desk: Desk, wave: str) -> None:
    """Send, beside others, until nothing is left that nobody sends."""
    try:
        while deliver(desk, UUID(wave)).go_on:
            pass
    except Busy:
        return


def settle(desk: Desk, wave: str) -> None:
    """Look again and again, as the scheduled flow does, until every event is settled; fails when the wave is not done then."""
    while reconcile(desk).events:
        pass
    with desk.reading() as session:
        if (state := session.get_one(Wave, UUID(wave)).state) != "done":
            raise SystemExit(f"the wave is {state} and not done when all is settled")


def compare(desk: Desk, folder: str) -> None:
    """What the provider took beside what was planned: prints how many it took, took twice, never saw, and took unasked."""
    began, copies = time.perf_counter(), Ledger(Path(folder)).copies()
    twice, missing = sum(1 for count in copies.values() if count > 1), 0
    taken = copies.total()
    with desk.reading() as session:
        planned = sa.select(Notice.nid).execution_options(yield_per=5000)
        for nid in session.scalars(planned):
            missing += copies.pop(str(nid), 0) == 0
    told = {"taken": taken, "twice": twice, "missing": missing, "unasked": len(copies)}
    print(json.dumps(told | {"seconds": time.perf_counter() - began}))


STEPS: dict[str, Callable[[Desk, str], None]] = {
    "begin": begin,
    "share": share,
    "send": send,
    "settle": settle,
    "compare": compare,
}


def main(step: str, argument: str) -> None:
    """Do one step."""
    settings = load()
    if step == "begin":
        found(settings)
    with Desk(settings, settings.actor) as desk:
        STEPS[step](desk, argument)


if __name__ == "__main__":
    main(*sys.argv[1:])
