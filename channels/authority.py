"""Hands a report to an authority's machine: JSON over HTTPS, under a key that makes a second arrival harmless.

What is spoken: POST the JSON to the address with `Idempotency-Key`; 200 or 201 with `{"reference": …}` acknowledges it, and the same key
with the same bytes gives the same acknowledgement. GET address/key answers with it later, or 404 where nothing arrived.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from channels.https import Answer, Https, Line
from channels.outcome import Accepted, ChannelError, Evidence, Finding, Halt, Kind, Refused, TryAgain, Unknown

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from channels.envelope import Envelope

_REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ./_-]{0,99}")
_THIS_REPORT = {400, 409, 413, 415, 422}
_THE_ACCOUNT = {401, 402, 403, 404, 405, 410}


@dataclass(frozen=True)
class AuthoritySettings:
    """Where one authority takes reports by machine."""

    url: str
    token: str = field(default="", repr=False)
    line: Line = field(default_factory=Line)


class Authority:
    """One authority's machine. It is given the report's JSON as the envelope's only JSON file."""

    name = "authority"
    kind: Kind = "report"

    def __init__(self, settings: AuthoritySettings) -> None:
        if not settings.token.isascii() or any(letter.isspace() for letter in settings.token):
            raise Halt("the authority's token is not a token")
        self._https = Https(settings.url, settings.line)
        self._headers = {"Accept": "application/json"}
        if settings.token:
            self._headers["Authorization"] = f"Bearer {settings.token}"

    def __repr__(self) -> str:
        return "Authority()"

    def check(self) -> None:
        """Nothing is asked: what an authority's machine answers to questions is not agreed with any."""

    def send(self, envelope: Envelope) -> Accepted:
        """Hand the JSON over once. Refused where the envelope holds no JSON, or more than one."""
        reports = [one.content for one in envelope.attachments if one.media_type == "application/json"]
        if len(reports) != 1:
            raise Refused("the envelope does not hold exactly one JSON")
        headers = {**self._headers, "Content-Type": "application/json", "Idempotency-Key": str(envelope.nid)}
        answer = self._https.request("POST", "", headers, reports[0])
        reference = _reference(answer)
        if reference is None:
            raise _failure(answer)
        return Accepted(reference, "acknowledged by the authority's machine", answer=answer.body)

    def evidence(self, nid: UUID, *, to_address: str, category: str, since_at: datetime) -> Evidence:
        """Ask for the acknowledgement under the key; the key alone decides."""
        try:
            answer = self._https.request("GET", f"/{nid}", self._headers)
        except Unknown as error:  # a question changes nothing
            raise TryAgain(error.reason, error.code) from None
        reference = _reference(answer)
        if reference is not None:
            return Evidence(Finding.FOUND, reference, "the authority's machine has it", answer.body)
        if answer.status == 404:
            return Evidence(Finding.ABSENT, None, "the authority's machine has nothing under this key")
        return Evidence(Finding.UNCLEAR, None, f"the authority's machine does not say [{answer.status}]")

    def close(self) -> None:
        self._https.close()


def _reference(answer: Answer) -> str | None:
    """The case's reference, if this is an acknowledgement."""
    if answer.status not in (200, 201):
        return None
    try:
        found = json.loads(answer.body)
    except ValueError:
        return None
    reference = found.get("reference") if isinstance(found, dict) else None
    return reference if isinstance(reference, str) and _REFERENCE.fullmatch(reference) else None


def _failure(answer: Answer) -> ChannelError:
    status = str(answer.status)
    if answer.status == 429:
        return TryAgain("the authority's machine asks us to slow down", status)
    if answer.status in _THE_ACCOUNT:
        return Halt("the authority's machine does not let us in", status)
    if answer.status in _THIS_REPORT:
        return Refused("the authority's machine does not take this report", status)
    return Unknown("the authority's machine gave no acknowledgement", status)
