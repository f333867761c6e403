"""Reads what GOV.UK Notify calls back with: whether it brings the agreed token, and what it says in our own words."""

from __future__ import annotations

import hmac
from datetime import UTC, datetime
from typing import Any

from channels.event import Event, EventKind
from channels.notify_answers import json_object, uuid_in

_PROVIDERS = {"email": "notify", "letter": "notify-letter"}
_WORDS = 60

# What was printed is not delivered: `received` says that the printer has posted it. What Notify could not even hand on was dropped.
_KINDS: dict[str, EventKind] = {
    "created": "taken",
    "pending": "taken",
    "sending": "taken",
    "accepted": "taken",
    "pending-virus-check": "taken",
    "received": "taken",
    "delivered": "delivered",
    "permanent-failure": "bounced",
    "temporary-failure": "bounced",
    "technical-failure": "dropped",
    "cancelled": "dropped",
    "validation-failed": "dropped",
    "virus-scan-failed": "dropped",
    "returned-letter": "bounced",
}
_FOR_LETTERS: dict[str, EventKind] = {"delivered": "taken", "permanent-failure": "dropped"}
"""A letter's permanent failure means that it cannot be printed; nobody tells of its delivery."""


def is_agreed(token: str, authorization: str) -> bool:
    """Whether the header brings the token; comparing takes the same time whatever it brings."""
    brought = authorization.encode(errors="backslashreplace")
    return bool(token) and hmac.compare_digest(f"Bearer {token}".encode(), brought)


def event_in(body: bytes) -> Event | None:
    """What one call says of a message of ours; None if this is no call of Notify's, or about a message of somebody else."""
    record = json_object(body)
    if "notification_id" in record:  # a letter that came back to the sender
        record = {
            "id": record["notification_id"],
            "reference": record.get("reference"),
            "status": "returned-letter",
            "notification_type": "letter",
            "created_at": record.get("date_sent"),
        }
    return _event(record)


def is_call(body: bytes) -> bool:
    """Whether this has the shape of a call of Notify's, whomever it is about."""
    record = json_object(body)
    return uuid_in(record.get("notification_id", record.get("id"))) is not None


def _event(record: dict[str, Any]) -> Event | None:
    nid, own = uuid_in(record.get("reference")), uuid_in(record.get("id"))
    provider, at = _PROVIDERS.get(_text(record, "notification_type")), _moment(record)
    if nid is None or own is None or provider is None or at is None:
        return None
    status = _text(record, "status")
    known = _KINDS if provider == "notify" else _KINDS | _FOR_LETTERS
    return Event(
        provider=provider,
        nid=nid,
        kind=known.get(status, "other"),
        at=at,
        code=status.replace("-", "_") if status in known else "",
        reference=str(own),
        same=f"{own} {status[:_WORDS]}",
    )


def _moment(record: dict[str, Any]) -> datetime | None:
    """When it happened, as far as Notify says; in UTC where it names no zone."""
    for name in ("completed_at", "sent_at", "created_at"):
        try:
            at = datetime.fromisoformat(_text(record, name))
            return (at if at.utcoffset() is not None else at.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, OverflowError):
            continue
    return None


def _text(record: dict[str, Any], name: str) -> str:
    value = record.get(name)
    return value if isinstance(value, str) else ""
