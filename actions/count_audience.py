"""Counts whom a wave could be drafted for, by kind, language and way, before anything is drafted."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from actions.choose_ways import choose_ways
from actions.desk import Act, Desk
from db.models import Person
from db.models.person import AFFECTED_KINDS
from db.queries.people import draftable, draftable_counts

MOST = 20_000
"""Of more people the way is not looked up, which takes opening what is sealed of each; they are counted by kind and language."""


@dataclass(frozen=True)
class Part:
    """So many people of one kind, one language and one way; no way where none is known, or where it was not looked up."""

    kind: str
    language: str
    channel: str
    people: int

    def as_json(self) -> dict[str, Any]:
        """The same as plain values."""
        return asdict(self)


@dataclass(frozen=True)
class Audience:
    """Those who wait for a notice or have one in a draft that nobody approved yet."""

    parts: tuple[Part, ...]
    looked_up: bool

    @property
    def people(self) -> int:
        """How many they are together."""
        return sum(part.people for part in self.parts)


def count_audience(
    desk: Desk,
    incident: UUID | str,
    kinds: Sequence[str] = (),
    languages: Sequence[str] = (),
    channels: Sequence[str] = (),
) -> Audience:
    """Count them; nothing is drafted and nobody is named."""
    with desk.act("count_audience", incident, closed_too=True) as act:
        wanted = kinds or AFFECTED_KINDS
        rough = draftable_counts(act.session, act.incident.id, wanted, languages)
        if sum(rough.values()) > MOST:
            parts = [Part(kind, language, "", number) for (kind, language), number in sorted(rough.items())]
            return Audience(tuple(parts), looked_up=False)
        exact = Counter(_parts(act, draftable(act.session, act.incident.id, wanted, languages)))
    found = [Part(*which, number) for which, number in sorted(exact.items()) if not channels or which[2] in channels]
    return Audience(tuple(found), looked_up=True)


def _parts(act: Act, people: Sequence[Person]) -> list[tuple[str, str, str]]:
    chosen = choose_ways(act, people)
    return [(one.person.kind, one.person.language, one.way.channel or "") for one in chosen]
