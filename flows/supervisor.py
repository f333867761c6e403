"""Keeps the parts of a running Forthwith alive: starts them, starts them again when they end, stops them in good order."""

import asyncio
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from flows.processes import bearing, born, end_group, wait_for_end

# A part has this long to stop: a runner ends its runs, and a run ends the batch that it is in the middle of.
STOPPING_SECONDS = 40
STEADY_SECONDS = 60
LONGEST_PAUSE_SECONDS = 30.0
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


Tell = Callable[[str, str], None]
"""Hears who did what: a part's name, or "forthwith" for the whole, and the words for it."""


class Supervisor:
    """Runs until SIGINT or SIGTERM; a second one stops hard. *tell* hears what becomes of each part."""

    def __init__(self, parts: Sequence[Part], tell: Tell) -> None:
        self._parts = parts
        self._tell = tell
        self._alive: dict[Part, subprocess.Popen[bytes]] = {}
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        """Keep the parts until told to stop, then stop them, the last one first. Leaves no process behind."""
        loop = asyncio.get_running_loop()
        for name in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(name, self._told_to_stop)
        keepers = {part: asyncio.create_task(self._keep(part)) for part in self._parts}
        stop = asyncio.create_task(self._stopping.wait())
        await asyncio.wait({stop, *keepers.values()}, return_when=asyncio.FIRST_COMPLETED)
        self._stopping.set()
        for part in reversed(self._parts):
            self._signal(part, signal.SIGTERM)
            await self._ended(part, keepers[part])

    def _told_to_stop(self) -> None:
        if self._stopping.is_set():
            for part in self._parts:
                self._signal(part, signal.SIGKILL)
        else:
            self._tell("forthwith", "stopping; what is under way is taken up at the next start")
        self._stopping.set()

    async def _ended(self, part: Part, keeper: "asyncio.Task[None]") -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(asyncio.shield(keeper), STOPPING_SECONDS)
            return
        self._tell(part.name, f"did not stop within {STOPPING_SECONDS} s and is ended")
        self._signal(part, signal.SIGKILL)
        await keeper

    async def _keep(self, part: Part) -> None:
        loop, pause = asyncio.get_running_loop(), 0.0
        while not self._stopping.is_set():
            started_at = loop.time()
            try:
                await self._live(part)
            except OSError as error:
                self._tell(part.name, f"could not be started: {error.strerror}")
            if self._stopping.is_set():
                return
            pause = (
                1.0 if loop.time() - started_at > STEADY_SECONDS else min(max(1.0, pause * 2), LONGEST_PAUSE_SECONDS)
            )
            self._tell(part.name, f"ended by itself; starts again in {pause:.0f} s, see {part.log}")
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), pause)

    async def _live(self, part: Part) -> None:
        """One life of a part, from its start to its end and that of all it started."""
        pipe, process = _start(part)
        self._alive[part] = process
        with suppress(OSError):  # a disk that is full must not keep the watch from starting
            part.note.write_text(f"{process.pid} {born(process.pid)}")
        if await asyncio.to_thread(os.read, pipe, 8):
            self._tell(part.name, "ready")
        os.close(pipe)
        await asyncio.to_thread(wait_for_end, process.pid)
        end_group(process.pid, signal.SIGKILL)
        await asyncio.to_thread(process.wait)
        del self._alive[part]
        part.note.unlink(missing_ok=True)

    def _signal(self, part: Part, how: signal.Signals) -> None:
        process = self._alive.get(part)
        if process is None:
            return
        if how == signal.SIGKILL:
            end_group(process.pid, how)
        else:
            process.send_signal(how)


def _start(part: Part) -> tuple[int, "subprocess.Popen[bytes]"]:
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
