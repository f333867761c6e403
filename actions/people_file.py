"""Reads a list of people from a file: row by row, in bounded memory; a hostile file is refused in plain words."""

import hashlib
import re
import stat
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from actions.bad_people import Problem, refuse
from actions.csv_list import SAVE_AS, not_utf_8, rows_of_csv
from actions.heading import Heading, Mapped, read_heading
from actions.sheet_list import is_sheet, rows_of_sheet

BLOCK = 1_000_000
_QUOTED = re.compile(r"'+[=+\-@\t\r]")
NOT_A_LIST = {
    b"PK": "is an archive, not a list",
    b"\xd0\xcf\x11\xe0": "is a spreadsheet of the old kind or is locked with a password",
    b"\xff\xfe": "is written in UTF-16, not UTF-8",
    b"\xfe\xff": "is written in UTF-16, not UTF-8",
    b"%PDF": "is a PDF, not a list",
    b"\x1f\x8b": "is compressed, not a list",
}


@dataclass(frozen=True)
class ListFile:
    """A list that can be read again and again, wherever it is kept."""

    opened: Callable[[], BinaryIO]

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        """Its bytes from the first on. Raises BadPeople when it cannot be read."""
        try:
            file = self.opened()
        except OSError as error:
            raise refuse(f"cannot be read ({error.strerror})", "check its name and that you may read it") from None
        with file:
            yield file

    def measure(self) -> tuple[str, int]:
        """Its own hash, and about how many rows it has, by its line ends. Raises BadPeople when it cannot be read."""
        found, lines, returns = hashlib.sha256(), 0, 0
        with self.open() as file:
            while block := file.read(BLOCK):
                found.update(block)
                lines += block.count(b"\n")
                returns += block.count(b"\r")
        return found.hexdigest(), max(lines, returns)


@dataclass(frozen=True)
class RawRow:
    """One row as it stands in the file: its number as a spreadsheet shows it, and its cells by column."""

    number: int
    cells: dict[str, str]
    mends: tuple[str, str] | None = None
    """The mark of the list and the row in it that this row mends, as our own file of bad rows said."""


def list_at(path: Path) -> ListFile:
    """The list in this file. Raises BadPeople for what is no file: a pipe would be read once, and never again."""
    try:
        ordinary = stat.S_ISREG(path.stat().st_mode)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else "no file has such a name"
        raise refuse(f"cannot be read ({why})", "check its name and that you may read it") from None
    if not ordinary:
        raise refuse("is no file", "name a CSV or XLSX file that stays where it is")
    return ListFile(lambda: path.open("rb"))


@contextmanager
def opened(file: ListFile, mapped: Mapped) -> Iterator[tuple[Heading, Iterator[tuple[int, list[str]]]]]:
    """The heading, and the rows below it that are not empty, with their numbers. Raises BadPeople for a file that is no list."""
    with cells_of(file) as rows:
        heading = read_heading(next(rows, []), mapped)
        yield heading, ((number, cells) for number, cells in enumerate(rows, 2) if any(map(str.strip, cells)))


@contextmanager
def cells_of(file: ListFile) -> Iterator[Generator[list[str], None, None]]:
    """Every row as its cells, the heading first. Raises BadPeople for a file that is no list."""
    with file.open() as raw:
        start = raw.read(4)
        raw.seek(0)
        if is_sheet(raw):
            found = rows_of_sheet(raw)
        else:
            for mark, wrong in NOT_A_LIST.items():
                if start.startswith(mark):
                    raise refuse(wrong, SAVE_AS)
            found = rows_of_csv(raw)
        with closing(found):
            yield found


def rows(file: ListFile, mapped: Mapped | None = None) -> Iterator[RawRow | Problem]:
    """Each row in order, or what is wrong with its shape. Raises BadPeople for a file that is no list at all."""
    with opened(file, mapped or {}) as (heading, found):
        places = [(place, name) for place, name in enumerate(heading.columns) if name]
        for number, cells in found:
            yield _row(number, heading, places, cells)


def _row(number: int, heading: Heading, places: Sequence[tuple[int, str]], cells: list[str]) -> RawRow | Problem:
    wanted = len(heading.columns)
    if len(cells) != wanted:
        do = "look for a separator that is missing or too many, and put cells that hold one in quotation marks"
        return Problem(number, "the row", f"has {len(cells)} cells where the heading has {wanted}", do)
    if (not_utf_8("".join(cells)) or heading.nameless) and (wrong := _misshapen(number, heading, cells)):
        return wrong
    if heading.mending:
        cells = [_as_it_was(cell) for cell in cells]
    return RawRow(number, {name: cells[place] for place, name in places}, _mends(heading, cells))


def _misshapen(number: int, heading: Heading, cells: Sequence[str]) -> Problem | None:
    """The first cell that cannot be read as it stands."""
    for place, cell in enumerate(cells):
        if not_utf_8(cell):
            return Problem(
                number, heading.columns[place] or f"column {place + 1}", "holds letters that are not in UTF-8", SAVE_AS
            )
        if place in heading.nameless and cell.strip():
            return Problem(
                number, f"column {place + 1}", "holds something, but has no heading", "give it one, or empty it"
            )
    return None


def _as_it_was(cell: str) -> str:
    """Without the apostrophe that our own file of bad rows puts before what a spreadsheet would run."""
    return cell[1:] if _QUOTED.match(cell) else cell


def _mends(heading: Heading, cells: Sequence[str]) -> tuple[str, str] | None:
    if not heading.mending:
        return None
    told = {word.strip().lower(): cell for word, cell in zip(heading.words, cells, strict=True)}
    return told["list"].strip(), told["row"].strip()
