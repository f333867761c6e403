"""Keeps the parts of a running Forthwith alive: starts them, starts them again when they end, stops them in good order."""

import asyncio
import os
import signal
import subprocess
from collections.abc import Callable, Sequence
from contextlib import suppress

from flows.part import STOPPING_SECONDS, Part, start
from flows.processes import born, end_group, see_off, wait_for_end

STEADY_SECONDS = 60
LONGEST_PAUSE_SECONDS = 30.0

Tell = Callable[[str, str], None]
"""Hears who did what: a part's name, or "forthwith" for the whole, and the words for it."""


class Supervisor:
    """Runs until SIGINT or SIGTERM; a second one stops hard. *tell* hears what becomes of each part."""

    def __init__(self, parts: Sequence[Part], tell: Tell) -> None:
        self._parts = parts
        self._hearer = tell
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

    def _tell(self, who: str, words: str) -> None:
        """A closed terminal or a reader that went away must not end the watch, nor leave parts behind that nobody keeps."""
        with suppress(OSError, SystemExit):  # Rich makes the latter of a broken pipe, and is quiet from then on
            self._hearer(who, words)

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
        pipe, process = start(part)
        self._alive[part] = process
        with suppress(OSError):  # a disk that is full must not keep the watch from starting
            part.note.write_text(f"{process.pid} {born(process.pid)}")
        if await asyncio.to_thread(os.read, pipe, 8):
            self._tell(part.name, "ready")
        os.close(pipe)
        await asyncio.to_thread(wait_for_end, process.pid)
        end_group(process.pid, signal.SIGTERM)
        await asyncio.to_thread(process.communicate)
        await asyncio.to_thread(see_off, process.pid)
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
