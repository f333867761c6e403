"""Keeps each rulebook that was in use, whole and in one file, so that old terms can be read and replayed years later."""

import os
from pathlib import Path

from actions.errors import Conflict
from rulebook import library, volume
from rulebook.library import Rulebook
from settings.model import Settings


def keep_book(settings: Settings) -> Path:
    """Write down the book of this program, unless it is kept already. Returns the file."""
    path = shelf_of(settings) / volume.name(library.book())
    if not path.exists():
        beginning = path.with_name(f".{path.name}.{os.getpid()}")
        volume.write(library.SHELF, beginning)
        beginning.replace(path)
    return path


def shelf_of(settings: Settings) -> Path:
    """Where the books are kept."""
    return settings.home / "rulebooks"


def find_book(settings: Settings, wanted: str) -> Rulebook:
    """A book by its folder or file, or a kept one by version or by the beginning of its hash. Raises Conflict, BadLaw."""
    place = Path(wanted)
    if place.exists():
        return volume.read(place)
    kept = sorted(shelf_of(settings).glob(f"*{volume.SUFFIX}"))
    names = [path.name.removesuffix(volume.SUFFIX) for path in kept]
    found = [path for path, name in zip(kept, names, strict=True) if wanted in (name, *_parts(name, len(wanted)))]
    if len(found) != 1:
        why = "means several kept books" if found else "is neither a folder or file, nor a kept book"
        raise Conflict(f"{wanted} {why}; kept are: {', '.join(names) or 'none yet'}.")
    return volume.read(found[0])


def _parts(name: str, length: int) -> tuple[str, str]:
    """The version, and as much of the hash as was given, at least six letters of it."""
    version, _, digest = name.rpartition("-")
    return version, digest[: max(length, 6)]
