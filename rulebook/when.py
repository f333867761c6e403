"""The conditions that a law can name. Named keys, never an expression language; conditions.py judges each of them."""

from functools import cached_property
from sys import intern
from typing import Any, Final, Literal, NamedTuple, Self

from pydantic import Field, model_validator

from rulebook.places import groups
from rulebook.shape import Area, Data, Finding, Kind, Many, Medium, Nature, Purpose, Role, Sector, Shape


class People(Shape):
    """How many people: of one place, of several together, of any single part of a country, or of all places (no `in`)."""

    places: Many[Area] = Field(default=(), alias="in")
    each_part_of: Area | None = None
    at_least: int | None = Field(default=None, ge=1)
    more_than: int | None = Field(default=None, ge=0)
    fewer_than: int | None = Field(default=None, ge=1)
    at_most: int | None = Field(default=None, ge=0)

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if all(edge is None for edge in (self.at_least, self.more_than, self.fewer_than, self.at_most)):
            raise ValueError("say at_least, more_than, fewer_than or at_most")
        if self.places and self.each_part_of:
            raise ValueError("say either `in` or each_part_of")
        return self

    @property
    def floor(self) -> int:
        """The smallest number that is enough."""
        return max(self.at_least or 0, 0 if self.more_than is None else self.more_than + 1)


# Where nobody is, nothing else needs asking.
PLACES: Final = ("established_in", "not_established_in", "directed_at", "processed_in", "people_in", "people")


class Asked(NamedTuple):
    """One condition as it is written, and a word for it that is the same wherever a law asks the same."""

    name: str
    value: Any
    word: str
    by_day: bool  # it speaks of a group of countries, and who is in it depends on the day


class When(Shape):
    """Conditions by name. All that are written must hold; a list means any one of its words."""

    role: Many[Role] = ()
    not_role: Many[Role] = ()  # none of these
    sector: Many[Sector] = ()
    not_sector: Many[Sector] = ()
    regime: Literal["general", "law_enforcement", "intelligence"] | None = None  # whose rules govern this data
    purpose: Many[Purpose] = ()
    established_in: Many[Area] = ()
    not_established_in: Many[Area] = ()
    directed_at: Many[Area] = ()  # it offers goods or services to the people there, or watches them
    processed_in: Many[Area] = ()  # the data was kept or handled there, other than on its way through
    people_in: Many[Area] = ()  # someone affected lives in one of these
    people: People | None = None
    data: Many[Data] = ()
    data_with: Many[Data] = ()  # all of these as well
    kinds: Many[Kind] = ()
    nature: Many[Nature] = ()
    medium: Many[Medium] = ()
    risk: Literal["at_least_risk", "high", "unlikely"] | None = None
    protected: bool | None = None  # encrypted and the key safe, or not
    recovered: bool | None = None
    findings: dict[Finding, bool] = Field(default_factory=dict)
    any_of: tuple["Alternative", ...] = ()

    @cached_property
    def written(self) -> tuple[tuple[str, object], ...]:
        """The conditions that are written, by name. An empty list or mapping asks nothing."""
        asked = ((name, getattr(self, name)) for name in When.model_fields)
        return tuple((name, value) for name, value in asked if value not in (None, (), {}))

    @cached_property
    def asked(self) -> tuple[Asked, ...]:
        """The same, ready to be judged and remembered."""
        return tuple(
            Asked(name, value, intern(f"{name} {value!r}"), not groups().keys().isdisjoint(_areas(name, value)))
            for name, value in self.written
        )

    @cached_property
    def word(self) -> str:
        """A word for all of them together, which is the same wherever a law asks the same."""
        return intern(" & ".join(one.word for one in self.asked))

    @cached_property
    def by_day(self) -> bool:
        """Whether any of them depends on the day."""
        return any(one.by_day for one in self.asked)

    @cached_property
    def about_places(self) -> tuple[Asked, ...]:
        """Those that most laws of the world fall away by."""
        return tuple(one for one in self.asked if one.name in PLACES)


class Alternative(When):
    """One of several sets of conditions, any one of which is enough. Alternatives do not nest."""

    @model_validator(mode="after")
    def _flat(self) -> Self:
        if self.any_of:
            raise ValueError("any_of cannot stand inside any_of")
        return self


def _areas(name: str, value: Any) -> set[str]:
    """Every place and group that a condition names."""
    if name == "any_of":
        return {area for one in value for each in one.written for area in _areas(*each)}
    if name == "people":
        return {*value.places, *filter(None, [value.each_part_of])}
    return set(value) if name in PLACES else set()
