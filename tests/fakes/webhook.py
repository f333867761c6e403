"""SendGrid's event webhook as SendGrid sends it: signed with a key of its own, repeated, out of order."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sendgrid.helpers.eventwebhook import EventWebhookHeader

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


class Signer:
    """One signing key, as one account has it."""

    def __init__(self) -> None:
        self._private = ec.generate_private_key(ec.SECP256R1())
        shown = self._private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        self.key = base64.b64encode(shown).decode()

    def headers(self, body: bytes, at: datetime) -> dict[str, str]:
        timestamp = str(int(at.timestamp()))
        signed = self._private.sign(timestamp.encode() + body, ec.ECDSA(hashes.SHA256()))
        return {
            EventWebhookHeader.SIGNATURE: base64.b64encode(signed).decode(),
            EventWebhookHeader.TIMESTAMP: timestamp,
            "content-type": "application/json",
        }


def an_event(nid: UUID | str, kind: str, at: datetime, **more: Any) -> dict[str, Any]:
    """One event with SendGrid's own keys, our id flattened beside them."""
    return {
        "email": "someone@example.org",
        "timestamp": int(at.timestamp()),
        "smtp-id": "<invented@ismtpd>",
        "event": kind,
        "category": ["invented"],
        "sg_event_id": uuid4().hex,
        "sg_message_id": "invented.recvd-1",
        "nid": str(nid),
        **more,
    }


def posted(events: Sequence[Any]) -> bytes:
    return json.dumps(list(events)).encode()
