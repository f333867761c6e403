"""The rows of a list that are wrong, in their own cells, as a list to be mended and handed in again."""

import csv
import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from itertools import groupby
from pathlib import Path
from typing import IO, Any

from actions.errors import Conflict
from actions.heading import OF_MENDING, Heading, Mapped
from actions.people_file import ListFile, opened
from db.models.person import PERSON_KINDS
from db.spool import Spool

MARK = 12
"""So many digits of a list's hash tell it from the others of an incident."""
_RUNS = re.compile(r"'*[=+\-@\t\r]")

APART = {"accused": "accused", "third_party": "third-parties"}
SORT_OF = {kind: APART.get(kind, "people") for kind in PERSON_KINDS}
"""Who may be in one file of bad rows together."""

Lines = Iterable[Sequence[str]]
Taker = Callable[[Lines], None]


def bad_rows(file: ListFile, mapped: Mapped, sha256: str, spool: Spool) -> Iterator[list[str]]:
    """A heading of ours, and each bad row: of which list and which row it is, its own cells, what is wrong and what to do.

    A cell that a spreadsheet would run as a formula has an apostrophe before it, which reading takes away again.
    """
    with opened(file, mapped) as (heading, rows):
        yield [*OF_MENDING[:2], *filter(None, heading.columns), *OF_MENDING[2:]]
        found = iter(rows)
        for number, problems in groupby(spool.each_problem(), key=lambda one: one[0]):
            told = list(problems)
            cells = next((cells for row, cells in found if row == number), [])
            wrong = "; ".join(f"{column} {wrong}" for _, column, wrong, _ in told)
            how = "; ".join(dict.fromkeys(do for *_, do in told))
            yield [sha256[:MARK], str(number), *map(harmless, _own(heading, cells)), harmless(wrong), harmless(how)]


def write_bad_rows(path: Path) -> Taker:
    """What writes them into a new file that only its owner can read. Raises Conflict when there is a file of that name.

    The accused, third parties, and those whose kind cannot be read never stand in a file with victims: whoever is of another
    sort than the first goes into a file of their own beside it, such as bad-accused.csv.
    """

    def take(lines: Lines) -> None:
        rows = iter(lines)
        heading = next(rows)
        place = heading.index("kind") if "kind" in heading else None
        with ExitStack() as stack:
            files: dict[str, Any] = {}
            for row in rows:
                sort = SORT_OF.get(_kind(row, place), "unknown-kind")
                if sort not in files:
                    own = path.with_stem(f"{path.stem}-{sort}") if files else path
                    files[sort] = csv.writer(stack.enter_context(_new(own)))
                    files[sort].writerow(heading)
                files[sort].writerow(row)

    return take


def _kind(row: Sequence[str], place: int | None) -> str:
    said = row[place] if place is not None and place < len(row) else ""
    return said.strip().casefold().replace(" ", "_").replace("-", "_")


def _new(path: Path) -> IO[str]:
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise Conflict(f"The bad rows cannot be written to {path} ({error.strerror}); name a new file.") from None
    return os.fdopen(handle, "w", encoding="utf-8-sig", newline="")


def harmless(cell: str) -> str:
    """The cell so that no spreadsheet runs it, in letters that every reader has."""
    text = readable(cell)
    return f"'{text}" if _RUNS.match(text) else text


def readable(cell: str) -> str:
    """The cell in letters; bytes of another encoding are most likely those of Western Europe's spreadsheets."""
    if cell.isascii():
        return cell
    written = cell.encode("utf-8", "surrogateescape")
    try:
        return written.decode("utf-8")
    except UnicodeDecodeError:
        return written.decode("cp1252", "replace")


def _own(heading: Heading, cells: Sequence[str]) -> list[str]:
    """The cells that are taken in, under our names, so that they come back without a mapping; what has no heading stays at the end."""
    wide = len(heading.columns)
    filled = [*cells, *[""] * (wide - len(cells))]
    homeless = [cell for cell, word in zip(filled, heading.words, strict=False) if not word.strip() and cell.strip()]
    return [cell for cell, name in zip(filled, heading.columns, strict=False) if name] + homeless + filled[wide:]
