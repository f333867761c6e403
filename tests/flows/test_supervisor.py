"""The supervisor, with real processes that end, hang, and are killed."""

import os
import select
import signal
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from flows.part import MARK, end_orphans
from flows.processes import born
from tests.flows.parts import OBEDIENT, SHORT_LIVED, STEADY, STUBBORN, WITH_A_RUN, a_part, noted, supervise, until

Supervised = "subprocess.Popen[str]"


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    """Ends whatever a failing test leaves behind."""
    with ExitStack() as held:
        yield held


def told(supervisor: Supervised) -> str:
    """The next thing that the supervisor tells."""
    assert supervisor.stdout is not None
    return supervisor.stdout.readline().strip()


def started(stack: ExitStack, folder: Path, *scripts: str) -> Supervised:
    supervisor = stack.enter_context(supervise(folder, *scripts))
    stack.callback(supervisor.kill)
    return supervisor


def test_a_part_that_ends_is_started_again_and_the_pause_grows(tmp_path: Path, stack: ExitStack) -> None:
    supervisor = started(stack, tmp_path, SHORT_LIVED)
    assert told(supervisor).startswith("part0 ended by itself; starts again in 1 s")
    assert told(supervisor).startswith("part0 ended by itself; starts again in 2 s")
    supervisor.send_signal(signal.SIGTERM)
    assert supervisor.wait() == 0


def test_ctrl_c_stops_every_part_and_leaves_nothing_behind(tmp_path: Path, stack: ExitStack) -> None:
    supervisor = started(stack, tmp_path, STEADY, WITH_A_RUN)
    assert {told(supervisor), told(supervisor)} == {"part0 ready", "part1 ready"}
    pids = [noted(tmp_path), noted(tmp_path, "part1"), int((tmp_path / "run.pid").read_text())]
    assert all(born(pid) for pid in pids)
    supervisor.send_signal(signal.SIGINT)
    assert supervisor.wait() == 0
    assert [pid for pid in pids if born(pid)] == []
    assert list(tmp_path.glob("*.pid")) == [tmp_path / "run.pid"]


def test_a_reader_who_goes_away_ends_neither_the_parts_nor_their_keeping(tmp_path: Path, stack: ExitStack) -> None:
    supervisor = started(stack, tmp_path, STEADY)
    told(supervisor)
    assert supervisor.stdout is not None
    supervisor.stdout.close()
    first = noted(tmp_path)
    os.kill(first, signal.SIGKILL)
    until(lambda: (note := tmp_path / "part0.pid").exists() and note.read_text() and noted(tmp_path) != first)
    second = noted(tmp_path)
    supervisor.send_signal(signal.SIGTERM)
    supervisor.wait()
    assert not born(second)
    assert list(tmp_path.glob("*.pid")) == []


def test_a_second_ctrl_c_ends_a_part_that_does_not_stop(tmp_path: Path, stack: ExitStack) -> None:
    supervisor = started(stack, tmp_path, STUBBORN)
    told(supervisor)
    pid = noted(tmp_path)
    supervisor.send_signal(signal.SIGINT)
    assert told(supervisor).startswith("forthwith stopping")
    assert born(pid)
    supervisor.send_signal(signal.SIGINT)
    assert told(supervisor) == "", "nothing of a wait for its patience to end"
    assert supervisor.wait() == 0
    assert not born(pid)


def test_what_a_killed_part_had_started_ends_before_the_part_begins_again(tmp_path: Path, stack: ExitStack) -> None:
    supervisor = started(stack, tmp_path, WITH_A_RUN)
    told(supervisor)
    part, run = noted(tmp_path), int((tmp_path / "run.pid").read_text())
    os.kill(part, signal.SIGKILL)
    assert told(supervisor).startswith("part0 ended by itself")
    assert not born(run)
    assert told(supervisor) == "part0 ready"
    assert noted(tmp_path) != part


def test_a_part_learns_that_its_supervisor_was_killed(tmp_path: Path, stack: ExitStack) -> None:
    supervisor = started(stack, tmp_path, OBEDIENT)
    told(supervisor)
    assert select.select([supervisor.stdout], [], [], 0.5)[0] == [], "it goes on while the supervisor lives"
    pid = noted(tmp_path)
    supervisor.kill()
    until(lambda: not born(pid))


def test_a_part_that_outlived_its_supervisor_is_ended_at_the_next_start(tmp_path: Path, stack: ExitStack) -> None:
    supervisor = started(stack, tmp_path, STEADY)
    told(supervisor)
    pid = noted(tmp_path)
    supervisor.kill()
    supervisor.wait()
    assert born(pid)
    end_orphans(a_part(tmp_path, STEADY, "part0"))
    until(lambda: not born(pid))


def test_a_run_that_outlived_both_is_found_by_its_mark(tmp_path: Path, stack: ExitStack) -> None:
    part = a_part(tmp_path, STEADY)
    left, other = (
        stack.enter_context(subprocess.Popen(["sleep", "600"], env={**os.environ, MARK: mark}))
        for mark in (part.mark, part.mark + "-of-another-home")
    )
    stack.callback(other.kill)
    until(lambda: all(Path(f"/proc/{one.pid}/cmdline").read_bytes().startswith(b"sleep") for one in (left, other)))
    end_orphans(part)
    assert left.wait() == -signal.SIGKILL
    assert other.poll() is None


def test_a_process_that_was_given_an_old_number_is_left_alone(tmp_path: Path, stack: ExitStack) -> None:
    stranger = stack.enter_context(subprocess.Popen(["sleep", "600"], start_new_session=True))
    stack.callback(stranger.kill)
    part = a_part(tmp_path, STEADY)
    part.note.write_text(f"{stranger.pid} 1")
    end_orphans(part)
    assert stranger.poll() is None
