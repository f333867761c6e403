"""One process of a running Forthwith: how it is started, known again, and ended with all that it started."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from flows.environment import environment
from flows.processes import bearing, born, end_group
from settings.model import Settings

# A part has this long to stop: a runner ends its runs, and a run ends the batch that it is in the middle of.
STOPPING_SECONDS = 40
LARGEST_LOG_BYTES = 20_000_000
MARK = "FORTHWITH_PART"


@dataclass(frozen=True, eq=False)
class Part:
    """One process to keep alive. It is given the number of a pipe, on which it writes when it is ready."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    folder: Path

    @property
    def mark(self) -> str:
        """What tells this part's processes from all others, in their environment."""
        return f"{self.folder}:{self.name}"

    @property
    def log(self) -> Path:
        """Where its output goes."""
        return self.folder / "log" / f"{self.name}.log"

    @property
    def note(self) -> Path:
        """Where its process number is noted, with its birth."""
        return self.folder / f"{self.name}.pid"


def parts(settings: Settings) -> tuple[Part, ...]:
    """What `forthwith up` keeps alive. The dashboard is a process of its own: it stays up while Prefect starts anew."""
    around = environment(settings, os.environ)
    return (
        Part("dashboard", (sys.executable, "-m", "web.serve"), around, settings.home),
        Part("prefect", (sys.executable, "-m", "flows.child"), around, settings.home),
    )


def start(part: Part) -> tuple[int, "subprocess.Popen[bytes]"]:
    """Start the process in a group of its own, so that Ctrl-C reaches only us; its input closes when we are gone."""
    log = _open_log(part)
    heard, said = os.pipe()
    process = subprocess.Popen(  # noqa: S603 - the parts are named in the code, none from outside
        (*part.command, str(said)),
        stdin=subprocess.PIPE,
        stdout=log,
        stderr=log,
        pass_fds=(said,),
        env={**part.environment, MARK: part.mark},
        cwd=part.folder,
        start_new_session=True,
        umask=0o077,
    )
    os.close(said)
    os.close(log)
    return heard, process


def _open_log(part: Part) -> int:
    part.log.parent.mkdir(mode=0o700, exist_ok=True)
    if part.log.exists() and part.log.stat().st_size > LARGEST_LOG_BYTES:
        part.log.replace(part.log.with_suffix(".log.1"))
    return os.open(part.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)


def end_orphans(part: Part) -> None:
    """End what an earlier supervisor left behind when it was killed: its part, and what that part had started."""
    leader = _noted(part)
    if leader:
        end_group(leader, signal.SIGTERM)
        _wait_until_gone(leader)
        end_group(leader, signal.SIGKILL)
    for pid in bearing(f"{MARK}={part.mark}"):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _noted(part: Part) -> int | None:
    with suppress(OSError, ValueError):
        pid, birth = part.note.read_text().split(" ", 1)
        return int(pid) if born(int(pid)) == birth else None
    return None


def _wait_until_gone(pid: int) -> None:
    birth = born(pid)
    for _ in range(STOPPING_SECONDS * 10):
        if born(pid) != birth:
            return
        time.sleep(0.1)
