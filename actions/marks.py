"""Marks of warnings that left, kept outside the database: a database put back from yesterday does not tell yesterday's warnings again."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path

from settings.model import Settings

KEPT = timedelta(days=60)
"""Longer than anyone keeps a backup that they would put back."""


class Marks:
    """The marks of one deployment, a file for each day; a mark is the hash of what was told to whom, so that it says nothing."""

    def __init__(self, settings: Settings) -> None:
        self._folder = settings.home / "told"
        self._written: set[Path] = set()

    def has(self, *what: object) -> bool:
        """Whether this was told already."""
        return _mark(what) in self._known

    def add(self, at: datetime, *what: object) -> None:
        """This was told now. The mark outlives this process at once, and the machine's power when it is kept. For any thread."""
        mark, path = _mark(what), self._folder / f"{at:%Y-%m-%d}"
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _opened(path) as descriptor:
            os.write(descriptor, f"{mark}\n".encode())
        self._known.add(mark)
        self._written.add(path)

    def keep(self) -> None:
        """Return when every mark is on the disk."""
        for path in tuple(self._written):
            with _opened(path) as descriptor:
                os.fsync(descriptor)

    def forget(self, now: datetime) -> None:
        """Let go of what is older than any backup."""
        for path in self._days():
            if path.name < f"{now - KEPT:%Y-%m-%d}":
                path.unlink(missing_ok=True)

    @cached_property
    def _known(self) -> set[str]:
        return {line for path in self._days() for line in path.read_text("ascii").splitlines()}

    def _days(self) -> list[Path]:
        return sorted(self._folder.glob("????-??-??"))


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _mark(what: tuple[object, ...]) -> str:
    return hashlib.sha256("\n".join(str(one) for one in what).encode()).hexdigest()
