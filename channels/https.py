"""A pooled HTTPS client that sends once, follows nothing, and knows whether the request had begun when something broke.

Kept-alive HTTP/1.1 connections; no retries, no redirects, no proxy but a configured one, certificates verified. Whatever goes wrong while
connecting is TryAgain or Halt, because no byte of the request has left; whatever goes wrong afterwards is Unknown. urllib3 opens the
connections, through proxies and with certificates checked; what is said over them is `channels.exchange`.
"""

from __future__ import annotations

import http.client
import ssl
import weakref
from collections import deque
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection, ProxyConfig
from urllib3.util import parse_url

from channels.exchange import Answer, Garbled, Open, TooLong, exchange, request_bytes
from channels.outcome import Halt, TryAgain, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

__all__ = ["Answer", "Https", "Line"]

LOOPBACK = {"127.0.0.1", "::1", "localhost"}
PORTS = {"http": 80, "https": 443}
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
    """Spoken to in plain HTTP, for a tunnel. Never taken from the environment. May hold a password."""


class Https:
    """One server, reached by any number of threads."""

    def __init__(self, base_url: str, line: Line) -> None:
        where = parse_url(base_url) if base_url.startswith(("https://", "http://")) else urllib3.util.Url()
        host = (where.host or "").strip("[]")
        if not host or not (where.scheme == "https" or host in LOOPBACK):
            raise Halt("the provider's address must begin with https://")
        self._secure, self._host, self.answer_seconds = where.scheme == "https", host, line.answer_seconds
        self._port = where.port or PORTS[str(where.scheme)]
        self._base = (where.path or "").rstrip("/")
        named = where.netloc if self._port != PORTS[str(where.scheme)] else where.host
        self._always = {"Host": str(named), "Accept-Encoding": "identity"}
        self._options: dict[str, Any] = {"timeout": line.connect_seconds}
        if self._secure:
            self._options["ssl_context"] = _context(line)
        self._proxy = parse_url(line.proxy) if line.proxy else None
        if self._proxy is not None and self._proxy.scheme not in (None, "http"):
            raise Halt("the proxy's address must begin with http://; what passes through it is sealed all the same")
        self._idle: deque[HTTPConnection] = deque()
        weakref.finalize(self, _close_all, self._idle)  # for whoever forgets to

    def request(self, method: str, path: str, headers: Mapping[str, str], body: bytes | None = None) -> Answer:
        """Send one request and read the answer whole, or raise TryAgain, Halt or Unknown."""
        return self.carry(self.written(method, path, headers, body))

    def written(self, method: str, path: str, headers: Mapping[str, str], body: bytes | None = None) -> bytes:
        """A request to this server as it leaves. Raises Halt where a header could say more than it seems to."""
        try:
            return request_bytes(method, self._base + path, {**self._always, **headers}, body)
        except ValueError as error:
            raise Halt(str(error)) from None

    def carry(self, request: bytes) -> Answer:
        """Send what was written, and read the answer; what `channels.flights` does for many at once."""
        connection = self._kept() or self.opened()
        stays = False
        try:
            answer, stays = exchange(cast("Open", connection.sock), request, self.answer_seconds)
        except (Garbled, TooLong, OSError) as error:
            raise nobody_knows(error) from None
        finally:
            self._let_go(connection, stays=stays)
        return answer

    def opened(self) -> HTTPConnection:
        """A new connection, for the caller to close. Raises TryAgain or Halt."""
        connection = self._connection()
        try:
            with _nothing_sent_yet():
                connection.connect()
        except BaseException:
            connection.close()
            raise
        return connection

    def close(self) -> None:
        _close_all(self._idle)

    def _kept(self) -> HTTPConnection | None:
        """The connection that was used last, unless its other side has ended it meanwhile or says what nobody asked."""
        while self._idle:
            try:
                connection = self._idle.pop()
            except IndexError:  # another thread was quicker
                break
            if connection.is_connected:
                return connection
            connection.close()
        return None

    def _connection(self) -> HTTPConnection:
        """A connection to be opened; through a proxy, one that asks it for a tunnel first."""
        kind = HTTPSConnection if self._secure else HTTPConnection
        if self._proxy is None:
            return kind(self._host, self._port, **self._options)
        sealed = ProxyConfig(None, False, None, None)
        connection = kind(
            str(self._proxy.host),
            self._proxy.port or PORTS["http"],
            proxy=self._proxy,
            proxy_config=sealed,
            **self._options,
        )
        auth = self._proxy.auth
        headers = dict(urllib3.make_headers(proxy_basic_auth=auth)) if auth else None
        connection.set_tunnel(self._host, self._port, headers, "http")
        return connection

    def _let_go(self, connection: HTTPConnection, *, stays: bool) -> None:
        if stays and len(self._idle) < _CONNECTIONS:
            self._idle.append(connection)
        else:
            connection.close()


def _close_all(connections: deque[HTTPConnection]) -> None:
    while connections:
        connections.pop().close()


def nobody_knows(error: Exception) -> Unknown:
    """What it means that a request may have left and no whole answer came."""
    if isinstance(error, TooLong):
        return Unknown("the answer is too long", str(error.status))
    return Unknown(f"no whole answer came ({type(error).__name__})")


@contextmanager
def _nothing_sent_yet() -> Iterator[None]:
    """Say what a failure to connect means."""
    try:
        yield
    except ssl.SSLCertVerificationError:
        # Somebody in between, a wrong clock or a missing authority: it never mends itself.
        raise Halt("the server's certificate could not be verified") from None
    except (urllib3.exceptions.HTTPError, http.client.HTTPException, OSError) as error:
        raise TryAgain(f"no connection ({type(error).__name__})") from None


def _context(line: Line) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=line.ca_file)
    except OSError:
        raise Halt("the file of trusted certificates cannot be read") from None
