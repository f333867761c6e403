"""Reads the rows of a CSV file: strictly, one after the other, in bounded memory."""

import csv
import io
import re
from collections.abc import Generator, Iterator
from typing import BinaryIO

from actions.bad_people import refuse

LONGEST_LINE = 100_000
SEPARATORS = ",;\t"
SAVE_AS = "save it as CSV UTF-8 and try again"
_NOT_UTF_8 = re.compile(r"[\udc80-\udcff]")


def rows_of_csv(file: BinaryIO) -> Generator[list[str], None, None]:
    """Each row as its cells, the heading first. Raises BadPeople where the file breaks off or is no text.

    Bytes that are not UTF-8 stay in their cell as escapes, so that the row that holds them can be named.
    """
    text = io.TextIOWrapper(file, encoding="utf-8-sig", errors="surrogateescape", newline="")
    lines = _lines(text)
    head = next(lines, "")
    separator = max(SEPARATORS, key=head.count)
    row = 1
    try:
        for cells in csv.reader(_again(head, lines), delimiter=separator, strict=True):
            yield cells
            row += 1
    except csv.Error as error:
        raise refuse(f"breaks off: {error}", "look for a quotation mark that is never closed", row, "the row") from None
    finally:
        text.detach()  # whoever opened the file closes it


def not_utf_8(cell: str) -> bool:
    """Whether bytes of another encoding stand in the cell."""
    return not cell.isascii() and _NOT_UTF_8.search(cell) is not None


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
