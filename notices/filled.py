"""A form filled in: its answers, what is missing, what it is marked with, and the hash over all of it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Literal

from notices.changes import Change, Since
from notices.forms.every import FORMS
from notices.forms.form import PORTAL, Form, Value

Stage = Literal["initial", "follow_up", "final", "withdrawal"]


@dataclass(frozen=True, kw_only=True, repr=False)
class Field:
    """One question of the form with its answer. `missing`: it must be answered, and is not, or not for good.

    `facts` are the names of what would answer it.
    """

    key: str
    section: str
    label: str
    kind: str
    value: Value
    note: str
    help: str
    options: tuple[str, ...]
    asked: bool
    required: bool
    required_by: str
    missing: bool
    code: str = ""
    cite: str = ""
    facts: tuple[str, ...] = ()
    most: int | None = None

    def __repr__(self) -> str:
        return f"<Field: {self.key}{', missing' if self.missing else ''}>"


@dataclass(frozen=True, kw_only=True)
class Marks:
    """What a reader must see before the answers: which incident, under which law, by when, and whether it is real."""

    authority: str | None = None
    ways_in: str | None = None
    reference: str | None = None
    citation: str | None = None
    due_at: datetime | None = None
    time_zone: str
    law_as_of: str | None = None
    exercise: bool = False


@dataclass(frozen=True, kw_only=True, repr=False)
class Report:
    """A form, filled in. The same facts give the same report, byte for byte, hash included."""

    form: str
    stage: Stage
    marks: Marks
    fields: tuple[Field, ...]
    since: Since | None = None
    prose: str | None = None

    @property
    def on(self) -> Form:
        """The form that this is a filling of."""
        return FORMS[self.form]

    @property
    def missing(self) -> tuple[str, ...]:
        """The keys of the answers still owed, in the form's order: each becomes a follow-up."""
        return tuple(field.key for field in self.fields if field.missing)

    @property
    def missing_by_law(self) -> tuple[str, ...]:
        """The legal contents among them."""
        owed = (field.required_by for field in self.fields if field.missing and field.required_by != PORTAL)
        return tuple(dict.fromkeys(owed))

    @cached_property
    def content(self) -> dict[str, object]:
        """The report as plain values, ready for JSON; of one that was kept, exactly as it was kept."""
        marks = asdict(self.marks)
        marks["due_at"] = self.marks.due_at.isoformat() if self.marks.due_at else None
        return {
            "form": self.form,
            "form_status": self.on.status,
            "stage": self.stage,
            "marks": marks,
            "missing": list(self.missing),
            "fields": [_plain(asdict(field)) for field in self.fields],
            "since": _since(self.since),
            "prose": self.prose,
        }

    @cached_property
    def sha256(self) -> str:
        """The hash of the content, as every page of the PDF shows it."""
        return hashlib.sha256(json.dumps(self.content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()

    def __repr__(self) -> str:
        return f"<Report: {self.form}, {self.stage}, {len(self.missing)} missing, {self.sha256[:12]}>"


def _plain(told: Mapping[str, Any]) -> dict[str, object]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in told.items()}


def _since(since: Since | None) -> dict[str, object] | None:
    if since is None:
        return None
    told = asdict(since) | {"filed_at": since.filed_at.isoformat() if since.filed_at else None}
    return told | {"changes": [asdict(change) for change in since.changes]}


def read_back(content: Mapping[str, Any]) -> Report:
    """A report from its own content as it was kept: the same answers, the same hash."""
    due_at = content["marks"]["due_at"]
    marks = Marks(**content["marks"] | {"due_at": datetime.fromisoformat(due_at) if due_at else None})
    fields = tuple(Field(**{name: _kept(value) for name, value in field.items()}) for field in content["fields"])
    report = Report(
        form=content["form"],
        stage=content["stage"],
        marks=marks,
        fields=fields,
        since=_since_back(content.get("since")),
        prose=content.get("prose"),
    )
    report.__dict__["content"] = dict(content)  # what an older version kept is hashed as that version kept it
    return report


def _since_back(kept: Mapping[str, Any] | None) -> Since | None:
    if kept is None:
        return None
    filed_at = datetime.fromisoformat(kept["filed_at"]) if kept["filed_at"] else None
    return Since(**dict(kept) | {"filed_at": filed_at, "changes": tuple(Change(**one) for one in kept["changes"])})


def _kept(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
