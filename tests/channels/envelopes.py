"""A valid envelope to an invented person, and the marks by which personal data would be recognised where it must not be."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from channels.envelope import Envelope, message_id_of

WAVE = UUID("7d0c5c1e-52f3-4d0e-9a35-0c6f3d7a1b11")


def an_envelope(**changes: Any) -> Envelope:
    """A valid envelope to an invented person; say only what matters to the test."""
    nid = changes.get("nid") or uuid4()
    sender = changes.get("from_address", "notices@example.org")
    fields: dict[str, Any] = {
        "nid": nid,
        "to_address": "robin.marker@example.com",
        "to_name": "Robin Marker",
        "from_address": sender,
        "from_name": "Example Organisation",
        "reply_to": "help@example.org",
        "subject": "About your personal data",
        "text": "Dear Robin Marker,\n\nsomething happened to your data.\n",
        "html": "<p>Dear Robin Marker,</p>\n<p>something happened to your data.</p>\n",
        "message_id": message_id_of(nid, sender),
        "dated_at": datetime(2026, 11, 21, 9, 30, tzinfo=UTC),
        "category": str(WAVE),
    }
    return Envelope(**{**fields, **changes})


MARKS = ("robin.marker", "Robin Marker", "something happened", "personal data")
"""Each stands somewhere in the envelope; none may stand in an error, a log or a repr."""
