"""What differs between two sets of answers: other facts under one law, or the same facts under another book."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from rulebook.answer import Answer

LOOKED_AT: Final = ("answer", "due_kind", "due_at", "due_on", "target_at")


class Side(NamedTuple):
    """A duty as it stands on one side: whether it is owed, and by when."""

    duty: str
    authority: str
    answer: str
    because: str
    due_kind: str
    due_at: datetime | None
    due_on: date | None
    target_at: datetime | None
    time_zone: str
    citation: str


class Move(NamedTuple):
    """One duty, for one authority, before and after. None: it is not asked on that side."""

    duty: str
    authority: str
    before: Side | None
    after: Side | None

    @property
    def differs(self) -> tuple[str, ...]:
        """What is not the same: names of a side's fields."""
        return tuple(name for name in LOOKED_AT if getattr(self.before, name, None) != getattr(self.after, name, None))

    def as_json(self) -> dict[str, Any]:
        """Both sides, as values that JSON knows."""
        told = {"duty": self.duty, "authority": self.authority or None, "differs": list(self.differs)}
        return told | {"before": _plain(self.before), "after": _plain(self.after)}


def side(answer: Answer) -> Side:
    """An answer, as far as it is compared."""
    told = answer._asdict() | {"authority": answer.authority or ""}
    return Side(**{name: told[name] for name in Side._fields})


def moves(before: Iterable[Side], after: Iterable[Side]) -> tuple[Move, ...]:
    """Every duty whose answer or times differ, in the order of the book; what is new stands at the end."""
    first = {(each.duty, each.authority): each for each in before}
    second = {(each.duty, each.authority): each for each in after}
    every = (Move(*key, first.get(key), second.get(key)) for key in {**first, **second})
    return tuple(move for move in every if move.differs)


def _plain(told: Side | None) -> dict[str, Any] | None:
    if told is None:
        return None
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in told._asdict().items()}
