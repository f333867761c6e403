"""Writes the book as Markdown: a page for each law, an index, and a matrix of all limits."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import PurePosixPath

from rulebook import codes
from rulebook.law import Duty, Law
from rulebook.library import Rulebook
from rulebook.places import names
from rulebook.prose import clock, limit, mark, place
from rulebook.telling import Line, duty_lines, law_lines

MARK = "<!-- Written by `make pages` from the rulebook: change the law's file, not this page. -->"


def pages(book: Rulebook) -> dict[str, str]:
    """Every page by its path below docs/law."""
    laws = {_path(book, law): _law(book, law) for law in book.laws.values()}
    return {"README.md": _index(book), "limits.md": _matrix(book), **laws}


def _path(book: Rulebook, law: Law) -> str:
    return PurePosixPath(book.files[law.law]).relative_to("laws").with_suffix(".md").as_posix()


def _page(*lines: str) -> str:
    return "\n".join([MARK, "", *lines]) + "\n"


def _law(book: Rulebook, law: Law) -> str:
    body = [f"# {law.title}", "", f"`{law.law}`", "", *_listed(law_lines(law))]
    for key, duty in law.duties.items():
        body += ["", f"## {duty.title}", "", f"`{key}`", "", *_listed(duty_lines(book, duty))]
    return _page(*body)


def _listed(lines: Iterable[Line]) -> Iterator[str]:
    """Each label once, with what belongs to it; several things under one label as a list below it."""
    for label, group in groupby(lines, key=lambda line: line[0]):
        told = [safe(words) for _, words in group]
        yield f"- **{label}**: {told[0]}" if len(told) == 1 else f"- **{label}**"
        yield from (f"  - {each}" for each in (told if len(told) > 1 else ()))


def _index(book: Rulebook) -> str:
    rows = [
        f"| [{safe(law.title)}]({_path(book, law)}) | {_where(law)} | {len(law.duties)} | {law.checked_on} |"
        for law in _by_place(book)
    ]
    head = [
        "# The laws of the rulebook",
        "",
        f"Rulebook {book.version}: {len(book.laws)} laws, {len(book.by_duty)} duties. [All limits](limits.md) stand in one table;",
        "[what was found where sources disagree](corrections.md) has its own page. Not legal advice.",
        "",
        "| law | where | duties | compared on |",
        "|---|---|---|---|",
    ]
    return _page(*head, *rows)


def _matrix(book: Rulebook) -> str:
    head = [
        "# All limits",
        "",
        "Every limit that is, was or may become law, by place. The mark in brackets says how sure it is:",
        *(f"- {mark(code)}: {meaning}" for code, meaning in codes.words()["marks"].items()),
        "",
        "| duty | tell | counted from | limit |",
        "|---|---|---|---|",
    ]
    rows = [row for law in _by_place(book) for key, duty in law.duties.items() for row in _limits(book, law, key, duty)]
    return _page(*head, *rows)


def _limits(book: Rulebook, law: Law, key: str, duty: Duty) -> Iterator[str]:
    tell = codes.words()["recipients"][duty.tell]
    for version in duty.limits:
        cells = (f"[`{key}`]({_path(book, law)})", tell, clock(duty.clock), limit(version))
        yield f"| {' | '.join([cells[0], *map(safe, cells[1:])])} |"


def _by_place(book: Rulebook) -> list[Law]:
    return sorted(book.laws.values(), key=lambda law: (book.files[law.law], law.law))


def _where(law: Law) -> str:
    return ", ".join(place(area) if area in names() else area for area in law.jurisdiction)


def safe(words: str) -> str:
    """Words that Markdown reads as words, on one line."""
    plain = " ".join(words.split())
    return plain.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*")
