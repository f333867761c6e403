"""Plays an exercise through the real flows on a Prefect server of its own; tells what happens as lines of JSON on standard output.

Run as ``python -m flows.replay SCENARIO`` in the environment that flows.environment makes, on an empty home.
"""

import asyncio
import json
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn
from prefect.server.api.server import create_app

from actions import clock
from actions.check_deadlines import anything_due
from actions.desk import Desk
from actions.exercise import end_exercise, move_clock, start_exercise
from actions.pack import pack
from db.queries.journal import verify_all
from db.queries.waiting import waits_for
from flows.check_deadlines import check_deadlines
from flows.chronology import chronology
from flows.deliver import deliver
from flows.one_writer import take_turns
from flows.player import Player
from flows.reconcile import reconcile
from flows.respond import respond
from flows.scenario import Scenario, Step, read
from settings.model import Settings, load


def tell(kind: str, **what: Any) -> None:
    """One line for whoever shows the exercise."""
    sys.stdout.write(json.dumps({"kind": kind, **what}, default=str) + "\n")
    sys.stdout.flush()


@contextmanager
def server(settings: Settings) -> Iterator[None]:
    """Prefect's server, in a thread of this process, on loopback."""
    take_turns()
    config = uvicorn.Config(
        create_app(final=True), host="127.0.0.1", port=settings.prefect_port, log_level="error", access_log=False
    )
    serving = uvicorn.Server(config)
    thread = threading.Thread(target=serving.run, daemon=True)
    thread.start()
    while not serving.started:
        if not thread.is_alive():
            raise RuntimeError("Prefect's server ended before it was ready")
        time.sleep(0.02)
    try:
        yield
    finally:
        serving.should_exit = True
        thread.join(timeout=10)


async def play(scenario: Scenario, files: Path, settings: Settings) -> None:
    """Every step at its moment: the clock moves, someone acts, and the flows do what follows from it."""
    with Desk(settings, scenario.cast["manager"]) as desk:
        exercise = start_exercise(
            desk, scenario.title, law_as_of=scenario.law_as_of, at=scenario.clock_from, folder=settings.outbox_folder
        )
        player = Player(desk, scenario, files, exercise.id)
        for number, step in enumerate(scenario.steps, 1):
            move_clock(desk, exercise.id, step.at)
            did = player.do(step)
            await _flows(player, step)
            _tell_step(player, number, step, did)
        packed = pack(desk, player.incident_id, settings.home.parent / "evidence")
        _tell_end(player, scenario, str(packed.folder))
        end_exercise(desk, exercise.id)


async def _flows(player: Player, step: Step) -> None:
    """What the acts wished for, run as Prefect flows; then the watch, as it would have looked in the meantime."""
    for wish in player.wishes():
        if wish.flow == "deliver" and wish.wave_id is not None:
            await deliver(wish.wave_id)
        elif wish.flow == "respond" and wish.incident_id is not None and step.do != "close":
            await respond(wish.incident_id)
    if step.do == "launch_waves":
        await reconcile()
    if step.do == "check" or anything_due(player.desk):
        await check_deadlines()


def _tell_step(player: Player, number: int, step: Step, did: str) -> None:
    with player.desk.reading() as session:
        waiting = waits_for(session, player.incident(session), clock.real_now())
    first = f"{waiting[0].what} ({waiting[0].on})" if waiting else ""
    more = max(0, len(waiting) - 1)
    tell("step", number=number, at=step.at, by=step.by, say=step.say, did=did, waits_for=first, more=more)


def _tell_end(player: Player, scenario: Scenario, evidence: str) -> None:
    with player.desk.reading() as session:
        verdicts = verify_all(session)
        rows = chronology(session, player.incident(session), scenario.chronology)
        reference = player.incident(session).reference
    sound = all(verdict.sound for verdict in verdicts)
    tell(
        "end",
        reference=reference,
        chronology=rows,
        evidence=evidence,
        entries=sum(v.entries for v in verdicts),
        sound=sound,
    )


def main() -> int:
    """Play the scenario named on the command line."""
    scenario, files = read(sys.argv[1])
    settings = load()
    tell("start", title=scenario.title, law_as_of=scenario.law_as_of)
    with server(settings):
        tell("ready", api=settings.api_url)
        asyncio.run(play(scenario, files, settings))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
