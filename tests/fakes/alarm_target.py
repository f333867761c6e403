"""A webhook on loopback, as Apprise's json:// target speaks to: it keeps what it was told, and misbehaves on demand."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.fakes.http import Request, Server, http_bytes
from tests.fakes.loop import in_thread

if TYPE_CHECKING:
    from collections.abc import Iterator

SECRET = "T0SECRET0abcdef0123456789"


@dataclass
class Webhook:
    """Answers 200, unless *wrong* names a fault of the wire or a status."""

    wrong: str = ""
    told: list[dict[str, Any]] = field(default_factory=list)
    server: Server = field(init=False)

    def __post_init__(self) -> None:
        self.server = Server(self)

    @property
    def url(self) -> str:
        """As Apprise writes it; its path is a secret, as Slack's and Teams' are."""
        return f"{self.server.url.replace('http://', 'json://')}/{SECRET}"

    def fault(self, request: Request) -> str:
        return "" if self.wrong.isdecimal() else self.wrong

    def answer(self, request: Request, fault: str) -> bytes:
        self.told.append(json.loads(request.body))
        return http_bytes(int(self.wrong) if self.wrong.isdecimal() else 200, {})


@contextmanager
def running() -> Iterator[Webhook]:
    """A webhook in a thread of this process."""
    fake = Webhook()
    with in_thread(fake.server):
        yield fake
