"""One notice that events speak of, as it stands while they are settled one after the other."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from actions.desk import Act
from actions.receive_events import WORDS
from db.models import Event
from db.vault import VaultError


class Tried(NamedTuple):
    """One attempt at it, as far as its fate needs."""

    id: UUID
    channel: str
    state: str


@dataclass
class Case:
    """Where the notice stands, where it stood before, and what shows it."""

    nid: UUID
    wave_id: UUID
    state: str
    sha256: str
    attempts: list[Tried]
    was: str = ""
    because: str = ""
    proof: Event | None = None
    reference: str = ""
    at: datetime | None = None


def words_of(act: Act, event: Event) -> bytes:
    """The receiving server's words, opened; nothing where there are none or they cannot be opened."""
    try:
        return act.desk.master.open(event.said, f"{WORDS}{event.id}") if event.said else b""
    except VaultError:
        return b""
