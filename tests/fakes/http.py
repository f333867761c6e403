"""A small HTTP/1.1 server on loopback that keeps connections alive and misbehaves on demand."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from threading import Event
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable


DRIP_SECONDS = 0.02


@dataclass(frozen=True)
class Request:
    """One request as it came; header names in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class Service(Protocol):
    """What the server carries requests to."""

    def fault(self, request: Request) -> str:
        """What is to go wrong with this request, if anything."""

    def answer(self, request: Request, fault: str) -> bytes:
        """The whole answer. Called also when a fault then loses it."""


@dataclass
class Server:
    """Carries requests to a service and its answers back, well or badly.

    On the wire it knows these faults: `drop-before-accept`, `hang` and `garbage` (the service never hears of the request);
    `held` (answered once `release` is set), `accept-then-drop`, `accept-then-reset`, `accept-then-hang`, `accept-then-500`, `drip`,
    `truncated`, `endless`, `then-close`.
    """

    service: Service
    tls: ssl.SSLContext | None = None
    latency: float = 0.0
    url: str = ""
    connections: int = 0
    requests: deque[Request] = field(default_factory=lambda: deque(maxlen=500))
    release: Event = field(default_factory=Event)

    def __post_init__(self) -> None:
        self._writers: set[asyncio.StreamWriter] = set()

    @property
    def open_connections(self) -> int:
        return len(self._writers)

    async def serve(self, port: int, ready: Callable[[], object], stop: asyncio.Event) -> None:
        server = await asyncio.start_server(self._connection, "127.0.0.1", port, ssl=self.tls)
        scheme = "https" if self.tls else "http"
        self.url = f"{scheme}://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        ready()
        async with server:
            await stop.wait()
            self.release.set()
            for _ in range(20):  # a connection that came in this moment is known here some rounds of the loop later
                await asyncio.sleep(0.0005)
            server.close()
            await self._end()

    async def _end(self) -> None:
        """Cut every connection, and wait until each has ended."""
        for _ in range(1000):
            for writer in list(self._writers):
                writer.transport.abort()
            await asyncio.sleep(0.002)
            if not self._writers:
                break

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._writers.add(writer)
        try:
            while await self._exchange(reader, writer):
                pass
        except (asyncio.IncompleteReadError, OSError):
            pass
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()
            self._writers.discard(writer)

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """One request and its answer; whether the connection lives on."""
        request = await _read(reader)
        self.requests.append(request)
        fault = self.service.fault(request)
        await asyncio.sleep(self.latency)
        while fault == "held" and not self.release.is_set():
            await asyncio.sleep(0.002)
        heard = fault not in ("drop-before-accept", "hang", "garbage")
        answer = self.service.answer(request, fault) if heard else b""
        if fault in ("hang", "accept-then-hang"):
            await reader.read()  # until the client has had enough
        return await _deliver(writer, answer, fault)


async def _deliver(writer: asyncio.StreamWriter, answer: bytes, fault: str) -> bool:
    if fault in ("hang", "accept-then-hang", "drop-before-accept", "accept-then-drop"):
        return False
    if fault == "accept-then-reset":
        linger = struct.pack("ii", 1, 0)
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        writer.transport.abort()
        return False
    if fault == "drip":
        for octet in answer:
            writer.write(bytes([octet]))
            await writer.drain()
            await asyncio.sleep(DRIP_SECONDS)
        return True
    writer.write(_spoilt(answer, fault))
    await writer.drain()
    return fault not in ("truncated", "endless", "then-close", "garbage")


def _spoilt(answer: bytes, fault: str) -> bytes:
    if fault == "garbage":
        return b"no HTTP at all\r\n\r\n"
    if fault == "accept-then-500":
        return answer.replace(b" 202 ", b" 500 ")
    if fault == "truncated":
        return answer.replace(b"Content-Length: 0", b"Content-Length: 50") + b"half"
    if fault == "endless":
        return answer.replace(b"Content-Length: 0", b"Content-Length: 8000000") + b"x" * 8_000_000
    return answer


def http_bytes(status: int, body: dict[str, Any] | None = None, headers: dict[str, str] | None = None) -> bytes:
    """An answer as it goes over the wire."""
    content = b"" if body is None else json.dumps(body).encode()
    date = format_datetime(datetime.now(UTC), usegmt=True)
    lines = {"Date": date, "Content-Length": str(len(content)), **(headers or {})}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"HTTP/1.1 {status} Fake\r\n{head}\r\n".encode() + content


async def _read(reader: asyncio.StreamReader) -> Request:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    method, path, _ = head[0].split(" ")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
    return Request(method, path, headers, await reader.readexactly(int(headers.get("content-length", "0"))))
