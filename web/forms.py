"""Forms: what they ask, how what was typed is read, and what is wrong with it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal, TypeAlias
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from actions.errors import Conflict
from actions.moments import YEARS, read_moment
from db.models import Incident
from web.roles import MANAGERS
from web.visit import LARGEST_NUMBER, Visit, zones

Kind: TypeAlias = Literal["line", "text", "choice", "many", "moment", "number", "tick", "file", "secret"]
Choices: TypeAlias = Mapping[str, str] | Callable[[Session, Incident], Mapping[str, str]]
HOW_MOMENT = "choose a day and a time"


@dataclass(frozen=True)
class Field:
    """One thing that a form asks."""

    name: str
    label: str
    kind: Kind = "line"
    required: bool = True
    hint: str = ""
    choices: Choices = field(default_factory=dict)
    longest: int = 2000
    complete: str = "off"
    """What a browser may fill in by itself, as HTML's autocomplete has it."""


@dataclass(frozen=True)
class Form:
    """One act as a form: *do* is given the visit, the incident's reference and what was typed, and says what was done."""

    key: str
    title: str
    says: str
    do: Callable[[Visit, str, dict[str, Any]], str]
    fields: tuple[Field, ...] = ()
    roles: frozenset[str] = MANAGERS
    part: str = "now"
    """Which part of the incident's page one comes back to."""
    grave: bool = False
    """Whether it cannot be taken back, or a second person must agree."""
    largest: int = 300_000
    asks: Callable[[Mapping[str, Any]], tuple[Field, ...]] | None = None
    """Its fields given what is filled in, where what they ask hangs on that."""

    def asked(self, given: Mapping[str, Any]) -> tuple[Field, ...]:
        """What it asks of someone who has filled this in."""
        return self.asks(given) if self.asks else self.fields


class Mistyped(Conflict):
    """Fields that cannot be read; *wrong* has one sentence for each."""

    def __init__(self, wrong: Mapping[str, str]) -> None:
        super().__init__("Not everything could be read; nothing was done. Each field below says what is wrong.")
        self.wrong = dict(wrong)


def read(form_fields: tuple[Field, ...], visit: Visit, offered: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    """What was typed, in the fields' own kinds. Raises Mistyped; a field that nobody asked for is refused like a wrong one."""
    known = {name for one in form_fields for name in (one.name, f"{one.name}_zone")} | {"csrf", "once", "parked"}
    strange = sorted(set(visit.typed) - known)
    wrong = {"": f"This form has no field {strange[0][:40]!r}; load the page again."} if strange else {}
    found: dict[str, Any] = {}
    for one in form_fields:
        try:
            found[one.name] = _read(one, visit, offered.get(one.name, {}))
        except (ValueError, Conflict) as why:
            wrong[one.name] = str(why)
    if wrong:
        raise Mistyped(wrong)
    return found


def _read(one: Field, visit: Visit, offered: Mapping[str, str]) -> Any:
    if one.kind == "file":
        return _file(one, visit)
    if one.kind == "many":
        return _many(one, visit, offered)
    if one.kind == "tick":
        return visit.text(one.name) == "yes"
    typed = visit.text(one.name) if one.kind == "secret" else visit.text(one.name).strip()
    if not typed:
        if one.required:
            raise ValueError("Fill this in.")
        return None if one.kind in ("moment", "number") else ""
    if len(typed) > one.longest:
        raise ValueError(f"This is {len(typed)} characters long; {one.longest} are the most.")
    return READERS_OF.get(one.kind, _line)(typed, one, visit, offered)


def _line(typed: str, one: Field, visit: Visit, offered: Mapping[str, str]) -> str:
    if one.kind == "line" and any(not letter.isprintable() for letter in typed):
        raise ValueError("Write this in one line, without control characters.")
    return typed.replace("\r\n", "\n").replace("\x00", "")


def _number(typed: str, one: Field, visit: Visit, offered: Mapping[str, str]) -> int:
    if not typed.isascii() or not typed.isdecimal() or len(typed) > 12:
        raise ValueError("Write a whole number, such as 15.")
    if int(typed) > LARGEST_NUMBER:
        raise ValueError("Nothing has so large a number.")
    return int(typed)


def _choice(typed: str, one: Field, visit: Visit, offered: Mapping[str, str]) -> str:
    if typed not in offered:
        raise ValueError("Choose one of those that are offered.")
    return typed


def _many(one: Field, visit: Visit, offered: Mapping[str, str]) -> list[str]:
    chosen = [str(value) for value in visit.typed.getlist(one.name) if value]
    if set(chosen) - set(offered):
        raise ValueError("Choose among those that are offered.")
    if one.required and not chosen:
        raise ValueError("Choose at least one.")
    return chosen


def _moment(typed: str, one: Field, visit: Visit, offered: Mapping[str, str]) -> datetime:
    """A local day and time with the zone that stands beside it; one that the clocks skipped or showed twice is refused."""
    try:
        naive = datetime.fromisoformat(typed)
    except ValueError:
        raise ValueError(f"This is not a time; {HOW_MOMENT}.") from None
    if naive.utcoffset() is not None:
        return read_moment(typed, one.label)
    if naive.year not in YEARS:
        raise ValueError(f"This is too far from today to be meant; {HOW_MOMENT}.")
    zone = visit.text(f"{one.name}_zone") or visit.zone
    if zone not in zones():
        raise ValueError("The time zone beside it is not known.")
    first, second = (naive.replace(tzinfo=ZoneInfo(zone), fold=fold) for fold in (0, 1))
    if first.utcoffset() != second.utcoffset():
        raise ValueError(
            f"The clocks of {zone} changed then, so this time is not sure; write it in UTC, and choose UTC beside it."
        )
    return first.astimezone(UTC)


def _file(one: Field, visit: Visit) -> Any:
    upload = visit.upload(one.name)
    if upload is None:
        if one.required:
            raise ValueError("Choose a file.")
        return None
    return upload


READERS_OF: dict[str, Callable[[str, Field, Visit, Mapping[str, str]], Any]] = {
    "moment": _moment,
    "number": _number,
    "choice": _choice,
}
