"""Hands notices to SendGrid over a transport of our own, and asks its logs what became of those without an answer.

The `sendgrid` package lends the vocabulary (hosts, settings), not the transport: that one has no time limit, opens a connection per message,
and follows a redirect with the key in hand, reporting the notice as sent.
"""

from __future__ import annotations

import json
import logging
import re
from dataclasses import dataclass, field
from datetime import UTC, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from sendgrid.base_interface import region_host_dict

from channels.headers import is_address
from channels.https import Answer, Https, Line
from channels.outcome import Accepted, Evidence, Finding, Halt, Kind, TryAgain, Unknown
from channels.sendgrid_answers import failure, json_object, pause, pause_after_success
from channels.sendgrid_payload import request_body

if TYPE_CHECKING:
    from datetime import datetime

    from channels.envelope import Envelope

_KEY = re.compile(r"[\x21-\x7e]{8,500}")
_REFERENCE = re.compile(r"[A-Za-z0-9._-]{1,200}")
_CLOCKS_APART = timedelta(minutes=5)  # between ours and theirs; the id decides, so looking wider costs nothing
_MOST_CANDIDATES = 25


@dataclass(frozen=True)
class SendGridSettings:
    """What a deployment says of its SendGrid account."""

    api_key: str = field(repr=False)
    region: str = "global"
    """`global` or `eu`."""
    base_url: str | None = None
    """Instead of the region's own address; loopback may be plain http."""
    line: Line = field(default_factory=Line)


class SendGrid:
    """SendGrid's v3 API. Halts at once if the key could not be one: the package would send `Bearer None`."""

    name = "sendgrid"
    kind: Kind = "email"

    def __init__(self, settings: SendGridSettings) -> None:
        if not _KEY.fullmatch(settings.api_key or ""):
            raise Halt("the SendGrid key is missing or is not a key")
        if settings.base_url is None and settings.region not in region_host_dict:
            raise Halt("the SendGrid region is neither global nor eu")
        for chatty in ("python_http_client", "urllib3"):  # at DEBUG the former prints the key and every message
            logging.getLogger(chatty).setLevel(logging.WARNING)
        self.https = Https(settings.base_url or region_host_dict[settings.region], settings.line)
        self._headers = {"Authorization": f"Bearer {settings.api_key}", "Accept": "application/json"}

    def __repr__(self) -> str:
        return "SendGrid()"

    def check(self) -> None:
        """Ask which scopes the key has; it must be allowed to send."""
        answer = self._ask("GET", "/v3/scopes")
        scopes = json_object(answer).get("scopes")
        if answer.status != 200 or not isinstance(scopes, list):
            raise Halt("SendGrid does not say what this key may do", str(answer.status))
        if "mail.send" not in scopes:
            raise Halt("the SendGrid key may not send mail")

    def send(self, envelope: Envelope) -> Accepted:
        return self.understood(self.https.carry(self.request(envelope)))

    def request(self, envelope: Envelope) -> bytes:
        headers = {**self._headers, "Content-Type": "application/json"}
        return self.https.written("POST", "/v3/mail/send", headers, request_body(envelope))

    def understood(self, answer: Answer) -> Accepted:
        reference = answer.headers.get("X-Message-Id")
        if answer.status == 202 and reference and _REFERENCE.fullmatch(reference):
            return Accepted(reference, "accepted by SendGrid", pause_after_success(answer.headers))
        raise failure(answer)

    def evidence(self, nid: UUID, *, to_address: str, category: str, since_at: datetime) -> Evidence:
        """Search the Email Logs for the address, the wave and the time, and let the id in each candidate's `custom_args` decide.

        The id must decide, because a guardian's address may stand for several notices of one wave.
        """
        answer = self._ask("POST", "/v3/logs", _search(to_address, category, since_at))
        messages = json_object(answer).get("messages")
        if answer.status != 200 or not isinstance(messages, list):
            return Evidence(Finding.UNCLEAR, None, f"SendGrid's Email Logs cannot be read [{answer.status}]")
        in_doubt = len(messages) > _MOST_CANDIDATES
        for message in messages[:_MOST_CANDIDATES]:
            reference = str(message.get("sg_message_id")) if isinstance(message, dict) else ""
            owners = self._owners(reference)
            if str(nid) in owners:
                return Evidence(Finding.FOUND, reference, "in SendGrid's Email Logs")
            in_doubt = in_doubt or not owners
        if in_doubt:
            return Evidence(Finding.UNCLEAR, None, "SendGrid's Email Logs hold a message that may be this one")
        return Evidence(Finding.ABSENT, None, "not in SendGrid's Email Logs")

    def close(self) -> None:
        self.https.close()

    def _owners(self, reference: str) -> set[str]:
        """The notice ids that a logged message carries; none if that cannot be read."""
        if not _REFERENCE.fullmatch(reference):
            return set()
        answer = self._ask("GET", f"/v3/logs/{reference}")
        if answer.status != 200:
            return set()
        message = json_object(answer)
        events = message.get("events")
        records = [message, *(events if isinstance(events, list) else [])]
        arguments = [record.get("custom_args") for record in records if isinstance(record, dict)]
        return {str(found["nid"]) for found in arguments if isinstance(found, dict) and "nid" in found}

    def _ask(self, method: str, path: str, body: bytes | None = None) -> Answer:
        """A question, which changes nothing: whatever goes wrong on the way, it may be asked again."""
        headers = {**self._headers, "Content-Type": "application/json"} if body else self._headers
        try:
            answer = self.https.request(method, path, headers, body)
        except Unknown as error:
            raise TryAgain(error.reason, error.code) from None
        if answer.status == 401:
            raise Halt("SendGrid does not accept the key", "401")
        if answer.status == 429 or answer.status >= 500:
            raise TryAgain("SendGrid cannot answer now", str(answer.status), retry_after=pause(answer.headers))
        return answer


def _search(to_address: str, category: str, since_at: datetime) -> bytes:
    """The Email Logs' query. Both texts are checked first: it is a language, and knows no way to quote."""
    if not is_address(to_address):
        raise ValueError("to_address is not one plain e-mail address")
    if since_at.utcoffset() is None:
        raise ValueError("since_at needs an offset")
    since = (since_at - _CLOCKS_APART).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    query = (
        f"to_email = \"{to_address}\" AND categories IN ('{UUID(category)}')"
        f' AND sg_message_id_created_at >= TIMESTAMP "{since}"'
    )
    return json.dumps({"query": query, "limit": _MOST_CANDIDATES + 1}).encode()
