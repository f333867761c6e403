"""Files that people hand in: what they are is read from their bytes, not believed from their names."""

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from starlette.datastructures import UploadFile

from actions.errors import Conflict

PROOF_BYTES = 10_000_000
LIST_BYTES = 500_000_000
_STARTS = {b"%PDF-": ".pdf", b"\x89PNG\r\n\x1a\n": ".png", b"\xff\xd8\xff": ".jpg"}
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
_HEADER = re.compile(
    rb"(received|from|return-path|message-id|date|subject|delivered-to|dkim-signature|mime-version):", re.I
)


def proof_of(upload: UploadFile) -> tuple[str, bytes]:
    """A proof of receipt: a PDF, a picture, an e-mail or text; its name made harmless. Raises Conflict for anything else."""
    data = upload.file.read(PROOF_BYTES + 1)
    if len(data) > PROOF_BYTES:
        raise Conflict(
            f"The proof is larger than {PROOF_BYTES // 1_000_000} MB; hand in the page that shows the receipt."
        )
    ending = _kind(data)
    stem = re.sub(r"[^A-Za-z0-9._-]+", "-", Path(upload.filename or "proof").stem).strip("-.")[:60] or "proof"
    return stem + ending, data


def _kind(data: bytes) -> str:
    for start, ending in _STARTS.items():
        if data.startswith(start):
            return ending
    if not data.strip():
        raise Conflict("The proof is empty.")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = "\x00"
    if _CONTROL.search(text) or text.lstrip("\ufeff \r\n\t").startswith("<"):
        raise Conflict(
            "The proof is neither a PDF, a PNG or JPEG picture, an e-mail nor plain text; print the page as a PDF."
        )
    return ".eml" if _HEADER.match(data) else ".txt"


@contextmanager
def kept_for_now(upload: UploadFile, suffix: str) -> Iterator[Path]:
    """The upload as a file that only we can read, gone at the end."""
    with tempfile.NamedTemporaryFile(suffix=suffix, prefix="forthwith-") as file:
        while piece := upload.file.read(1_000_000):
            file.write(piece)
            if file.tell() > LIST_BYTES:
                raise Conflict(f"The list is larger than {LIST_BYTES // 1_000_000} MB; hand it in in parts.")
        file.flush()
        yield Path(file.name)
