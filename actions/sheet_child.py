"""Reads a spreadsheet in a process of its own, whose memory and time are limited: what is hostile takes down nobody else.

It imports nothing of ours. Bytes come in on the standard input; each row goes out as a line of JSON, a refusal as an object, and
the word "end" when all was told.
"""

import datetime
import io
import json
import re
import resource
import sys
import zipfile
from collections.abc import Iterator
from typing import Any, NoReturn

import python_calamine

MEMORY = 1_500_000_000
SECONDS = 300
UNZIPPED = 500_000_000
MOST_PARTS = 1000
MOST_ROWS = 200_000
"""Below the heading. A longer list is asked for as CSV, which is read as it comes."""
MOST_CELLS_ACROSS = 16_384
EXACT = 10**15
"""A spreadsheet keeps no more than fifteen digits of a number."""
BLOCK, OVERLAP = 1_000_000, 10_000
AS_VALUES = "paste its cells into a new sheet as values, save that and try again"

_PATTERNS = (
    (re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE), "holds definitions of its own (DTD)", AS_VALUES),
    (
        re.compile(rb"<(?:\w+:)?c\b[^>]*>\s*<(?:\w+:)?f\b(?:[^>]*/>|[^<]*</(?:\w+:)?f>)\s*</(?:\w+:)?c>"),
        "holds a formula that was never worked out",
        AS_VALUES,
    ),
    (
        re.compile(rb"<(?:\w+:)?c\b[^>]*\bt=[\"']e[\"'][^>]*>"),
        "holds a formula that ends in an error",
        "mend the formula, or write what belongs there",
    ),
)
_CELL = re.compile(rb"\br=[\"']([A-Z]{1,3})(\d{1,7})[\"']")


class Refused(Exception):
    """The spreadsheet cannot be read: what is wrong, what to do, and where."""

    def __init__(self, wrong: str, do: str, row: int = 0, column: str = "the list") -> None:
        super().__init__(wrong)
        self.told = {"wrong": wrong, "do": do, "row": row, "column": column}


def main() -> None:
    """Read what comes, and tell it."""
    for limit, most in ((resource.RLIMIT_CORE, 0), (resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, SECONDS)):
        resource.setrlimit(limit, (most, most))
    try:
        data = io.BytesIO(sys.stdin.buffer.read())
        inspect(data)
        for row in rows(data):
            sys.stdout.write(json.dumps(row) + "\n")
        told: Any = "end"
    except Refused as refused:
        told = refused.told
    except MemoryError:
        told = Refused("needs more memory than a list may", "save it as CSV UTF-8 and try again").told
    sys.stdout.write(json.dumps(told) + "\n")


def inspect(data: io.BytesIO) -> None:
    """Look through the archive before anything believes it: how large it becomes, and what stands in it. Raises Refused."""
    try:
        with zipfile.ZipFile(data) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > UNZIPPED:
                _too_large()
            if any(part.filename.startswith("xl/externalLinks/") for part in parts):
                raise Refused("takes values from other files", AS_VALUES)
            room = UNZIPPED
            for part in parts:
                room -= _look_through(archive, part, room)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, OSError, zipfile.zlib.error):  # type: ignore[attr-defined]  # zipfile imports zlib where there is one
        raise Refused("is damaged, or locked with a password", "save it anew without a password") from None


def _look_through(archive: zipfile.ZipFile, part: zipfile.ZipInfo, room: int) -> int:
    """Count the part's bytes as they come, since its own word for them may be a lie; returns how many there were."""
    came, before = 0, b""
    with archive.open(part) as file:
        while block := file.read(BLOCK):
            came += len(block)
            if came > room:
                _too_large()
            if part.filename.endswith((".xml", ".rels")):
                _search(before + block, part.filename)
                before = block[-OVERLAP:]
    return came


def _search(block: bytes, name: str) -> None:
    sheet = name.startswith("xl/worksheets/")
    for pattern, wrong, do in _PATTERNS if sheet else _PATTERNS[:1]:
        if found := pattern.search(block):
            cell = _CELL.search(found[0])
            raise Refused(wrong, do, int(cell[2]) if cell else 0, f"column {cell[1].decode()}" if cell else "the list")


def _too_large() -> NoReturn:
    raise Refused(
        f"becomes larger than {UNZIPPED // 1_000_000} MB when it is unpacked", "save it as CSV UTF-8 and try again"
    )


def rows(data: io.BytesIO) -> Iterator[list[str]]:
    """Every row of the one sheet that holds something, from its first row on. Raises Refused."""
    data.seek(0)
    try:
        with python_calamine.load_workbook(data) as book:
            yield from _rows_of(_only_sheet(book))
    except (python_calamine.CalamineError, OSError, ValueError):
        raise Refused("cannot be read as a spreadsheet", "save it anew, or as CSV UTF-8") from None


def _only_sheet(book: python_calamine.CalamineWorkbook) -> python_calamine.CalamineSheet:
    visible = [
        one.name
        for one in book.sheets_metadata
        if one.visible is python_calamine.SheetVisibleEnum.Visible
        and one.typ is python_calamine.SheetTypeEnum.WorkSheet
    ]
    filled = [sheet for sheet in map(book.get_sheet_by_name, visible) if sheet.height]
    if not filled:
        raise Refused("holds no people", "write one person a row, under the heading")
    if len(filled) > 1:
        raise Refused(
            "has several sheets with something on them", "leave the sheet with the people, and delete the others"
        )
    return filled[0]


def _rows_of(sheet: python_calamine.CalamineSheet) -> Iterator[list[str]]:
    down, across = sheet.start or (0, 0)
    if across + sheet.width > MOST_CELLS_ACROSS or sheet.total_height > MOST_ROWS + 1:
        raise Refused(
            f"has more than {MOST_ROWS:,} rows", "save it as CSV UTF-8: a list of any length is read from that"
        )
    yield from ([""] * (across + sheet.width) for _ in range(down))
    for number, cells in enumerate(sheet.iter_rows(), down + 1):
        yield [""] * across + [text(cell, number, place) for place, cell in enumerate(cells, across + 1)]


def text(cell: Any, row: int, place: int) -> str:
    """A cell as the text that a person means by it. Raises Refused for a number of which the spreadsheet has lost digits."""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float | int):
        if abs(cell) >= EXACT:
            raise Refused(
                "is a number of more than fifteen digits, of which the spreadsheet has lost some",
                "format the column as text and write it anew",
                row,
                f"column {place}",
            )
        return str(int(cell)) if cell == int(cell) else repr(cell)
    if isinstance(cell, datetime.datetime):
        return cell.isoformat().removesuffix("T00:00:00")
    if isinstance(cell, datetime.date | datetime.time):
        return cell.isoformat()
    return str(cell)


if __name__ == "__main__":
    main()
