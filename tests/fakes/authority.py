"""An authority's machine on loopback: takes a report once for each key, says so again when asked, and misbehaves on demand.

Its own faults, beside those of `tests.fakes.http`: a status (`400`, `401`, `429`, `503` …) and `no-reference`. In a process of its own
(`spawned`) it writes down what it took, one file for each key.
"""

from __future__ import annotations

import argparse
import json
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tests.fakes.http import Request, Server, http_bytes
from tests.fakes.loop import in_process, in_thread, serve_alone

if TYPE_CHECKING:
    from collections.abc import Iterator

TOKEN = "an-invented-token"
PATH = "/reports"


class FakeAuthority:
    """One desk of one authority. Put what is to go wrong with the next requests into *faults*."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder
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
        if self.folder:
            (self.folder / key).write_bytes(before)
        return http_bytes(201, {"reference": reference}) if before == body else http_bytes(409)


@contextmanager
def running() -> Iterator[FakeAuthority]:
    """The fake, listening until the block ends."""
    fake = FakeAuthority()
    with in_thread(fake.server):
        yield fake


@contextmanager
def spawned(folder: Path, *faults: str) -> Iterator[str]:
    """A fake in a process of its own, whose first requests go wrong like that; yields its address."""
    folder.mkdir(exist_ok=True)
    with in_process("tests.fakes.authority", "--folder", str(folder), *faults) as url:
        yield url


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("faults", nargs="*")
    asked = parser.parse_args()
    fake = FakeAuthority(asked.folder)
    fake.faults = asked.faults
    serve_alone(fake, 0)


if __name__ == "__main__":
    main()
