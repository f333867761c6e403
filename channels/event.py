"""What a provider tells later of a message that it took: one shape for all of them, without the address in the open."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

EventKind = Literal["taken", "delayed", "delivered", "complained", "bounced", "blocked", "dropped", "other"]
"""*bounced* is the address's fault, *blocked* is ours, *dropped* means that the provider never tried."""


@dataclass(frozen=True)
class Event:
    """One thing that happened to one message of ours. Only what is signed or matched may move a notice."""

    provider: str
    """The channel's name, as attempts carry it."""
    nid: UUID
    kind: EventKind
    at: datetime
    code: str
    """An enhanced status code (RFC 3463), or one of our own words for a provider's reason. Never its sentence."""
    reference: str
    same: str = field(repr=False)
    """Equal for two tellings of one thing, whatever the provider calls each of them."""
    own: str = field(default="", repr=False)
    """The provider's own name for this telling, if it has one."""
    said: str = field(default="", repr=False)
    """The receiving server's words; they may quote an address, so they are kept sealed or not at all."""
    recipient: str = field(default="", repr=False)
    """Whom it speaks of, where nothing but this shows that it is genuine."""
