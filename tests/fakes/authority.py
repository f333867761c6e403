"""An authority's machine on loopback: takes a report once for each key, says so again when asked, and misbehaves on demand.

Its own faults, beside those of `tests.fakes.http`: a status (`400`, `401`, `429`, `503` …) and `no-reference`.
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tests.fakes.http import Request, Server, http_bytes
from tests.fakes.loop import in_thread

if TYPE_CHECKING:
    from collections.abc import Iterator

TOKEN = "an-invented-token"
PATH = "/reports"


class FakeAuthority:
    """One desk of one authority. Put what is to go wrong with the next requests into *faults*."""

    def __init__(self) -> None:
        self.server = Server(self)
        self.taken: dict[str, tuple[bytes, str]] = {}
        self.faults: list[str] = []

    @property
    def url(self) -> str:
        return self.server.url + PATH

    def fault(self, request: Request) -> str:
        return self.faults.pop(0) if self.faults and request.method == "POST" else ""

    def answer(self, request: Request, fault: str) -> bytes:
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return http_bytes(401)
        if fault.isdecimal():
            return http_bytes(int(fault), {"error": "invented"})
        if request.method == "GET":
            return self._asked(request.path.rpartition("/")[2])
        if fault == "no-reference":
            return http_bytes(200, {})
        return self._take(request.headers["idempotency-key"], request.body)

    def _asked(self, key: str) -> bytes:
        if key not in self.taken:
            return http_bytes(404)
        return http_bytes(200, {"reference": self.taken[key][1]})

    def _take(self, key: str, body: bytes) -> bytes:
        try:
            json.loads(body)
        except ValueError:
            return http_bytes(400, {"error": "not JSON"})
        before, reference = self.taken.setdefault(key, (body, f"AUT-{len(self.taken) + 1:06}"))
        return http_bytes(201, {"reference": reference}) if before == body else http_bytes(409)


@contextmanager
def running() -> Iterator[FakeAuthority]:
    """The fake, listening until the block ends."""
    fake = FakeAuthority()
    with in_thread(fake.server):
        yield fake
