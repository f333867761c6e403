"""Reads reports of delivery (RFC 3464) that mail servers send back. Anybody can write such a mail, so nothing in it is believed by itself.

It names a notice by the id in our envelope (RFC 3461) or in the address that it came to, and the address that it speaks of; whoever settles
it compares the latter with where the notice went.
"""

from __future__ import annotations

import re
from email import message_from_bytes
from email.errors import MessageError
from email.message import Message
from typing import TYPE_CHECKING
from uuid import UUID

from channels.event import Event, EventKind
from channels.headers import is_address

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

LARGEST = 256 * 1024
"""The rest of a longer mail is not read: the report comes before what is sent back of the message."""
_MOST_PARTS, _MOST_RECIPIENTS = 50, 10
_HEX = r"[0-9a-f]{32}"
_TAGGED = re.compile(rf"\+({_HEX})@", re.IGNORECASE)
_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
_CAME_TO = ("To", "Delivered-To", "X-Original-To", "Envelope-To")
_KINDS: dict[str, EventKind] = {
    "failed": "bounced",
    "delayed": "delayed",
    "delivered": "delivered",
    "relayed": "taken",
    "expanded": "taken",
}


def reports_in(mail: bytes, at: datetime) -> list[Event]:
    """What one mail reports of messages of ours; nothing if it is no report, or none that can be read."""
    try:
        message = message_from_bytes(mail[:LARGEST])
        return list(_reports(message, at))
    except (MessageError, RecursionError, ValueError, LookupError, TypeError, AttributeError):
        return []  # the parser of the standard library knows many ways to stumble over what it was not made for


def _reports(message: Message, at: datetime) -> Iterator[Event]:
    for place, part in enumerate(message.walk()):
        if place >= _MOST_PARTS:
            return
        held = part.get_payload()
        if part.get_content_type() == "message/delivery-status" and isinstance(held, list):
            blocks = [block for block in held if isinstance(block, Message)]
            nid = _nid(message, blocks)
            if nid is not None:
                found = (_event(nid, block, at) for block in blocks[: _MOST_RECIPIENTS + 1])
                yield from (event for event in found if event is not None)
            return


def _nid(message: Message, blocks: list[Message]) -> UUID | None:
    """The id of our envelope, else the one in the address that the report came to."""
    envelope = next((str(block["Original-Envelope-Id"]) for block in blocks if block["Original-Envelope-Id"]), "")
    if re.fullmatch(_HEX, envelope.strip(), re.IGNORECASE):
        return UUID(envelope.strip())
    for name in _CAME_TO:
        for value in message.get_all(name, [])[:5]:
            if found := _TAGGED.search(str(value)[:1000]):
                return UUID(found[1])
    return None


def _event(nid: UUID, block: Message, at: datetime) -> Event | None:
    kind = _KINDS.get(str(block["Action"] or "").strip().lower()[:20])
    recipient = _address(block["Original-Recipient"]) or _address(block["Final-Recipient"])
    if kind is None or not recipient:
        return None
    status = _STATUS.match(str(block["Status"] or "").strip())
    code = status.group() if status else ""
    if kind == "bounced" and code.startswith("5.7."):
        kind = "blocked"
    if kind == "bounced" and code.startswith("4."):
        kind = "dropped"
    return Event(
        provider="smtp",
        nid=nid,
        kind=kind,
        at=at,
        code=code,
        reference="",
        same=f"{nid} {kind} {code} {recipient.casefold()}",
        said=str(block["Diagnostic-Code"] or "")[:2000],
        recipient=recipient,
    )


def _address(value: object) -> str:
    """The address of a field such as `rfc822; someone@example.org`."""
    kind, _, address = str(value or "")[:400].partition(";")
    plain = address.strip().strip("<>")
    return plain if kind.strip().lower() == "rfc822" and is_address(plain) else ""
