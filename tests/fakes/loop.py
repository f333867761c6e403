"""Runs a fake's event loop, in a thread of this process or in a process of its own, and takes it down cleanly."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Serving(Protocol):
    async def serve(self, port: int, ready: Callable[[], object], stop: asyncio.Event) -> None:
        """Listen, say so, and end when told to."""


class Fake(Protocol):
    @property
    def server(self) -> Serving:
        """What listens."""

    @property
    def url(self) -> str:
        """Where, once it does."""


@contextmanager
def in_thread(server: Serving) -> Iterator[None]:
    """Serve on a port of the system's choosing until the block ends."""
    ready = threading.Event()
    loop = asyncio.new_event_loop()
    loop.set_exception_handler(lambda _loop, _context: None)  # a failed handshake is the client's to report
    stop = asyncio.Event()

    def serve() -> None:
        with asyncio.Runner(loop_factory=lambda: loop) as runner:
            runner.run(server.serve(0, ready.set, stop))

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        if not ready.wait(10):
            raise RuntimeError("the fake did not start")
        yield
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()


@contextmanager
def in_process(module: str, *options: str) -> Iterator[str]:
    """A fake in a process of its own, which a sender's death does not touch; yields its address."""
    command = [sys.executable, "-m", module, *options]
    with subprocess.Popen(command, cwd=Path(__file__).parents[2], stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


def serve_alone(fake: Fake, port: int) -> None:
    """What that process does: says the address, and serves until it is ended."""

    def announce() -> None:
        sys.stdout.write(f"{fake.url}\n")
        sys.stdout.flush()

    with suppress(KeyboardInterrupt):
        asyncio.run(fake.server.serve(port, announce, asyncio.Event()))
