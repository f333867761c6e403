"""Knows processes by more than their number: a number is given away again, a number with its moment of birth is not."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

PATIENCE_SECONDS = 15
_PROC = Path("/proc")


def born(pid: int) -> str | None:
    """When that process began, as the system writes it; None when there is none, or when it has ended already."""
    if not (_PROC / "self").exists():
        ask = ["/bin/ps", "-o", "lstart=", "-p", str(pid)]
        told = subprocess.run(ask, capture_output=True, text=True, check=False)  # noqa: S603 - a number is all that varies
        return told.stdout.strip() or None
    with suppress(OSError):
        state, *rest = (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
        return None if state in "ZX" else rest[18]
    return None


def bearing(mark: str) -> Iterator[int]:
    """Other processes of ours with *mark* (NAME=value) in their environment; none where the system does not show it."""
    for folder in _PROC.glob("[0-9]*"):
        with suppress(OSError):
            if int(folder.name) != os.getpid() and mark.encode() in (folder / "environ").read_bytes().split(b"\0"):
                yield int(folder.name)


def wait_for_end(pid: int) -> None:
    """Wait until a child has ended, leaving its number taken, so that what it left behind can still be named by it."""
    if hasattr(os, "waitid"):
        os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)


def see_off(leader: int) -> None:
    """Wait for the rest of an ended leader's group, which was told to stop; whoever does not go is ended.

    A run that sends notices finishes those that it has in flight, so that none is left unknown.
    """
    for _ in range(PATIENCE_SECONDS * 10):
        try:
            os.killpg(leader, 0)
        except ProcessLookupError:
            return
        time.sleep(0.1)
    end_group(leader, signal.SIGKILL)


def end_group(leader: int, how: signal.Signals) -> None:
    """Signal a process and all that it started in its group."""
    with suppress(ProcessLookupError):
        os.killpg(leader, how)
