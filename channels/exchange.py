"""One request and its answer over a connection that is open: HTTP/1.1, read strictly, so that nothing half understood counts as an answer.

Parsing with the standard library costs more than everything else about a message together, because it reads headers as those of a letter. Here
the same is asked of the bytes directly: whatever is not plainly an answer is Garbled, and means that nobody knows what became of the request.
"""

from __future__ import annotations

import re
import time
from collections.abc import Generator, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

LONGEST_ANSWER = 4 * 1024 * 1024
LONGEST_HEAD = 64 * 1024
MOST_AT_ONCE = 64 * 1024
"""Bytes of an answer that are taken at once."""
MOST_INTERIM = 8
"""Interim answers, such as 103, that may come before the answer."""

_STATUS = re.compile(rb"HTTP/1\.([01]) ([1-9]\d\d)(?: [^\r\n]*)?")
_HEADER = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([^\r\n\0]*?)[ \t]*")
_UNFIT = re.compile(r"[^\t\x20-\x7e]")
_UNFIT_IN_TARGET = re.compile(r"[^\x21-\x7e]")
_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]*)?")


class Garbled(Exception):
    """What came is not an answer, or not a whole one."""


class TooLong(Exception):
    """The answer is longer than anybody here would read."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Open(Protocol):
    """A connected socket, plain or sealed."""

    def settimeout(self, seconds: float, /) -> None: ...

    def sendall(self, data: bytes, /) -> None: ...

    def recv(self, most: int, /) -> bytes: ...


class Headers(Mapping[str, str]):
    """An answer's headers, whose names may be asked for in capitals or not; what came several times is one text with commas."""

    def __init__(self, lines: Mapping[str, str]) -> None:
        self._lines = lines

    def __getitem__(self, name: str) -> str:
        return self._lines[name.lower()]

    def __iter__(self) -> Iterator[str]:
        return iter(self._lines)

    def __len__(self) -> int:
        return len(self._lines)


@dataclass(frozen=True)
class Answer:
    """A complete HTTP answer, whatever its status."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)


T = TypeVar("T")
Read = Generator[None, bytes, T]
Reading = Read[tuple[Answer, bool]]


def request_bytes(method: str, target: str, headers: Mapping[str, str], body: bytes | None) -> bytes:
    """The request as it leaves. Raises ValueError where a header or the target could say more than it seems to."""
    lines = [f"{method} {target or '/'} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    if body is not None or method != "GET":
        lines.append(f"Content-Length: {len(body or b'')}")
    if _UNFIT_IN_TARGET.search(target) or any(_UNFIT.search(line) for line in lines):
        raise ValueError("a request's line holds a character that may not stand there")
    return "\r\n".join((*lines, "\r\n")).encode("ascii") + (body or b"")


def exchange(sock: Open, request: bytes, seconds: float) -> tuple[Answer, bool]:
    """Send this once, and read its answer whole within so many seconds, however slowly it drips; with it, whether another
    request may follow on this connection.

    Raises Garbled, TooLong or OSError; from the first of its bytes on, none of them says that nothing was sent.
    """
    until = time.monotonic() + seconds
    sock.settimeout(seconds)
    with suppress(BrokenPipeError):  # whoever refuses a long request hangs up before its end, and says why before that
        sock.sendall(request)
    reading = answer_read()
    while (left := until - time.monotonic()) > 0:
        sock.settimeout(left)
        try:
            reading.send(sock.recv(MOST_AT_ONCE))
        except StopIteration as ended:
            whole: tuple[Answer, bool] = ended.value
            return whole
    raise TimeoutError("the answer took too long")


def answer_read() -> Reading:
    """Begin to read an answer: send it the bytes as they come, none when the other side has ended. It returns as `exchange` does,
    and raises Garbled or TooLong."""
    reading = _answer()
    next(reading)
    return reading


def _answer() -> Reading:
    coming = _Coming()
    for _ in range(MOST_INTERIM):
        version, status, headers = yield from coming.head()
        if status == 101:
            break  # nobody asked to speak another protocol
        if status >= 200:
            body, ended = yield from coming.body(status, version, headers)
            stays = ended and version == b"1" and not coming.kept and not _says(headers, "connection", "close")
            return Answer(status, Headers(headers), body), stays
    raise Garbled


class _Coming:
    """What comes from the other side. Each part that is asked for waits, as a generator, until enough of it is there."""

    def __init__(self) -> None:
        self.kept = bytearray()

    def head(self) -> Read[tuple[bytes, int, dict[str, str]]]:
        """The version's last digit, the status and the headers."""
        first, *lines = (yield from self._up_to(b"\r\n\r\n", LONGEST_HEAD)).split(b"\r\n")
        status = _STATUS.fullmatch(first)
        if status is None:
            raise Garbled
        headers: dict[str, str] = {}
        for line in lines:
            header = _HEADER.fullmatch(line)
            if header is None:
                raise Garbled
            name, value = header[1].decode("ascii").lower(), header[2].decode("latin-1")
            headers[name] = f"{headers[name]}, {value}" if name in headers else value
        return status[1], int(status[2]), headers

    def body(self, status: int, version: bytes, headers: Mapping[str, str]) -> Read[tuple[bytes, bool]]:
        """The body, and whether its end was plain without the connection's. By RFC 9112, section 6.3."""
        coding, length = headers.get("transfer-encoding"), headers.get("content-length")
        if status in (204, 304):
            return b"", True
        if coding is not None:
            if length is not None or coding.lower() != "chunked" or version != b"1":
                raise Garbled
            return (yield from self._chunks(status)), True
        if length is None:
            return (yield from self._to_the_end(status)), False
        lengths = {one.strip() for one in length.split(",")}
        if len(lengths) != 1 or not (whole := lengths.pop()).isascii() or not whole.isdecimal():
            raise Garbled
        if len(whole) > 9 or int(whole) > LONGEST_ANSWER:
            raise TooLong(status)
        return (yield from self._exactly(int(whole))), True

    def _chunks(self, status: int) -> Read[bytes]:
        whole = bytearray()
        while size := (yield from self._chunk_size()):
            if len(whole) + size > LONGEST_ANSWER:
                raise TooLong(status)
            whole += yield from self._exactly(size)
            if (yield from self._exactly(2)) != b"\r\n":
                raise Garbled
        while (yield from self._up_to(b"\r\n", LONGEST_HEAD)):
            pass  # trailers, which nobody asks for
        return bytes(whole)

    def _chunk_size(self) -> Read[int]:
        found = _CHUNK.fullmatch((yield from self._up_to(b"\r\n", LONGEST_HEAD)))
        if found is None:
            raise Garbled
        return int(found[1], 16)

    def _to_the_end(self, status: int) -> Read[bytes]:
        while len(self.kept) <= LONGEST_ANSWER and (yield from self._more()):
            pass
        if len(self.kept) > LONGEST_ANSWER:
            raise TooLong(status)
        return (yield from self._exactly(len(self.kept)))

    def _up_to(self, mark: bytes, longest: int) -> Read[bytes]:
        while (end := self.kept.find(mark, 0, longest + len(mark))) < 0:
            if len(self.kept) > longest or not (yield from self._more()):
                raise Garbled
        taken = bytes(self.kept[:end])
        del self.kept[: end + len(mark)]
        return taken

    def _exactly(self, count: int) -> Read[bytes]:
        while len(self.kept) < count:
            if not (yield from self._more()):
                raise Garbled
        taken = bytes(self.kept[:count])
        del self.kept[:count]
        return taken

    def _more(self) -> Read[bool]:
        """Wait for more; False when the other side has ended."""
        came = yield
        self.kept += came
        return bool(came)


def _says(headers: Mapping[str, str], name: str, word: str) -> bool:
    return word in [one.strip().lower() for one in headers.get(name, "").split(",")]
