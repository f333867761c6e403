"""A whole book in one file, so that the law an obligation was born under can still be read, compared and asked."""

import json
from pathlib import Path
from typing import Any

from rulebook import library
from rulebook.law import BadLaw
from rulebook.library import Rulebook

SUFFIX = ".rulebook.json"
LARGEST = 64 * 1024 * 1024


def name(book: Rulebook) -> str:
    """The file's name: the version, and the beginning of the hash, which alone says which book it is."""
    return f"{book.version}-{book.hash[:12]}{SUFFIX}"


def write(shelf: Path, path: Path) -> Rulebook:
    """Write a folder of laws as one file. What is written is the text itself: nothing in it is worked out."""
    texts = library.texts(shelf)
    book = library.bound(texts)
    files = {file: text.decode("utf-8") for file, text in texts.items()}
    told = {"version": book.version, "hash": book.hash, "files": files}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(told, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
    return book


def read(place: Path) -> Rulebook:
    """The book of a folder, or of one file. Raises BadLaw, too where a file's text is not what its hash says."""
    if place.is_dir():
        return library.read(place)
    told = _told(place)
    book = library.bound({file: text.encode() for file, text in told["files"].items()})
    if book.hash != told["hash"]:
        raise BadLaw(
            str(place), "hash", 1, "the text is not that of this hash; the file was changed after it was written"
        )
    return book


def _told(place: Path) -> dict[str, Any]:
    try:
        if place.stat().st_size > LARGEST:
            raise BadLaw(str(place), "", 1, "the file is too large to be a rulebook")
        told = json.loads(place.read_text(encoding="utf-8"))
    except OSError as trouble:
        raise BadLaw(str(place), "", 1, f"it cannot be read: {trouble.strerror}") from None
    except ValueError:
        raise BadLaw(str(place), "", 1, "it is not JSON, so no rulebook was written here") from None
    if not (isinstance(told, dict) and isinstance(told.get("hash"), str) and _texts(told.get("files"))):
        raise BadLaw(str(place), "", 1, "it holds no rulebook; write one with 'forthwith rulebook export'")
    return told


def _texts(files: object) -> bool:
    return isinstance(files, dict) and all(isinstance(text, str) for text in files.values())
