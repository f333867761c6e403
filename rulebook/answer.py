"""The answer to one duty on one set of facts, and how it is told to a machine."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime
from typing import Any, Literal

from rulebook.deadlines import DueKind

Reply = Literal["applies", "does_not_apply", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
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
    target_at: datetime | None = None
    target_why: str | None = None
    due_at: datetime | None = None
    due_on: date | None = None
    due_kind: DueKind
    outer_at: datetime | None = None  # a later reading of the same period, for information
    reasons_after_at: datetime | None = None
    time_zone: str
    late: str | None
    citation: str
    href: str
    status: str
    contents: tuple[tuple[str, str], ...]  # code of what must be said → the law's demand in our words
    exemptions: tuple[str, ...] = ()  # what may lift the duty, and how else it may be met
    terms: Mapping[str, Any] = field(default_factory=dict)  # what is needed to count again without the book

    def as_json(self) -> dict[str, Any]:
        """Everything, as values that JSON knows; times in UTC with their offset."""
        told = {each.name: _plain(getattr(self, each.name)) for each in fields(self)}
        return told | {"contents": dict(self.contents), "terms": dict(self.terms)}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value
