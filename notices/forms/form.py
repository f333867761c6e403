"""What a form is made of: questions in sections, each with its kind, its options and the fact that answers it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from notices.forms.known import Known

Kind = Literal["text", "number", "moment", "choice", "choices"]
Value = str | int | tuple[str, ...] | None
PORTAL = "portal"


@dataclass(frozen=True, slots=True)
class Answer:
    """What is known for one question: a value, words beside it, and whether it stands in for something not known yet."""

    value: Value = None
    note: str = ""
    unknown: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One field of a form. `required_by` is the legal content it carries, or `portal` when only the form asks for it."""

    key: str
    label: str
    kind: Kind = "text"
    options: tuple[str, ...] = ()
    help: str = ""
    from_fact: str = ""
    derived: Callable[[Known], Answer] | None = None
    required_by: str = PORTAL
    required: bool = True
    asked_if: Callable[[Known], bool] | None = None

    def is_asked(self, known: Known) -> bool:
        """Whether the form asks this, given the other answers."""
        return self.asked_if is None or self.asked_if(known)

    def answer(self, known: Known) -> Answer:
        """What is known; `BadData` when the fact is of the wrong kind."""
        if self.derived is not None:
            return self.derived(known)
        if self.kind == "number":
            return Answer(known.number(self.from_fact))
        if self.kind == "moment":
            moment = known.instant(self.from_fact)
            return Answer(moment.isoformat() if moment else None)
        return Answer(known.text(self.from_fact))


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of the form, with the name that the form gives it."""

    title: str
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A whole form, whose it is, and how sure its wording is."""

    key: str
    title: str
    authority: str
    zone: str
    status: str
    channel: str
    sections: tuple[Section, ...]
