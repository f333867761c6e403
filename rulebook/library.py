"""Reads the shelf of laws and authorities once, checks that they fit together, and says which book it is."""

import gc
import hashlib
from collections.abc import Container, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from pydantic import ValidationError

from rulebook import fitting
from rulebook.law import Authority, BadLaw, Duty, Law
from rulebook.plan import Planned, plan
from rulebook.reading import BadYaml, Page, parse
from rulebook.shape import Shape, first_trouble

SHELF = Path(__file__).parent
_S = TypeVar("_S", bound=Shape)


@dataclass(frozen=True)
class Rulebook:
    """All laws and authorities, with the version and the hash of their text that go with every answer."""

    version: str
    hash: str
    laws: Mapping[str, Law]
    authorities: Mapping[str, Authority]
    files: Mapping[str, str]  # law → its file, relative to the shelf

    @cached_property
    def by_duty(self) -> Mapping[str, tuple[Law, Duty]]:
        """Each duty, and the law it is of, by the duty's key."""
        return MappingProxyType({key: (law, duty) for law, key, duty in self.duties()})

    @cached_property
    def plan(self) -> Mapping[str, Planned]:
        """The same, ready to be asked."""
        return plan(self.laws.values(), self.authorities)

    def duties(self) -> Iterator[tuple[Law, str, Duty]]:
        """Every duty of the book, once."""
        for law in self.laws.values():
            for key, duty in law.duties.items():
                yield law, key, duty


@cache
def book() -> Rulebook:
    """The book that is shipped with this program. Raises BadLaw."""
    return read(SHELF)


def read(shelf: Path) -> Rulebook:
    """Read every law and authority under a folder. Raises BadLaw with file, key and line at the first thing wrong."""
    return bound(texts(shelf))


def bound(files: Mapping[str, bytes]) -> Rulebook:
    """The book of these texts, each by its file. Raises BadLaw."""
    with _undisturbed():
        return _bound(files)


def _bound(texts: Mapping[str, bytes]) -> Rulebook:
    pages = {name: _page(name, text) for name, text in texts.items()}
    laws: dict[str, Law] = {}
    files: dict[str, str] = {}
    authorities: dict[str, Authority] = {}
    for name, page in pages.items():
        if name.startswith("authorities/"):
            authorities |= _authorities(name, page, authorities)
        elif name.startswith("laws/"):
            law = _record(Law, page.value, name, page)
            if law.law in laws:
                raise BadLaw(name, "law", page.line(("law",)), f"{law.law} is also in {files[law.law]}")
            laws[law.law], files[law.law] = law, name
    fitting.check(laws, authorities, files, pages)
    shown = MappingProxyType
    return Rulebook(_version(pages), _hash(texts), shown(laws), shown(authorities), shown(files))


@contextmanager
def _undisturbed() -> Iterator[None]:
    """All that is made while a book is read stays; looking through it for rubbish meanwhile takes a third of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _version(pages: Mapping[str, Page]) -> str:
    told = pages["book.yaml"].value if "book.yaml" in pages else None
    version = told.get("version") if isinstance(told, dict) else None
    return version if isinstance(version, str) else "unversioned"


def texts(shelf: Path) -> dict[str, bytes]:
    """Laws, authorities, words and places by name. All of them are the book, and all are in its hash."""
    paths = sorted([*shelf.glob("*.yaml"), *shelf.glob("authorities/**/*.yaml"), *shelf.glob("laws/**/*.yaml")])
    return {path.relative_to(shelf).as_posix(): path.read_bytes() for path in paths}


def _hash(texts: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256()
    for name, text in texts.items():
        digest.update(f"{name}\0{len(text)}\0".encode() + text)
    return digest.hexdigest()


def _page(name: str, text: bytes) -> Page:
    try:
        return parse(text.decode("utf-8"))
    except BadYaml as trouble:
        raise BadLaw(name, "", trouble.line, trouble.says) from None
    except UnicodeDecodeError:
        raise BadLaw(name, "", 1, "the file is not UTF-8 text") from None


def _record(kind: type[_S], told: object, name: str, page: Page, *inside: str) -> _S:
    try:
        return kind.model_validate(told)
    except ValidationError as trouble:
        where, says = first_trouble(trouble)
        where = (*inside, *where)
        raise BadLaw(name, ".".join(where), page.line(where), says) from None


def _authorities(name: str, page: Page, so_far: Container[str]) -> dict[str, Authority]:
    if not isinstance(page.value, dict):
        raise BadLaw(name, "", 1, "an authorities file holds one key per authority")
    room = Path(name).parts[1].removesuffix(".yaml")  # us.yaml and us/texas.yaml are both the room "us"
    for key in page.value:
        if f"{room}/{key}" in so_far:
            raise BadLaw(name, key, page.line((key,)), f"{room}/{key} is in another file too")
    return {f"{room}/{key}": _record(Authority, told, name, page, key) for key, told in page.value.items()}
