"""Reads a list of people from a CSV file: strictly, row by row, in bounded memory; a hostile file is refused in plain words."""

import csv
import difflib
import hashlib
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from actions.check_row import Problem
from actions.columns import ALSO_CALLED, COLUMNS, REQUIRED
from actions.errors import Conflict

LONGEST_LINE = 100_000
MOST_COLUMNS = 200
SEPARATORS = ",;\t"
SAVE_AS = "save it as CSV UTF-8 and try again"
NOT_CSV = {
    b"PK\x03\x04": "is a spreadsheet or an archive, not a CSV file",
    b"\xd0\xcf\x11\xe0": "is an old spreadsheet, not a CSV file",
    b"\xff\xfe": "is written in UTF-16, not UTF-8",
    b"\xfe\xff": "is written in UTF-16, not UTF-8",
    b"%PDF": "is a PDF, not a CSV file",
    b"\x1f\x8b": "is compressed, not a CSV file",
}


class BadPeople(Conflict):
    """The list cannot be taken in as it stands; nothing was imported. Its problems hold no data of the people."""

    def __init__(self, problems: list[Problem], more: int = 0) -> None:
        self.problems = tuple(problems)
        self.count = len(problems) + more
        first = "; ".join(str(one) for one in problems[:3])
        rest = f" … and {self.count - 3} more" if self.count > 3 else ""
        super().__init__(f"Nothing was imported. {first}{rest}.")


@dataclass(frozen=True)
class RawRow:
    """One row as it stands in the file: its number as a spreadsheet shows it, and its cells by column."""

    number: int
    cells: dict[str, str]


def refuse(wrong: str, do: str, row: int = 0, column: str = "the list") -> BadPeople:
    """A refusal of the whole list for one reason."""
    return BadPeople([Problem(row, column, wrong, do)])


def file_sha256(path: Path) -> str:
    """The file's own hash. Raises BadPeople when it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise refuse(f"cannot be read ({error.strerror})", "check its name and that you may read it") from None


def rows(path: Path) -> Iterator[RawRow | Problem]:
    """Each row in order, or what is wrong with its shape. Raises BadPeople for a file that is no list at all."""
    with _opened(path) as text:
        lines = _lines(text)
        head = next(lines, "")
        separator = max(SEPARATORS, key=head.count)
        reader = csv.reader(_again(head, lines), delimiter=separator, strict=True)
        row = 0
        try:
            columns = _columns(next(reader, []))
            for cells in reader:
                row += 1
                if any(cell.strip() for cell in cells):
                    yield _row(row + 1, columns, cells)
        except csv.Error as error:
            raise refuse(
                f"breaks off: {error}", "look for a quotation mark that is never closed", row + 2, "the row"
            ) from None


@contextmanager
def _opened(path: Path) -> Iterator[io.TextIOWrapper]:
    with path.open("rb") as file:
        start = file.read(4)
        file.seek(0)
        for mark, wrong in NOT_CSV.items():
            if start.startswith(mark):
                raise refuse(wrong, SAVE_AS)
        try:
            yield io.TextIOWrapper(file, encoding="utf-8-sig", errors="strict", newline="")
        except UnicodeDecodeError:
            raise refuse("holds bytes that are not UTF-8", SAVE_AS) from None


def _lines(text: io.TextIOWrapper) -> Iterator[str]:
    """The file's lines, none of them longer than we are ready to hold."""
    number = 0
    while line := text.readline(LONGEST_LINE):
        number += 1
        if len(line) == LONGEST_LINE:
            raise refuse(f"has a line of more than {LONGEST_LINE:,} characters", SAVE_AS, number, "the row")
        if "\0" in line:
            raise refuse("holds a NUL character", "find out what wrote this file; " + SAVE_AS, number, "the row")
        yield line


def _again(head: str, lines: Iterator[str]) -> Iterator[str]:
    if head:
        yield head
    yield from lines


def _columns(head: list[str]) -> list[str]:
    """The columns by their own names. Raises BadPeople with everything that is wrong with the heading."""
    if len(head) > MOST_COLUMNS:
        raise refuse(
            f"has {len(head):,} columns", f"delete those that are not asked for; at most {MOST_COLUMNS} are read"
        )
    names = [_own_name(name) for name in head]
    problems = [
        Problem(1, f"column {place}", *_unknown(name)) for place, name in enumerate(names, 1) if name not in COLUMNS
    ]
    problems += [
        Problem(1, name, "stands twice in the heading", "delete one") for name in COLUMNS if names.count(name) > 1
    ]
    problems += [Problem(1, name, "is missing from the heading", "add it") for name in REQUIRED if name not in names]
    if problems:
        raise BadPeople(problems)
    return names


def _own_name(heading: str) -> str:
    name = "_".join(heading.strip().lower().replace("-", " ").replace("_", " ").split())
    return ALSO_CALLED.get(name, name)


def _unknown(name: str) -> tuple[str, str]:
    near = difflib.get_close_matches(name, COLUMNS, n=1)
    return (
        "is not a column that is asked for",
        f"call it {near[0]}" if near else "delete it, or see 'forthwith people columns'",
    )


def _row(number: int, columns: list[str], cells: list[str]) -> RawRow | Problem:
    if len(cells) != len(columns):
        return Problem(
            number,
            "the row",
            f"has {len(cells)} cells where the heading has {len(columns)}",
            "look for a separator that is missing or too many, and put cells that hold one in quotation marks",
        )
    return RawRow(number, dict(zip(columns, cells, strict=True)))
