"""Runs a fake's event loop in a thread of this process, and takes it down cleanly."""

from __future__ import annotations

import asyncio
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Serving(Protocol):
    async def serve(self, port: int, ready: Callable[[], object], stop: asyncio.Event) -> None:
        """Listen, say so, and end when told to."""


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
