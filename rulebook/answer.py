"""The answer to one duty on one set of facts, and how it is told to a machine."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import Any, Final, Literal, NamedTuple

from rulebook.deadlines import DueKind

Reply = Literal["applies", "does_not_apply", "unknown"]
NO_TERMS: Final[Mapping[str, Any]] = MappingProxyType({})


class Nearby(NamedTuple):
    """A number of people not far below the one at which a duty would be owed."""

    where: str
    known: int
    owed_at: int
    says: str


class Answer(NamedTuple):  # a tuple: each duty of the book gets one, and a frozen dataclass takes ten times as long
    """Whether a duty is owed, to whom, by when and why. The dates of an unknown duty say: if it applies, then by then."""

    duty: str
    law: str
    title: str
    answer: Reply
    because: str
    facts_used: tuple[str, ...]
    missing_facts: tuple[str, ...]
    recipient: str
    authority: str | None
    phase: str
    due_kind: DueKind
    time_zone: str
    late: str | None
    citation: str
    href: str
    status: str
    contents: tuple[tuple[str, str], ...]  # code of what must be said → the law's demand in our words
    target_at: datetime | None = None
    target_why: str | None = None
    due_at: datetime | None = None
    due_on: date | None = None
    outer_at: datetime | None = None  # a later reading of the same period, for information
    reasons_after_at: datetime | None = None
    exemptions: tuple[str, ...] = ()  # what may lift the duty, and how else it may be met
    nearby: tuple[Nearby, ...] = ()  # numbers of people that would make it owed
    terms: Mapping[str, Any] = NO_TERMS  # what is needed to count again without the book; shared, so not to be changed

    def as_json(self) -> dict[str, Any]:
        """Everything, as values that JSON knows; times in UTC with their offset."""
        told = {name: _plain(value) for name, value in zip(self._fields, self, strict=True)}
        nearby = [each._asdict() for each in self.nearby]
        return told | {"contents": dict(self.contents), "nearby": nearby, "terms": dict(self.terms)}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value
