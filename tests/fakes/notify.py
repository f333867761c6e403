"""A GOV.UK Notify on loopback: checks tokens and requests as strictly as the real one says it does, with faults on demand.

In a test: with running(tmp_path) as fake: NotifyEmail(NotifySettings(KEY, email_template=TEMPLATE, host=fake.url)) …

Its own faults, beside those of `tests.fakes.http`: a status (`400`, `403`, `429` …), `400-address`, `400-team`, `429-day`, `429-wait`,
`redirect`, `no-id`, `lost-500` (accepted, then 500).
"""

from __future__ import annotations

import base64
import json
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid4

import jwt

from tests.fakes.faults import Faults
from tests.fakes.http import Request, Server, http_bytes
from tests.fakes.ledger import Ledger
from tests.fakes.loop import in_thread

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SERVICE, SECRET = "26785a09-ab16-4eb0-8407-a37497a57506", "3d844edf-8d35-48ac-975b-e847b4f122b0"
KEY = f"invented-{SERVICE}-{SECRET}"
TEMPLATE, REPLY_TO = "9d751e0e-f929-4891-82a1-a3e1c3c18ee3", "8e222534-7f05-4972-86e3-17c5d9f894e2"
EMAIL, LETTER = "/v2/notifications/email", "/v2/notifications/letter"
REFUSALS = {
    "400-address": ("ValidationError", "email_address Not a valid email address robin.marker@example.com"),
    "400-team": ("BadRequestError", "Can't send to this recipient using a team-only API key robin.marker@example.com"),
    "429-day": ("TooManyRequestsError", "Exceeded send limits (250) for today"),
    "429-wait": ("RateLimitError", "Exceeded rate limit for key type LIVE of 3000 requests per 60 seconds"),
}


class FakeNotify:
    """One service. Change its attributes between requests as a test likes."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.faults = Faults()
        self.template = {"id": TEMPLATE, "type": "email", "version": 1, "subject": "((subject))", "body": "((body))"}
        self.sees = "all"  # or `nothing`
        self.date: str | None = None
        self.server = Server(self)

    @property
    def url(self) -> str:
        return self.server.url

    @property
    def sent(self) -> list[dict[str, Any]]:
        """What came to be sent, taken or not."""
        return [json.loads(one.body) for one in self.server.requests if one.method == "POST"]

    def fault(self, request: Request) -> str:
        return self.faults.draw() if request.method == "POST" else ""

    def answer(self, request: Request, fault: str) -> bytes:
        if not _is_signed(request.headers.get("authorization", "")):
            return _error(403, "AuthError", "Invalid token: API key not found")
        url = urlsplit(request.path)
        if (request.method, url.path) == ("GET", f"/v2/template/{TEMPLATE}"):
            return http_bytes(200, self.template)
        if (request.method, url.path) == ("GET", "/v2/notifications"):
            return self._look(parse_qs(url.query))
        if request.method == "POST" and url.path in (EMAIL, LETTER):
            return self._take(url.path, json.loads(request.body), fault)
        return _error(404, "NoResultFound", "No result found")

    def _take(self, path: str, body: dict[str, Any], fault: str) -> bytes:
        wrong = _fault_in_email(body) if path == EMAIL else _fault_in_letter(body)
        if wrong or fault[:3].isdigit():
            return self._refuse("400" if wrong else fault, wrong)
        if fault == "redirect":
            return http_bytes(307, None, {"Location": path})
        id_ = str(uuid4())
        self.ledger.append({"nid": body["reference"], "id": id_, "path": path})
        if fault == "lost-500":
            return _error(500, "Exception", "Internal server error")
        told = {"id": "" if fault == "no-id" else id_, "reference": body["reference"]}
        return http_bytes(201, told if path == LETTER else told | {"template": self.template})

    def _refuse(self, fault: str, wrong: str | None) -> bytes:
        name, message = REFUSALS.get(fault, ("ValidationError", wrong or "template_id is not a valid UUID"))
        return _error(int(fault[:3]), name, message, {"Retry-After": "7"} if fault == "429-wait" else None)

    def _look(self, asked: dict[str, list[str]]) -> bytes:
        found = [one for one in self.ledger.records() if [one["nid"]] == asked.get("reference")]
        shown = [{"id": one["id"], "reference": one["nid"], "status": "sending"} for one in found]
        headers = {"Date": self.date} if self.date is not None else None
        return http_bytes(200, {"notifications": shown if self.sees == "all" else [], "links": {}}, headers)


def _is_signed(authorization: str) -> bool:
    scheme, _, token = authorization.partition(" ")
    try:
        claims = jwt.decode(token, SECRET, algorithms=["HS256"], leeway=30, options={"require": ["iss", "iat"]})
    except jwt.InvalidTokenError:
        return False
    return scheme == "Bearer" and claims["iss"] == SERVICE and abs(claims["iat"] - time.time()) <= 30


def _fault_in_email(body: dict[str, Any]) -> str | None:
    if set(body) - {"email_reply_to_id"} != {"email_address", "template_id", "personalisation", "reference"}:
        return "Additional properties are not allowed"
    if body["template_id"] != TEMPLATE or body.get("email_reply_to_id", REPLY_TO) != REPLY_TO:
        return "template_id is not a valid UUID"
    if set(body["personalisation"]) != {"subject", "body"} or str(UUID(body["reference"])) != body["reference"]:
        return "personalisation is missing"
    return None


def _fault_in_letter(body: dict[str, Any]) -> str | None:
    if set(body) != {"reference", "content", "postage"} or body["postage"] not in ("first", "second", "economy"):
        return "postage invalid"
    return None if base64.b64decode(body["content"]).startswith(b"%PDF-") else "content is not a PDF"


def _error(status: int, name: str, message: str, headers: dict[str, str] | None = None) -> bytes:
    return http_bytes(status, {"status_code": status, "errors": [{"error": name, "message": message}]}, headers)


@contextmanager
def running(state_dir: Path) -> Iterator[FakeNotify]:
    """A fake in a thread of this process."""
    fake = FakeNotify(Ledger(state_dir))
    with in_thread(fake.server):
        yield fake
