"""What is known about an incident, as far as any law asks; a fact that cannot be true is refused with its place."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, StringConstraints, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from rulebook import places
from rulebook.law import Zone
from rulebook.reading import BadYaml, Page, parse
from rulebook.severity import Inputs
from rulebook.shape import (
    Data,
    Event,
    Finding,
    Kind,
    Many,
    Medium,
    Nature,
    Place,
    Purpose,
    Risk,
    Role,
    Sector,
    Shape,
    first_trouble,
)

_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
_LATEST = datetime(2100, 1, 1, tzinfo=UTC)
_HOW_TO_WRITE_A_TIME = "write a time with its offset from UTC, such as 2016-12-01T10:00+00:00"
# No earlier than the breach was seen: what is decided, asked or filed about it.
_AFTER_DETECTION = (
    "determined",
    "high_risk_determined",
    "adverse_effect_determined",
    "significant_risk_determined",
    "protection_need_determined",
    "classified",
    "threshold_reached",
    "significant_change",
    "requested",
    "people_identified",
)
_IN_ORDER = (
    ("occurred_from", "occurred_to"),
    ("occurred_from", "detected"),
    ("detected", "aware"),
    ("occurred_from", "aware"),
)


class BadFacts(ValueError):
    """Something said about the incident cannot stand: where, what is wrong, and what to do about it."""

    def __init__(self, place: str, says: str, do: str = "") -> None:
        end = "" if says.endswith((".", "?")) else "."
        super().__init__(f"{place}: {says}{end} {do}".rstrip())
        self.place, self.says, self.do = place, says, do


def _instant(given: object) -> object:
    if isinstance(given, str):
        try:
            given = datetime.fromisoformat(given)
        except ValueError:
            raise ValueError(f"this is not a time; {_HOW_TO_WRITE_A_TIME}") from None
    if not isinstance(given, datetime):
        raise ValueError(f"this is not a time; {_HOW_TO_WRITE_A_TIME}")  # noqa: TRY004 - pydantic collects ValueErrors only
    if given.utcoffset() is None:
        raise ValueError(f"this time has no offset, so nobody can tell which hour it is; {_HOW_TO_WRITE_A_TIME}")
    if not _EARLIEST <= given <= _LATEST:
        raise ValueError("this year cannot be right: times from 1990 to 2099 are read")
    return given


def _one_spelling(given: object) -> object:
    """People by place, refused when one place is written in two ways (PR and US-PR)."""
    spelt: dict[str, str] = {}
    for place in given if isinstance(given, dict) else ():
        try:
            own = places.checked(str(place))
        except ValueError:
            continue  # the check of each key names it
        if own in spelt:
            raise ValueError(f"{place} and {spelt[own]} are the same place; write it once")
        spelt[own] = str(place)
    return given


Instant = Annotated[datetime, BeforeValidator(_instant)]
Number = Annotated[int, Field(strict=True, ge=0, le=10_000_000_000)]
FilingKey = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*(@[a-z]+/[a-z0-9-]+)?$")]


class Organisation(Shape):
    """Who it happened to. Establishments: those in whose work the data was used. Directed at: whom it serves or watches.

    Processed in: where the data was kept or handled, whoever did it.
    """

    roles: Many[Role] | None = None
    sectors: Many[Sector] | None = None
    establishments: Many[Place] | None = None
    directed_at: Many[Place] | None = None
    processed_in: Many[Place] | None = None
    main_establishment: Place | None = None
    time_zone: Zone | None = None


class Protection(Shape):
    """What kept the data from whoever reached it, or made good the loss."""

    encrypted: bool | None = None
    key_compromised: bool | None = None
    recovered: bool | None = None
    backup: bool | None = None


class Facts(Shape):
    """Everything known. A key that is not there, or null, is not known; a list that is there is the whole list."""

    organisation: Organisation = Organisation()
    events: dict[Event, Instant | None] = Field(default_factory=dict)
    data: Many[Data] | None = None
    medium: Many[Medium] | None = None
    nature: Many[Nature] | None = None
    protection: Protection = Protection()
    people: Annotated[dict[Place, Number | None], BeforeValidator(_one_spelling)] | None = None
    kinds: Many[Kind] | None = None
    risk: Risk | None = None
    purposes: Many[Purpose] | None = None
    findings: dict[Finding, bool | None] = Field(default_factory=dict)
    filings: dict[FilingKey, Instant] = Field(default_factory=dict)
    severity: Inputs | None = None

    @model_validator(mode="before")
    @classmethod
    def _null_is_not_known(cls, given: Any) -> Any:
        return {key: value for key, value in given.items() if value is not None} if isinstance(given, dict) else given

    @model_validator(mode="after")
    def _can_be_true(self) -> Self:
        for place, says in _contradictions(self):
            raise PydanticCustomError("contradiction", "{says}", {"key": place, "says": says})
        return self

    def value(self, name: str) -> Any:
        """What is known by a dotted name of two fields, such as organisation.roles."""
        value: Any = self
        for step in name.split("."):
            value = getattr(value, step)
        return value

    @cached_property
    def grounds(self) -> frozenset[str]:
        """Each place that a number of people is told or asked of, and the country around it ("all US")."""
        told = self.people or {}
        return frozenset([*told, *(f"all {places.country(place)}" for place in told)])

    def instants(self) -> dict[str, datetime]:
        """Every known time by its dotted name: events.aware, filings.uk-gdpr-33-1."""
        known = {f"events.{name}": at for name, at in self.events.items() if at is not None}
        return known | {f"filings.{duty}": at for duty, at in self.filings.items()}


def _contradictions(facts: Facts) -> Iterator[tuple[str, str]]:
    """Where two facts cannot both be true: the place of the second one, and why."""
    events = facts.events
    pairs = [*_IN_ORDER, *(("detected", later) for later in _AFTER_DETECTION)]
    for earlier, later in pairs:
        first, second = events.get(earlier), events.get(later)
        if first and second and second < first:
            yield f"events.{later}", f"{later} is before {earlier}; one of the two is wrong"
    detected_at = events.get("detected")
    for duty, at in facts.filings.items():
        if detected_at and at < detected_at:
            yield f"filings.{duty}", "this was filed before the breach was detected; one of the two is wrong"
    if facts.protection.encrypted is False and facts.protection.key_compromised is True:
        yield (
            "protection.key_compromised",
            "a key cannot be compromised when encrypted is false; one of the two is wrong",
        )
    yield from _about_places(facts)


def _about_places(facts: Facts) -> Iterator[tuple[str, str]]:
    own = facts.organisation
    if own.main_establishment and own.establishments is not None and own.main_establishment not in own.establishments:
        yield "organisation.main_establishment", "it is not among the establishments; add it there or correct it"
    for whole, number in (facts.people or {}).items():
        inside = sum(n or 0 for part, n in (facts.people or {}).items() if part.startswith(f"{whole}-"))
        if number is not None and inside > number:
            yield f"people.{whole}", f"{number} people in {whole} are fewer than the {inside} counted in its parts"


def read(path: Path) -> Facts:
    """Read a facts file. Raises BadFacts with the file, the line and the key."""
    told, page = read_keys(path, "this is not a facts file", "It starts with a key such as `organisation:`.")
    return _checked(told, page, str(path))


def read_keys(path: Path, otherwise: str, hint: str) -> tuple[dict[str, Any], Page]:
    """The top keys of a YAML file, and the page they stand on. Raises BadFacts with the file and the line.

    *otherwise* is what a page without keys is called, *hint* what it should look like.
    """
    try:
        page = parse(path.read_text(encoding="utf-8-sig"))
    except OSError as trouble:
        raise BadFacts(str(path), f"the file cannot be read: {trouble.strerror}") from None
    except UnicodeDecodeError:
        raise BadFacts(str(path), "the file is not UTF-8 text") from None
    except BadYaml as trouble:
        raise BadFacts(f"{path}, line {trouble.line}" if trouble.line else str(path), trouble.says) from None
    if not isinstance(page.value, dict):
        raise BadFacts(str(path), otherwise, hint)
    return page.value, page


def assemble(told: Mapping[str, object]) -> Facts:
    """Put facts that are kept by dotted names ("people.GB", "events.aware") together. Raises BadFacts with the name."""
    nested: dict[str, Any] = {}
    for name, value in told.items():
        *rooms, last = name.split(".")
        shelf: Any = nested
        for room in rooms:
            shelf = shelf.setdefault(room, {}) if isinstance(shelf, dict) else None
        if not isinstance(shelf, dict) or last in shelf:
            raise BadFacts(name, "this fact is said in two ways; keep one of them")
        shelf[last] = value
    return _checked(nested, None, "")


def _checked(told: Mapping[str, object], page: Page | None, path: str) -> Facts:
    try:
        return Facts.model_validate(told)
    except ValidationError as trouble:
        where, says = first_trouble(trouble)
        line = f"{path}, line {page.line(where)}, " if page else ""
        raise BadFacts(f"{line}{'.'.join(where) or 'the facts'}", says) from None
