"""Keeps foreign web pages out of the Prefect server: whoever reaches its API can change what the runners execute."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

_THIS_MACHINE = {"127.0.0.1", "localhost", "::1"}


def is_from_here(headers: list[tuple[bytes, bytes]]) -> bool:
    """Whether a request names this machine and comes from no web page, or from a page of this very server.

    The name keeps out pages whose own address was made to point at this machine; the origin keeps out the others.
    """
    found = {name.lower(): value.decode("latin-1") for name, value in headers}
    host, origin = _place(f"//{found.get(b'host', '')}"), found.get(b"origin")
    return host is not None and (origin is None or _place(origin) == host)


def _place(url: str) -> int | None:
    """The port that the address names on this machine; None for any other machine."""
    try:
        parts, port = urlsplit(url), urlsplit(url).port or 80
    except ValueError:
        return None
    return port if parts.hostname in _THIS_MACHINE else None


class SameOrigin:
    """ASGI middleware: 403 for everything that is not from here."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Pass on what is from here and all that is no request (start and stop of the server)."""
        if scope["type"] == "lifespan" or is_from_here(list(scope["headers"])):
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            await send({"type": "http.response.start", "status": 403, "headers": [(b"content-type", b"text/plain")]})
            await send({"type": "http.response.body", "body": b"Only pages of this server may call it."})
