"""One message to one address, ready to leave: the only thing that a channel is given."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, repr=False)
class Attachment:
    """A file that goes along, such as a report as PDF. Its name is ours, plain ASCII, and names nobody."""

    name: str
    media_type: str
    content: bytes

    def __repr__(self) -> str:
        return f"Attachment({self.media_type}, {len(self.content)} bytes)"


@dataclass(frozen=True, repr=False)
class Envelope:
    """One recipient by construction: there is no field for a second one. Shows only its id, so it may appear in a log."""

    nid: UUID
    """Random id of the notice: the one thing that a provider may keep of it."""
    to_address: str
    """A bare address (`person@example.org`) for e-mail; unused for a letter, whose sheet carries the postal address."""
    to_name: str | None
    from_address: str
    from_name: str
    reply_to: str
    subject: str
    text: str
    html: str | None
    message_id: str
    """As `message_id_of` makes it, so that every attempt of one notice carries the same."""
    dated_at: datetime
    """Goes into the Date header: set once per notice, not per attempt."""
    category: str
    """A random UUID per wave. Providers keep it for good and show it to staff, so it must mean nothing."""
    language: str = "en"
    letter_pdf: bytes | None = None
    attachments: tuple[Attachment, ...] = ()
    """Only reports to authorities carry any; a notice to a person never does."""

    def __post_init__(self) -> None:
        if self.dated_at.utcoffset() is None:
            raise ValueError("Envelope.dated_at needs an offset")

    def __repr__(self) -> str:
        return f"Envelope({self.nid})"


@lru_cache(maxsize=64)
def category_of(text: str) -> UUID:
    """A wave's category as what it must be. Raises ValueError. Read once for all of its envelopes."""
    return UUID(text)


def message_id_of(nid: UUID, from_address: str) -> str:
    """The Message-ID of a notice: a mailbox that gets a second copy can see that it is one (RFC 5322, 3.6.4)."""
    return f"<{nid}@{from_address.rpartition('@')[2]}>"
