"""The shape of a law file: what it may say and in which words. `laws/README.md` tells the same to whoever writes one."""

import re
from datetime import date
from functools import cached_property
from itertools import pairwise
from typing import Annotated, Literal, Self
from zoneinfo import available_timezones

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, model_validator

from rulebook import places
from rulebook.counting import COUNTING
from rulebook.deadlines import DueKind
from rulebook.reading import near
from rulebook.shape import (
    Area,
    Content,
    Event,
    Many,
    Mark,
    Phase,
    Recipient,
    Shape,
    Speed,
)
from rulebook.when import When
from rulebook.zones import zone


class BadLaw(ValueError):
    """A file of the rulebook cannot be used: which file, which key, which line, and why."""

    def __init__(self, path: str, key: str, line: int, says: str) -> None:
        super().__init__(f"{path}, line {line}, {key or 'the file'}: {says}")
        self.path, self.key, self.line, self.says = path, key, line, says


def _zone(name: str) -> str:
    try:
        zone(name)
    except (KeyError, ValueError, OSError):
        hint = near(name, available_timezones())
        raise ValueError(f"{name!r} is not a time zone; write a name such as Europe/London.{hint}") from None
    return name


def _day(given: object) -> object:
    if isinstance(given, str) and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", given):
        raise ValueError("write a day as 2026-11-21")
    return given


def _counting(name: str) -> str:
    if name not in COUNTING:
        raise ValueError(f"{name!r} is not a way of counting.{near(name, COUNTING)}")
    return name


Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
AuthorityKey = Annotated[str, StringConstraints(pattern=r"^[a-z]+/[a-z0-9-]+$")]
Text = Annotated[str, StringConstraints(min_length=2, strip_whitespace=True)]
Link = Annotated[str, StringConstraints(pattern=r"^https?://\S+$")]
Day = Annotated[date, BeforeValidator(_day)]
Zone = Annotated[str, AfterValidator(_zone)]
Counting = Annotated[str, AfterValidator(_counting)]
Calendar = Annotated[str, AfterValidator(lambda name: name if name == "authority" else places.checked(name))]


class Period(Shape):
    """A number and a unit: "72 hours"."""

    n: int = Field(ge=0)
    unit: Literal["hours", "days", "business_days", "months", "years"]

    @model_validator(mode="before")
    @classmethod
    def _from_words(cls, given: object) -> object:
        if isinstance(given, dict):
            return given
        found = re.fullmatch(r"(\d+) (business days?|hours?|days?|months?|years?)", str(given))
        if not found:
            raise ValueError('write a period as a number and a unit, such as "72 hours", "3 business days", "1 month"')
        unit = found[2].replace(" ", "_")
        return {"n": int(found[1]), "unit": unit if unit.endswith("s") else f"{unit}s"}


class Exemption(Shape):
    """A reason why a duty falls away, or is met another way. It counts once shown, never because nobody looked."""

    exemption: Key
    says: Text
    cite: Text
    href: Link | None = None
    status: Mark
    when: When | None = None  # without conditions it is told to the reader, and decides nothing
    instead: Text | None = None  # the duty stays; this is how it may be met


class Hold(Shape):
    """Something that may stop or lengthen the clock, such as a request by the police."""

    hold: Key
    says: Text
    cite: Text
    href: Link | None = None
    status: Mark


class Joint(Shape):
    """That one filing may stand for several reports which otherwise follow each other."""

    says: Text
    cite: Text
    href: Link
    status: Mark


class Clock(Shape):
    """What starts a clock: an event, the meeting of another duty (`filed`), or the end of another duty's time."""

    event: Event | None = None
    filed: Key | None = None
    deadline_of: Key | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_word(cls, given: object) -> object:
        return {"event": given} if isinstance(given, str) else given

    @model_validator(mode="after")
    def _one(self) -> Self:
        if sum(start is not None for start in (self.event, self.filed, self.deadline_of)) != 1:
            raise ValueError("name one start: an event, or {filed: duty}, or {deadline_of: duty}")
        return self

    @property
    def fact(self) -> str:
        """The dotted name of the instant that starts it."""
        if self.event:
            return f"events.{self.event}"
        return f"filings.{self.filed}" if self.filed else f"deadlines.{self.deadline_of}"


class Cap(Shape):
    """A second limit from another start; the earlier of the two counts."""

    within: Period
    counting: Counting
    clock: Clock
    lapses: bool = False  # binds no more once it ran out before the clock itself started


class Stricter(Shape):
    """Another way of counting the same periods, which holds unless its conditions are shown not to."""

    when: When
    counting: Counting
    says: Text
    cite: Text
    status: Mark


class Version(Shape):
    """One limit as it stood from a day on. Without its day, citation, link and mark it cannot be written."""

    from_on: Day | None = Field(default=None, alias="from")
    until_on: Day | None = Field(default=None, alias="until")
    from_is: Literal["commencement", "start_of_book"] = "commencement"
    enabled: bool = True
    within: Period | None = None
    speed: Speed | None = None
    counting: Counting | None = None
    calendar: Calendar | None = None  # whose holidays, for ways of counting that ask
    cap: Cap | None = None
    stricter: Stricter | None = None
    with_duty: Key | None = Field(default=None, alias="with")  # at the latest together with that duty
    before_duty: Key | None = Field(default=None, alias="before")  # strictly before it
    outer: Counting | None = None  # a later reading of the same period, shown for information
    reasons_after: Period | None = None  # not a limit, but later than this needs reasons
    hard: bool = False  # "in any event": no "where feasible"
    when: When | None = None  # further conditions of this version
    cite: Text
    href: Link
    status: Mark
    says: Text | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.from_on is None and self.enabled:
            raise ValueError(
                "`from` is required: the first day on which this limit is law (or enabled: false with `says`)"
            )
        if not self.enabled and self.says is None:
            raise ValueError("`says` is required with enabled: false: why it is not in force")
        if self.from_on and self.until_on and self.until_on < self.from_on:
            raise ValueError("`until` is before `from`")
        if not (self.within or self.speed or self.with_duty or self.before_duty):
            raise ValueError("say when: within, speed, with or before")
        if (self.within or self.reasons_after) and self.counting is None:
            raise ValueError("`counting` is required with a period")
        return self

    @cached_property
    def due_kind(self) -> DueKind:
        """What sort of end this limit has."""
        if self.within and self.counting:
            return COUNTING[self.counting].ends
        if self.before_duty:
            return "before"
        return "with" if self.with_duty else "no_fixed_period"

    @model_validator(mode="after")
    def _counts_its_unit(self) -> Self:
        stricter = self.stricter.counting if self.stricter else None
        for way in (self.counting, self.outer, stricter):
            for period in (self.within, self.reasons_after):
                if way and period and period.unit != COUNTING[way].unit:
                    raise ValueError(f"{way} does not count {period.unit.replace('_', ' ')}")
            if way and COUNTING[way].needs_calendar and not self.calendar:
                raise ValueError(f"`calendar` is required with {way}: whose holidays")
        return self


class Duty(Shape):
    """What a law demands, of whom it is owed to, and the limits through time."""

    title: Text
    tell: Recipient
    to: str | None = None  # the key of an authority, or the name of a rule in routes.py
    phase: Phase = "initial"
    when: When = When()
    unless: tuple[Exemption, ...] = ()
    yields_to: tuple[Key, ...] = ()  # falls away where one of these duties applies
    clock: Clock
    version_by: Event | None = None  # whose day chooses the version, if not the start of the clock
    late: Literal["reasons_required"] | None = None
    contents: dict[Content, Text] = Field(default_factory=dict)
    form: Text | None = None  # how it must be said or sent
    holds: tuple[Hold, ...] = ()
    limits: tuple[Version, ...] = Field(min_length=1)

    @cached_property
    def dated(self) -> tuple[Version, ...]:
        """The limits that are or were law, oldest first."""
        law = (version for version in self.limits if version.enabled and version.from_on)
        return tuple(sorted(law, key=lambda version: version.from_on or date.max))

    @model_validator(mode="after")
    def _versions_follow_each_other(self) -> Self:
        for earlier, later in pairwise(self.dated):
            if earlier.until_on is None or (later.from_on and later.from_on <= earlier.until_on):
                raise ValueError(f"two limits are in force on {later.from_on}; give the earlier one an `until`")
        return self


class Law(Shape):
    """One law with all its duties."""

    law: Key
    title: Text
    jurisdiction: Many[Area]
    time_zone: Zone | None = None  # where no authority has one: whose clock days end by
    checked_on: Day
    href: Link
    who: Text
    trigger: Text
    when: When = When()  # holds for each duty
    unless: tuple[Exemption, ...] = ()  # holds for each duty
    yields_to: tuple[Key, ...] = ()  # holds for each duty
    together: Joint | None = None
    penalties: Text | None = None
    power: Text | None = None  # what the authority may order
    changes: tuple[Text, ...] = ()
    notes: tuple[Text, ...] = ()
    duties: dict[Key, Duty] = Field(min_length=1)


class Way(Shape):
    """One way in which an authority takes reports."""

    kind: Literal["portal", "email", "phone", "post", "form"]
    says: Text
    href: Link | None = None
    status: Mark


class Authority(Shape):
    """Who must be told, on whose clock, and how they take it."""

    name: Text
    country: Area
    time_zone: Zone | None = None  # none where it sits in no one place: then the law's own clock counts
    href: Link
    languages: tuple[Text, ...] = ()
    ways: tuple[Way, ...] = ()
    notes: Text | None = None
    status: Mark
