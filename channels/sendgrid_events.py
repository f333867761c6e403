"""Reads SendGrid's event webhook: whose signature it is, how old it is, and what each event says in our own words."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sendgrid.helpers.eventwebhook import EventWebhook, EventWebhookHeader

from channels.event import Event, EventKind

if TYPE_CHECKING:
    from collections.abc import Iterable

SIGNATURE, TIMESTAMP = EventWebhookHeader.SIGNATURE, EventWebhookHeader.TIMESTAMP
OLDEST = timedelta(hours=25)
"""SendGrid tries again for 24 hours; what was signed earlier was kept by somebody and sent again."""
AHEAD = timedelta(minutes=10)

_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
_REFERENCE = re.compile(r"[A-Za-z0-9._-]{1,200}")
_SECONDS = re.compile(r"\d{1,11}")
_LATEST = 4_102_444_800  # the year 2100: a moment after it is no moment
_LONGEST_WORDS = 2000

_KINDS: dict[str, EventKind] = {
    "processed": "taken",
    "deferred": "delayed",
    "delivered": "delivered",
    "spamreport": "complained",
    "bounce": "bounced",
    "dropped": "dropped",
}
_DROPPED = {
    "bounced address": "bounced_before",
    "invalid": "invalid_address",
    "spam reporting address": "complained_before",
    "unsubscribed address": "unsubscribed",
    "recipient list over package quota": "over_quota",
    "spam content (if spam checker app enabled)": "spam_content",
    "invalid smtpapi header": "our_request",
}
_OUR_FAULT = {"over_quota", "spam_content", "our_request"}
"""Reasons of a drop that the next notice would meet as well."""


def is_key(key: str) -> bool:
    """Whether this is a verification key as SendGrid shows it."""
    return _verifier(key) is not None


def is_signed(keys: Iterable[str], body: bytes, signature: str, timestamp: str) -> bool:
    """Whether one of the keys signed exactly these bytes. Anything unreadable is unsigned; nothing is raised."""
    try:
        text = body.decode("utf-8")  # the package takes text alone, and writes it as UTF-8 again
    except UnicodeDecodeError:
        return False
    verifiers = (_verifier(key) for key in keys)
    return any(_signed(verifier, text, signature, timestamp) for verifier in verifiers if verifier is not None)


def is_fresh(timestamp: str, now: datetime) -> bool:
    """Whether it was signed within the time in which SendGrid itself would still send it."""
    if not _SECONDS.fullmatch(timestamp) or int(timestamp) > _LATEST:
        return False
    return now - OLDEST <= datetime.fromtimestamp(int(timestamp), UTC) <= now + AHEAD


def events_in(body: bytes) -> list[Event] | None:
    """The events about messages of ours; those without an id of ours are left out. None if this is no list of events."""
    try:
        records = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(records, list):
        return None
    found = (_event(record) for record in records if isinstance(record, dict))
    return [event for event in found if event is not None]


def _verifier(key: str) -> EventWebhook | None:
    try:
        return EventWebhook(key) if key else None
    except (ValueError, TypeError):
        return None


def _signed(verifier: EventWebhook, text: str, signature: str, timestamp: str) -> bool:
    try:
        return bool(verifier.verify_signature(text, signature, timestamp))
    except (ValueError, TypeError, AttributeError):  # no base64; a key of another kind
        return False


def _event(record: dict[str, Any]) -> Event | None:
    nid, seconds = _nid(record.get("nid")), record.get("timestamp")
    if nid is None or type(seconds) is not int or not 0 < seconds < _LATEST:
        return None
    kind, code = _meaning(record)
    response = _text(record, "response") or _text(record, "reason")
    marks = (
        str(nid),
        _text(record, "event"),
        str(seconds),
        str(record.get("attempt")),
        response,
        _text(record, "type"),
    )
    return Event(
        provider="sendgrid",
        nid=nid,
        kind=kind,
        at=datetime.fromtimestamp(seconds, UTC),
        code=code,
        reference=_reference(record.get("sg_message_id")),
        same=_digest(*marks),
        own=_text(record, "sg_event_id"),
        said=response[:_LONGEST_WORDS],
    )


def _meaning(record: dict[str, Any]) -> tuple[EventKind, str]:
    """What happened, and the code for why. What a server holds against the sender counts as blocked, whatever it is called."""
    kind = _KINDS.get(_text(record, "event"), "other")
    if kind == "dropped":
        code = _DROPPED.get(_text(record, "reason").strip().lower(), "dropped")
        return ("blocked" if code in _OUR_FAULT else kind), code
    code = _status(record)
    if kind == "bounced" and (_text(record, "type") == "blocked" or code.startswith(("4.", "5.7."))):
        return "blocked", code
    return kind, code


def _status(record: dict[str, Any]) -> str:
    """The enhanced code, given as such or somewhere in the server's words."""
    status = _text(record, "status")
    if _STATUS.fullmatch(status):
        return status
    found = re.search(rf"(?<![\d.]){_STATUS.pattern}(?![\d.])", _text(record, "reason") or _text(record, "response"))
    return found.group() if found else ""


def _nid(value: object) -> UUID | None:
    """Our id, only as we write it."""
    if not isinstance(value, str):
        return None
    try:
        nid = UUID(value)
    except ValueError:
        return None
    return nid if str(nid) == value else None


def _reference(value: object) -> str:
    return value if isinstance(value, str) and _REFERENCE.fullmatch(value) else ""


def _text(record: dict[str, Any], name: str) -> str:
    value = record.get(name)
    return value if isinstance(value, str) else ""


def _digest(*marks: str) -> str:
    return hashlib.sha256("\x1f".join(marks).encode(errors="backslashreplace")).hexdigest()
