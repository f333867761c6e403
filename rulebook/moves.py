"""What differs between two sets of answers: other facts under one law, or the same facts under another book."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from rulebook.answer import Answer

LOOKED_AT: Final = ("answer", "due_kind", "due_at", "due_on", "target_at", "outer_at", "reasons_after_at")


class Move(NamedTuple):
    """One duty, for one authority, before and after. None: it is not asked on that side."""

    duty: str
    authority: str | None
    before: Answer | None
    after: Answer | None

    @property
    def differs(self) -> tuple[str, ...]:
        """What is not the same: names of an answer's fields."""
        return tuple(name for name in LOOKED_AT if getattr(self.before, name, None) != getattr(self.after, name, None))

    def as_json(self) -> dict[str, Any]:
        """The two sides, as far as they are looked at."""
        told = {"duty": self.duty, "authority": self.authority, "differs": list(self.differs)}
        return told | {"before": _side(self.before), "after": _side(self.after)}


def moves(before: Iterable[Answer], after: Iterable[Answer]) -> tuple[Move, ...]:
    """Every duty whose answer or times differ, in the order of the book; what is new stands at the end."""
    first = {(answer.duty, answer.authority): answer for answer in before}
    second = {(answer.duty, answer.authority): answer for answer in after}
    every = (Move(*key, first.get(key), second.get(key)) for key in {**first, **second})
    return tuple(move for move in every if move.differs)


def _side(answer: Answer | None) -> dict[str, Any] | None:
    if answer is None:
        return None
    told = {name: getattr(answer, name) for name in (*LOOKED_AT, "because", "missing_facts", "citation")}
    return {name: value.isoformat() if isinstance(value, date | datetime) else value for name, value in told.items()}
