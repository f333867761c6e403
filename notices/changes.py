"""What a report says otherwise than the last one that went to the same authority, field by field."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from notices.filled import Field

ABOUT_THE_FILING = ("report_kind", "case_reference", "reasons_for_delay")
"""Fields in which a later report differs from the first without anything being new."""


@dataclass(frozen=True, kw_only=True)
class Change:
    """One answer that is another one now; None where there was or is no answer."""

    key: str
    code: str
    label: str
    before: str | None
    after: str | None


@dataclass(frozen=True, kw_only=True)
class Since:
    """The report last filed with the same authority, and what changed since."""

    number: int
    version: int
    filed_at: datetime | None
    sha256: str
    changes: tuple[Change, ...]


def changes(before: "tuple[Field, ...]", after: "tuple[Field, ...]") -> Iterator[Change]:
    """Each field whose answer changed, in the order of the form; what was only asked anew and is still open is no change."""
    was = {field.key: field for field in before}
    for field in after:
        old, new = said(was.get(field.key)), said(field)
        if old != new and field.key not in ABOUT_THE_FILING:
            yield Change(key=field.key, code=field.code, label=field.label, before=old, after=new)


def said(field: "Field | None") -> str | None:
    """An answer on one line."""
    if field is None or field.value in (None, "", ()):
        return None
    value = field.value
    return "; ".join(value) if isinstance(value, tuple) else str(value)
