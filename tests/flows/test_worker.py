"""Many machines: `prefect deploy --all` asks nothing, and a worker in any folder runs `respond`."""

import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from actions.found import found
from flows.deployments import DEPLOYMENTS
from flows.environment import environment
from flows.fresh import lay_down
from tests.builders import an_incident
from tests.flows.house import House
from tests.flows.parts import until

ROOT = Path(__file__).parents[2]

pytestmark = [pytest.mark.prefect, pytest.mark.slow, pytest.mark.xdist_group("prefect")]


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as held:
        yield held


def started(stack: ExitStack, house: House, folder: Path, *arguments: str) -> "subprocess.Popen[bytes]":
    """A Prefect command that runs until the test ends."""
    log = stack.enter_context((house.settings.home / f"{arguments[0]}.out").open("wb"))
    around = environment(house.settings, house.environment)
    command = [sys.executable, "-m", "prefect", *arguments]
    process = stack.enter_context(subprocess.Popen(command, env=around, cwd=folder, stdout=log, stderr=log))
    stack.callback(_end, process)
    return process


def _end(process: "subprocess.Popen[bytes]") -> None:
    """Prefect's worker now and then does not hear that it should stop; that is its matter, and no reason to wait for ever."""
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()


def at_a_terminal(house: House, *arguments: str) -> str:
    """A Prefect command as a person types it; a question would be shown, and stay unanswered."""
    ours, theirs = pty.openpty()
    around = {**environment(house.settings, house.environment), "COLUMNS": "200", "TERM": "dumb"}
    command = [sys.executable, "-m", "prefect", *arguments]
    with subprocess.Popen(command, env=around, cwd=ROOT, stdin=theirs, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        said = b""
        while chunk := _read(ours):
            said += chunk
            assert b"?" not in said, said.decode()
    os.close(ours)
    assert process.returncode == 0, said.decode()
    return said.decode()


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:  # how a terminal says that the other side is gone
        return b""


def test_deploying_asks_nothing_and_a_worker_in_another_folder_answers_an_incident(
    tmp_path: Path, stack: ExitStack
) -> None:
    house = House(tmp_path / "home")
    found(house.settings)
    lay_down(house.settings.home / "prefect")
    started(stack, house, house.settings.home, "server", "start")
    until(lambda: house.is_reachable, 120)
    at_a_terminal(house, "work-pool", "create", "forthwith", "--type", "process")
    said = at_a_terminal(house, "deploy", "--all")
    assert said.count("successfully created") == len(DEPLOYMENTS), said
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    started(stack, house, elsewhere, "worker", "start", "--pool", "forthwith", "--limit", "1")
    with house.desk() as desk:
        incident = an_incident(desk)
    run = house.ended(house.ask("respond", incident_id=str(incident.id)))
    assert (run["state_type"], run["name"]) == ("COMPLETED", f"respond {incident.reference}")
    assert (run["work_pool_name"], run["work_queue_name"]) == ("forthwith", "approvals")
