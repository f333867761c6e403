"""A SendGrid on loopback: strict about payloads, with logs to search, optionally over TLS, with faults on demand.

In a test:            with running(tmp_path) as fake: SendGrid(SendGridSettings(KEY, base_url=fake.url)) …
As its own process:   python -m tests.fakes.sendgrid --port 0 --state-dir DIR [--latency S] [--chance 500=0.005 …] [--seed N] [--tls] [--forget]
                      prints its address on the first line; DIR/accepted.jsonl survives everybody, DIR/ca.pem is what to trust

Its own faults, beside those of `tests.fakes.http`: a status (`400`, `429`, `503` …), `400-from`, `429-retry-after`, `429-nonsense`,
`redirect`, `sandbox`, `no-id`, `exhausted`, `roomy` (says how many more it would take).
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from tests.fakes.certificates import Certificates, make_certificates
from tests.fakes.faults import Faults
from tests.fakes.http import Request, Server, http_bytes
from tests.fakes.ledger import Ledger
from tests.fakes.loop import in_process, in_thread, serve_alone
from tests.fakes.sendgrid_rules import fault_in, search

if TYPE_CHECKING:
    from collections.abc import Iterator

KEY = "SG.invented-key.only-the-fake-knows-it"
WAIT = 7
"""Seconds that it asks for when it is tired."""
STATUSES = {"400", "401", "402", "403", "404", "409", "413", "422", "429", "500", "502", "503"}


class FakeSendGrid:
    """One account. Change its attributes between requests as a test likes."""

    def __init__(self, ledger: Ledger, faults: Faults, certificates: Certificates | None, latency: float) -> None:
        self.ledger = ledger
        self.faults = faults
        self.scopes = ["mail.send", "user.profile.read"]
        self.remembers = True
        """Whether its logs can be searched; without it, its memory does not grow."""
        self.logs = "open"  # or `forbidden`, `behind` (nothing has arrived yet), `nameless` (without custom_args)
        self.server = Server(self, certificates.server_context() if certificates else None, latency)
        self._by_address: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
        self._by_reference: dict[str, dict[str, Any]] = {}

    @property
    def url(self) -> str:
        return self.server.url

    @property
    def messages(self) -> list[dict[str, Any]]:
        """The latest payloads that came to Mail Send, taken or not."""
        return [json.loads(request.body) for request in self.server.requests if request.path == "/v3/mail/send"]

    def fault(self, request: Request) -> str:
        return self.faults.draw() if request.path == "/v3/mail/send" else ""

    def answer(self, request: Request, fault: str) -> bytes:
        if request.headers.get("authorization") != f"Bearer {KEY}":
            return _error(401, "authorization required")
        if request.path == "/v3/scopes":
            return http_bytes(200, {"scopes": self.scopes})
        if request.path.startswith("/v3/logs"):
            return self._logs(request)
        if (request.method, request.path) != ("POST", "/v3/mail/send"):
            return _error(404, "not found")
        return self._mail(json.loads(request.body), fault)

    def _mail(self, message: dict[str, Any], fault: str) -> bytes:
        wrong = fault_in(message)
        if wrong is not None:
            return _refusal(400, wrong, message)
        if fault[:3] in STATUSES:
            return _refusal(int(fault[:3]), "from.email" if fault == "400-from" else None, message, fault)
        if fault == "sandbox":
            return http_bytes(200, {}, {"X-Message-Id": uuid4().hex})
        if fault == "redirect":
            return http_bytes(302, None, {"Location": "/v3/mail/send"})
        reference = self._accept(message)
        headers = {} if fault == "no-id" else {"X-Message-Id": reference}
        limits = _limits("0" if fault == "exhausted" else "599") if fault in ("exhausted", "roomy") else {}
        return http_bytes(202, None, headers | limits)

    def _accept(self, message: dict[str, Any]) -> str:
        reference = uuid4().hex[:22]
        person = message["personalizations"][0]
        record = {
            "nid": person.get("custom_args", {}).get("nid"),
            "to": person["to"][0]["email"],
            "categories": message.get("categories", []),
            "message_id": message.get("headers", {}).get("Message-ID"),
            "reference": f"{reference}.recvd-fake-1",
            "at": datetime.now(UTC).isoformat(),
        }
        self.ledger.append(record)
        if self.remembers:
            self._by_address[record["to"].lower()].append(record)
            self._by_reference[record["reference"]] = record
        return reference

    def _logs(self, request: Request) -> bytes:
        if self.logs == "forbidden":
            return _error(403, "access forbidden")
        if request.method == "GET":
            return self._logged(self._by_reference.get(request.path.rpartition("/")[2]))
        wish = json.loads(request.body)
        found = search({} if self.logs == "behind" else self._by_address, wish["query"], wish.get("limit", 10))
        if found is None:
            return _error(400, "invalid query", "query")
        listed = [{"sg_message_id": it["reference"], "to_email": it["to"], "status": "processed"} for it in found]
        return http_bytes(200, {"messages": listed})

    def _logged(self, record: dict[str, Any] | None) -> bytes:
        if record is None:
            return _error(404, "not found")
        named = {} if self.logs == "nameless" else {"custom_args": {"nid": record["nid"]}}
        return http_bytes(200, {"sg_message_id": record["reference"], "status": "processed", "events": [], **named})


def _error(status: int, message: str, field: str | None = None, headers: dict[str, str] | None = None) -> bytes:
    return http_bytes(status, {"errors": [{"message": message, "field": field}]}, headers)


def _refusal(status: int, where: str | None, message: dict[str, Any], fault: str = "") -> bytes:
    """An error that quotes the recipient, as some do: what the sender keeps of it must not."""
    recipients = message["personalizations"][0].get("to") if message.get("personalizations") else None
    headers = _limits() if status == 429 else {}
    if fault == "429-retry-after":
        headers = {"Retry-After": "3"}
    if fault == "429-nonsense":
        headers = {"Retry-After": "soon", "X-RateLimit-Reset": "never"}
    return _error(status, f"something about {recipients}", where, headers)


def _limits(remaining: str = "0") -> dict[str, str]:
    reset = int(datetime.now(UTC).timestamp()) + WAIT
    return {"X-RateLimit-Limit": "600", "X-RateLimit-Remaining": remaining, "X-RateLimit-Reset": str(reset)}


@contextmanager
def running(
    state_dir: Path, *, faults: Faults | None = None, certificates: Certificates | None = None, latency: float = 0.0
) -> Iterator[FakeSendGrid]:
    """A fake in a thread of this process."""
    fake = FakeSendGrid(Ledger(state_dir), faults or Faults(), certificates, latency)
    with in_thread(fake.server):
        yield fake


@contextmanager
def spawned(state_dir: Path, *options: str) -> Iterator[str]:
    """A fake in a process of its own, which a sender's death does not touch; yields its address."""
    with in_process("tests.fakes.sendgrid", "--port", "0", "--state-dir", str(state_dir), *options) as url:
        yield url


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--state-dir", type=Path, required=True)
    parser.add_argument("--latency", type=float, default=0.0)
    parser.add_argument("--chance", action="append", default=[], metavar="FAULT=PROBABILITY")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--tls", action="store_true")
    parser.add_argument("--forget", action="store_true")
    asked = parser.parse_args()
    ledger = Ledger(asked.state_dir)
    chances = {name: float(chance) for name, _, chance in (wish.rpartition("=") for wish in asked.chance)}
    certificates = make_certificates(asked.state_dir) if asked.tls else None
    fake = FakeSendGrid(ledger, Faults(chances, asked.seed), certificates, asked.latency)
    fake.remembers = not asked.forget
    serve_alone(fake, asked.port)


if __name__ == "__main__":
    main()
