"""A pooled HTTPS client that sends once, follows nothing, and knows whether the request had begun when something broke.

Kept-alive HTTP/1.1 connections; no retries, no redirects, no proxy but a configured one, certificates verified. Whatever goes wrong while
connecting is TryAgain or Halt, because no byte of the request has left; whatever goes wrong afterwards is Unknown.
"""

from __future__ import annotations

import http.client
import io
import ssl
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection

from channels.outcome import Halt, TryAgain, Unknown

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

LONGEST_ANSWER = 4 * 1024 * 1024
LOOPBACK = {"127.0.0.1", "::1", "localhost"}
_CONNECTIONS = 64  # kept; as many as the largest window of notices in flight per worker


@dataclass(frozen=True)
class Line:
    """How to reach a server."""

    connect_seconds: float = 5.0
    answer_seconds: float = 30.0
    """For the whole answer: a server that drips one byte at a time gets no more."""
    ca_file: Path | None = None
    """Trust these certificates instead of the machine's."""
    proxy: str | None = field(default=None, repr=False)
    """Never taken from the environment. May hold a password."""


@dataclass(frozen=True)
class Answer:
    """A complete HTTP answer, whatever its status."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)


class Https:
    """One server, reached by any number of threads."""

    def __init__(self, base_url: str, line: Line) -> None:
        where = urlsplit(base_url)
        if where.scheme != "https" and not (where.scheme == "http" and where.hostname in LOOPBACK):
            raise Halt("the provider's address must begin with https://")
        self._pools = _pools(line)
        self._open: Callable[..., urllib3.BaseHTTPResponse]
        if line.proxy:
            self._open, self._base = self._pools.urlopen, base_url.rstrip("/")
        else:  # straight to the one pool there is: finding it anew for each message costs as much as sending it
            self._open, self._base = self._pools.connection_from_url(base_url).urlopen, where.path.rstrip("/")

    def request(self, method: str, path: str, headers: Mapping[str, str], body: bytes | None = None) -> Answer:
        """Send one request and read the answer whole, or raise TryAgain, Halt or Unknown."""
        try:
            response = self._open(
                method,
                self._base + path,
                body=body,
                headers={**headers, "Accept-Encoding": "identity"},
                retries=False,
                redirect=False,
                preload_content=False,
            )
            answer = Answer(response.status, response.headers, response.read(LONGEST_ANSWER + 1))
        except (urllib3.exceptions.HTTPError, http.client.HTTPException, OSError) as error:
            raise Unknown(f"no whole answer came ({type(error).__name__})") from None
        if len(answer.body) > LONGEST_ANSWER:
            response.close()
            raise Unknown("the answer is too long", str(answer.status))
        response.release_conn()
        return answer

    def close(self) -> None:
        self._pools.clear()


class _Hurried(io.RawIOBase):
    """Reads from a socket until a moment that does not move, whereas a socket's own timeout starts afresh with each byte."""

    def __init__(self, raw: io.RawIOBase, sock: socket.socket) -> None:
        self._raw = raw
        self._sock = sock
        self._until = time.monotonic() + (sock.gettimeout() or 0.0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError("the answer took too long")
        self._sock.settimeout(left)
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _HurriedAnswer(http.client.HTTPResponse):
    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self.fp = io.BufferedReader(_Hurried(self.fp.detach(), sock))


@contextmanager
def _nothing_sent_yet() -> Iterator[None]:
    """Say what a failure to connect means; these errors pass through urllib3 untouched, which would blur the moment."""
    try:
        yield
    except (
        ssl.SSLCertVerificationError
    ):  # somebody in between, a wrong clock or a missing authority: never mends itself
        raise Halt("the server's certificate could not be verified") from None
    except (urllib3.exceptions.HTTPError, http.client.HTTPException, OSError) as error:
        raise TryAgain(f"no connection ({type(error).__name__})") from None


class _Plain(HTTPConnection):
    response_class = _HurriedAnswer

    def connect(self) -> None:
        with _nothing_sent_yet():
            super().connect()


class _Secure(HTTPSConnection):
    response_class = _HurriedAnswer

    def connect(self) -> None:
        with _nothing_sent_yet():
            super().connect()


class _PlainPool(urllib3.HTTPConnectionPool):
    ConnectionCls = _Plain


class _SecurePool(urllib3.HTTPSConnectionPool):
    ConnectionCls = _Secure


def _pools(line: Line) -> urllib3.PoolManager:
    try:
        context = ssl.create_default_context(cafile=line.ca_file)
    except OSError:
        raise Halt("the file of trusted certificates cannot be read") from None
    timeout = urllib3.Timeout(connect=line.connect_seconds, read=line.answer_seconds)
    options: dict[str, Any] = {"maxsize": _CONNECTIONS, "timeout": timeout, "ssl_context": context}
    pools = _proxied(line.proxy, options) if line.proxy else urllib3.PoolManager(**options)
    pools.pool_classes_by_scheme = {"http": _PlainPool, "https": _SecurePool}
    return pools


def _proxied(proxy: str, options: dict[str, Any]) -> urllib3.ProxyManager:
    password = urllib3.util.parse_url(proxy).auth
    headers = urllib3.make_headers(proxy_basic_auth=password) if password else None
    return urllib3.ProxyManager(proxy, proxy_headers=headers, **options)
