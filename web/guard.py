"""Stands before every route: what a browser may do with our pages, how large a body may be, and who is asked who they are."""

import hmac
from collections.abc import MutableMapping
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE = "forthwith"
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "frame-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "cache-control": "no-store",
}


class TooLarge(Exception):
    """The body is larger than this route takes."""


class Headers:
    """Puts the headers on every answer; an answer that has set one of them keeps its own."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                held = MutableHeaders(raw=message.setdefault("headers", []))
                for name, value in HEADERS.items():
                    held.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, sending)


def capped(receive: Receive, largest: int) -> Receive:
    """The same stream, which ends with TooLarge when more than *largest* bytes come, whatever was announced."""
    came = 0

    async def reading() -> MutableMapping[str, Any]:
        nonlocal came
        message = await receive()
        came += len(message.get("body", b""))
        if came > largest:
            raise TooLarge
        return message

    return reading


def forged(request: Request, mark: str, told: str) -> bool:
    """Whether a form was sent from another site, or without the mark that this session's own forms carry."""
    return from_elsewhere(request) or not hmac.compare_digest(mark.encode(), told.encode())


def from_elsewhere(request: Request) -> bool:
    """Whether the browser says that another site sent this."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = request.headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != request.headers.get("host", "")
