"""Reads the rows of an XLSX spreadsheet through a process of its own, so that a hostile one takes nothing down."""

import json
import subprocess
import sys
from collections.abc import Generator, Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from actions.bad_people import refuse

LARGEST = 50_000_000
"""As it is packed, in bytes."""
_CHILD = Path(__file__).with_name("sheet_child.py")


def is_sheet(file: BinaryIO) -> bool:
    """Whether this is an archive with a workbook in it. Leaves the file at its first byte."""
    start = file.read(1_000_000)
    file.seek(0)
    return start.startswith(b"PK\x03\x04") and (b"xl/" in start or b"[Content_Types].xml" in start)


def rows_of_sheet(file: BinaryIO) -> Generator[list[str], None, None]:
    """Each row as its cells, from the first on. Raises BadPeople with what the reader found wrong, or for its death."""
    data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise refuse(f"is a spreadsheet of more than {LARGEST // 1_000_000} MB", "save it as CSV UTF-8 and try again")
    with subprocess.Popen(  # noqa: S603 - our own script, by our own interpreter, with nothing of the file on its command line
        [sys.executable, "-I", str(_CHILD)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={},
    ) as child:
        try:
            yield from _told(child, data)
        finally:
            child.kill()


def _told(child: "subprocess.Popen[bytes]", data: bytes) -> Iterator[list[str]]:
    if child.stdin is None or child.stdout is None:
        raise RuntimeError("a process started with pipes has none")
    with suppress(BrokenPipeError), child.stdin as into:
        into.write(data)
    for line in child.stdout:
        told = json.loads(line)
        if told == "end":
            return
        if isinstance(told, dict):
            raise refuse(**told)
        yield told
    raise refuse(
        "cannot be read within the memory and the time that a list may take", "save it as CSV UTF-8 and try again"
    )
