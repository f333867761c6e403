"""A CONNECT proxy on loopback that remembers whom it was asked for, and by whom."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from tests.fakes.loop import in_thread

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class FakeProxy:
    def __init__(self) -> None:
        self.port = 0
        self.asked: list[list[str]] = []
        """The lines of each request that came, CONNECT first."""
        self._writers: list[asyncio.StreamWriter] = []

    async def serve(self, port: int, ready: Callable[[], object], stop: asyncio.Event) -> None:
        server = await asyncio.start_server(self._tunnel, "127.0.0.1", port)
        self.port = server.sockets[0].getsockname()[1]
        ready()
        async with server:
            await stop.wait()
            for writer in self._writers:
                writer.transport.abort()

    async def _tunnel(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        self.asked.append(lines)
        host, _, port = lines[0].split(" ")[1].rpartition(":")
        far_reader, far_writer = await asyncio.open_connection(host, int(port))
        self._writers += [writer, far_writer]
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        await asyncio.gather(_pour(reader, far_writer), _pour(far_reader, writer))


async def _pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
        writer.close()


@contextmanager
def running() -> Iterator[FakeProxy]:
    """A proxy in a thread of this process."""
    proxy = FakeProxy()
    with in_thread(proxy):
        yield proxy
