"""Reads the shelf of laws and authorities once, checks that they fit together, and says which book it is."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from pydantic import ValidationError

from rulebook.law import Authority, BadLaw, Duty, Law
from rulebook.reading import BadYaml, Page, near, parse
from rulebook.routes import ROUTES
from rulebook.shape import Shape, first_trouble

VERSION = "2026.11.0"
_SHELF = Path(__file__).parent
_S = TypeVar("_S", bound=Shape)


@dataclass(frozen=True)
class Rulebook:
    """All laws and authorities, with the version and the hash of their text that go with every answer."""

    version: str
    hash: str
    laws: Mapping[str, Law]
    authorities: Mapping[str, Authority]
    places: Mapping[str, str]  # law → its file, relative to the shelf

    def duties(self) -> Iterator[tuple[Law, str, Duty]]:
        """Every duty of the book, once."""
        for law in self.laws.values():
            for key, duty in law.duties.items():
                yield law, key, duty


@cache
def book() -> Rulebook:
    """The book that is shipped with this program. Raises BadLaw."""
    return read(_SHELF)


def read(shelf: Path) -> Rulebook:
    """Read every law and authority under a folder. Raises BadLaw with file, key and line at the first thing wrong."""
    digest = hashlib.sha256()
    laws: dict[str, Law] = {}
    places: dict[str, str] = {}
    authorities: dict[str, Authority] = {}
    pages: dict[str, Page] = {}
    for path in sorted([*shelf.glob("authorities/*.yaml"), *shelf.glob("laws/**/*.yaml"), *shelf.glob("*.yaml")]):
        name = path.relative_to(shelf).as_posix()
        text = path.read_bytes()
        digest.update(f"{name}\0{len(text)}\0".encode() + text)
        if "/" not in name:
            continue  # the words and places, which have readers of their own
        page = _page(name, text)
        if name.startswith("authorities/"):
            authorities |= _authorities(name, page)
            continue
        law = _record(Law, page.value, name, page, ())
        if law.law in laws:
            raise BadLaw(name, "law", page.line(("law",)), f"{law.law} is also in {places[law.law]}")
        laws[law.law], places[law.law], pages[law.law] = law, name, page
    found = Rulebook(
        VERSION, digest.hexdigest(), MappingProxyType(laws), MappingProxyType(authorities), MappingProxyType(places)
    )
    _fits_together(found, pages)
    return found


def _page(name: str, text: bytes) -> Page:
    try:
        return parse(text.decode("utf-8"))
    except BadYaml as trouble:
        raise BadLaw(name, "", trouble.line, trouble.says) from None
    except UnicodeDecodeError:
        raise BadLaw(name, "", 1, "the file is not UTF-8 text") from None


def _record(kind: type[_S], told: object, name: str, page: Page, inside: tuple[str, ...]) -> _S:
    try:
        return kind.model_validate(told)
    except ValidationError as trouble:
        where, says = first_trouble(trouble)
        where = (*inside, *where)
        raise BadLaw(name, ".".join(where), page.line(where), says) from None


def _authorities(name: str, page: Page) -> dict[str, Authority]:
    if not isinstance(page.value, dict):
        raise BadLaw(name, "", 1, "an authorities file holds one key per authority")
    room = Path(name).stem
    return {f"{room}/{key}": _record(Authority, told, name, page, (key,)) for key, told in page.value.items()}


def _fits_together(found: Rulebook, pages: Mapping[str, Page]) -> None:
    """Duty keys are unique, and what one duty says of another, or of an authority, exists."""
    owners: dict[str, str] = {}
    for law, key, _ in found.duties():
        if key in owners:
            raise BadLaw(found.places[law.law], f"duties.{key}", pages[law.law].line(("duties", key)), f"also in {owners[key]}")
        owners[key] = law.law
    for law, key, duty in found.duties():
        where = ("duties", key)
        for named in _named_duties(law, duty):
            if named not in owners:
                says = f"{named!r} is not a duty of the book.{near(named, owners)}"
                raise BadLaw(found.places[law.law], ".".join(where), pages[law.law].line(where), says)
        if duty.to and duty.to not in found.authorities and duty.to not in ROUTES:
            says = f"{duty.to!r} is neither an authority nor a rule of routes.py.{near(duty.to, [*found.authorities, *ROUTES])}"
            raise BadLaw(found.places[law.law], ".".join((*where, "to")), pages[law.law].line((*where, "to")), says)


def _named_duties(law: Law, duty: Duty) -> Iterator[str]:
    yield from (*law.yields_to, *duty.yields_to)
    clocks = [duty.clock, *(version.cap.clock for version in duty.limits if version.cap)]
    chained = [named for version in duty.limits for named in (version.with_duty, version.before_duty)]
    yield from (named for clock in clocks for named in (clock.filed, clock.deadline_of) if named)
    yield from (named for named in chained if named)
