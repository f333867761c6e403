"""What a notice is made from: the facts, as words, that one person is to be told.

Everything here ends up in front of the person (or of whoever speaks to them), so each field says who writes it and how.
Text may contain anything; it is cleaned of what cannot be seen and then treated as text in every shape.
Nothing in this module ever shows its values: not in `repr`, not in an error.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Literal, Self, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from notices.errors import BadData
from notices.wording import clean, day_in_words, paragraphs

Kind = Literal["victim", "witness", "accused", "third_party", "employee", "customer", "patient", "student", "other"]


class Private(BaseModel):
    """A model that holds people's data: frozen, strict about names, and silent about its values."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    def __repr_args__(self) -> list[tuple[str | None, object]]:
        return []

    def __str__(self) -> str:
        return repr(self)


def _not_empty(text: str) -> str:
    cleaned = clean(text)
    if not cleaned:
        raise ValueError("is empty")
    return cleaned


def _email(text: str) -> str:
    if text.count("@") != 1 or " " in text or "." not in text.split("@")[1]:
        raise ValueError("is not an e-mail address")
    return text


def _as_paragraphs(text: object) -> object:
    return paragraphs(text) if isinstance(text, str) else text


def _as_day(when: object) -> object:
    return day_in_words(when) if isinstance(when, date) and not isinstance(when, datetime) else when


Words = Annotated[str, AfterValidator(_not_empty)]
Prose = Annotated[tuple[Words, ...], BeforeValidator(_as_paragraphs), Field(min_length=1)]
When = Annotated[Words, BeforeValidator(_as_day)]
Email = Annotated[Words, AfterValidator(_email)]


class Organisation(Private):
    """Who writes, and the person there who can be asked."""

    name: Words
    contact_name: Words
    contact_role: Words
    phone: Words
    phone_hours: Words | None = None
    email: Email
    postal: tuple[Words, ...] = ()


class Incident(Private):
    """What happened, written for the people who will read this notice.

    Another audience (the accused, third parties) gets words of its own: these fields are filled per kind of person.
    """

    reference: Words
    what_happened: Prose
    """The nature of the breach in plain sentences; blank lines part paragraphs."""
    occurred_on: When
    """A day, or words for it: `between 18 and 21 November 2016`."""
    discovered_on: When
    data_kinds: tuple[Words, ...] = ()
    """Phrases that follow “The information about you was:”, without a full stop."""
    consequences: tuple[Words, ...] = ()
    """Full sentences: what may come of it."""
    measures: tuple[Words, ...] = ()
    """Full sentences: what was done and what will be done."""
    advice: tuple[Words, ...] = ()
    """Full sentences, each one thing that the person can do."""


class Authority(Private):
    """Where the person can complain. No link: a name that they can look up for themselves."""

    name: Words
    phone: Words | None = None
    website_name: Words


class Person(Private):
    """The one person that this notice is for."""

    salutation: Words
    """How they are spoken to, as it stands after “Dear”: `Ms Sample`, `Alex`."""
    kind: Kind
    is_child: bool = False
    told_to: Literal["person", "guardian"] = "person"
    guardian_name: Words | None = None
    flagged: bool = False
    """Someone else may read their mail: nothing outside the message may say what it is about."""
    code_word: Words | None = None
    """Agreed with them beforehand. Shown to the person who speaks with them, in the call script only."""

    @model_validator(mode="after")
    def _guardian_is_known(self) -> Self:
        if self.told_to == "guardian" and self.guardian_name is None:
            raise ValueError("guardian_name is needed when told_to is guardian")
        return self


class Support(Private):
    """Someone independent who can help the person: `offers` is a sentence."""

    name: Words
    phone: Words
    offers: Words


class NoticeData(Private):
    """Everything that a template may say. A name that is not here is an error, in the data and in the template."""

    organisation: Organisation
    incident: Incident
    authority: Authority
    person: Person
    reply_reference: Words
    """What the person quotes when they answer: random, meaningless to anyone else."""
    support: tuple[Support, ...] = ()
    exercise: bool = False


Model = TypeVar("Model", bound=BaseModel)


def read(model: type[Model], what: str, data: Mapping[str, object] | Model) -> Model:
    """The data as its model; `BadData` names each field that is wrong, and no values."""
    if isinstance(data, model):
        return data
    try:
        return model.model_validate(data)
    except ValidationError as refused:
        problems = tuple(
            (_place(error["loc"]), error["msg"].removeprefix("Value error, ")) for error in refused.errors()
        )
    raise BadData(what, problems)


def _place(loc: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in loc) or "the whole"
