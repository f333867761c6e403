"""What a form is made of: questions in sections, each with its kind, its options and the facts that answer it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from notices.forms.known import Known
from notices.forms.options import chosen

Kind = Literal["text", "number", "moment", "day", "choice", "choices", "yes_no", "list", "share", "amount", "duration"]
Value = str | int | tuple[str, ...] | None
PORTAL = "portal"
Layout = Literal["form", "letter"]


@dataclass(frozen=True, slots=True)
class Answer:
    """What is known for one question: a value, words beside it, and whether it stands in for something not known yet."""

    value: Value = None
    note: str = ""
    unknown: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One field of a form. `required_by` is the legal content it carries, or `portal` when only the form asks for it.

    `code` is the number that the form itself gives it, `cite` the provision that the form names beside it, `needs` the
    facts that a derived answer comes from, `asked_when` the earlier answers that make the form ask it, `stand_in` the
    option that the form has for “not known yet”, `most` the length that its box takes.
    """

    key: str
    label: str
    code: str = ""
    kind: Kind = "text"
    options: tuple[str, ...] = ()
    help: str = ""
    cite: str = ""
    from_fact: str = ""
    needs: tuple[str, ...] = ()
    derived: Callable[[Known], Answer] | None = None
    stand_in: str = ""
    required_by: str = PORTAL
    required: bool = True
    asked_if: Callable[[Known], bool] | None = None
    asked_when: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    not_when: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sums_up: bool = False
    most: int | None = None
    path: str = ""
    follows_law: bool = False

    @property
    def facts(self) -> tuple[str, ...]:
        """The facts that answer it."""
        return self.needs or ((self.from_fact,) if self.from_fact else ())

    def is_asked(self, known: Known, answers: Mapping[str, Value]) -> bool:
        """Whether the form asks this, given the facts and the answers before it."""
        if self.asked_if is not None and not self.asked_if(known):
            return False
        if any(_holds(answers.get(key), unwanted) for key, unwanted in self.not_when.items()):
            return False
        return all(_holds(answers.get(key), wanted) for key, wanted in self.asked_when.items())

    def answer(self, known: Known) -> Answer:
        """What is known; `BadData` when the fact is of the wrong kind."""
        told = self.derived(known) if self.derived is not None else self._from_fact(known)
        stand_in = (self.stand_in,) if self.kind == "choices" else self.stand_in
        if self.stand_in and told.value in (None, "", (), stand_in):
            return Answer(stand_in, told.note, unknown=True)
        return told

    def _from_fact(self, known: Known) -> Answer:
        name = self.from_fact
        if self.kind in ("choice", "choices"):
            return chosen_of(known, name, self.options, many=self.kind == "choices")
        if self.kind == "yes_no":
            said = known.yes_no(name)
            return Answer(None if said is None else "yes" if said else "no")
        if self.kind in ("number", "amount"):
            return Answer(known.number(name))
        if self.kind == "moment":
            moment = known.instant(name)
            return Answer(moment.isoformat() if moment else None)
        if self.kind == "list":
            return Answer(known.texts(name) or None)
        read = {"day": known.day, "share": known.share, "duration": known.duration}.get(self.kind, known.text)
        return Answer(read(name))


def chosen_of(known: Known, name: str, options: tuple[str, ...], *, many: bool) -> Answer:
    """The options that a fact names; words that are none of them stand beside, and the answer is still owed."""
    said = known.texts(name)
    found = tuple(dict.fromkeys(option for words in said if (option := chosen(words, options))))
    other = "; ".join(words for words in said if not chosen(words, options))
    if not found:
        return Answer(None, other, unknown=bool(other))
    return Answer(found if many else found[0], other)


def _holds(value: Value, wanted: tuple[str, ...]) -> bool:
    held = value if isinstance(value, tuple) else (value,)
    return any(one in wanted for one in held)


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of the form, with the name that the form gives it."""

    title: str
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A whole form, whose it is, and how sure its wording is.

    `layout` says whether it is filled in field by field or reads as a letter from the prose template; `guide` names the
    template of its copy sheet, `before` the steps that only this form asks of whoever copies it; `machine` the shape of its
    JSON for a computer.
    """

    key: str
    title: str
    authority: str
    zone: str
    status: str
    channel: str
    sections: tuple[Section, ...]
    layout: Layout = "form"
    guide: str = "portal"
    before: tuple[str, ...] = ()
    machine: str = ""

    @property
    def questions(self) -> tuple[Question, ...]:
        """Every question, in the form's order."""
        return tuple(question for section in self.sections for question in section.questions)
