"""What may become of an envelope, and the shape that every channel has."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from channels.envelope import Envelope

Kind = Literal["email", "letter", "report"]


@dataclass(frozen=True)
class Accepted:
    """The channel took the envelope: it will not be offered again."""

    reference: str | None
    """The provider's own name for it: a hint for people, never the key."""
    detail: str
    """How it was taken, in words without personal data."""
    pause: float | None = None
    """Seconds that the provider wants to pass before the next envelope."""
    answer: bytes = field(default=b"", repr=False)
    """The answer itself where it is a proof, as an authority's acknowledgement is."""


class Finding(StrEnum):
    """What a search for an envelope of unknown fate showed."""

    FOUND = "found"
    ABSENT = "absent"
    """Looked in the right place and saw nothing as of now; it may still turn up."""
    UNCLEAR = "unclear"
    """Cannot look, or saw something that cannot be told apart: a person decides."""


@dataclass(frozen=True)
class Evidence:
    """What the channel's own records say of one notice."""

    finding: Finding
    reference: str | None
    detail: str
    answer: bytes = field(default=b"", repr=False)
    """What they say in full where that is a proof, as an authority's acknowledgement is."""


class ChannelError(Exception):
    """The envelope was not surely accepted. `reason` and `code` hold no personal data, so they may be stored and shown."""

    stops_run: bool = False

    def __init__(self, reason: str, code: str | None = None) -> None:
        super().__init__(reason, code)  # what unpickling calls this with; the attributes follow by themselves
        self.reason = reason
        self.code = code

    def __str__(self) -> str:
        return f"{self.reason} [{self.code}]" if self.code else self.reason


class TryAgain(ChannelError):
    """Surely not sent; the same envelope may go later."""

    def __init__(
        self, reason: str, code: str | None = None, retry_after: float | None = None, stops_run: bool = False
    ) -> None:
        super().__init__(reason, code)
        self.retry_after = retry_after
        self.stops_run = stops_run


class Refused(ChannelError):
    """Surely not sent, and this envelope never will be as it stands."""


class Unknown(ChannelError):
    """It may have been sent."""

    def __init__(self, reason: str, code: str | None = None, stops_run: bool = False) -> None:
        super().__init__(reason, code)
        self.stops_run = stops_run


class Halt(ChannelError):
    """Surely not sent, and nothing will be until a person mends the configuration."""

    stops_run: bool = True


class Channel(Protocol):
    """One way out. Safe to use from many threads at once."""

    @property
    def name(self) -> str:
        """Which way this is: goes into the record of each attempt."""

    @property
    def kind(self) -> Kind:
        """What it carries."""

    def check(self) -> None:
        """Ask, without sending anything, whether sending could work now: Halt if a person must act, TryAgain if not now."""

    def send(self, envelope: Envelope) -> Accepted:
        """Hand one envelope over once, or raise a ChannelError. Never tries twice once the first byte of it has left."""

    def evidence(self, nid: UUID, *, to_address: str, category: str, since_at: datetime) -> Evidence:
        """Look for a notice whose fate is unknown. Changes nothing, so it raises TryAgain or Halt, never Unknown."""

    def close(self) -> None:
        """Let connections go."""
