"""A folder that messages and letters are laid into, each exactly once: the file's name is the notice's id.

Truly exactly once, because `link(2)` fails if the name is taken, whoever else tries and whenever the power fails. It holds only as long
as the names stay: whoever carries the files further copies them and leaves them there.
"""

from __future__ import annotations

import errno
import os
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from channels.mime import message_bytes
from channels.outcome import Accepted, Evidence, Finding, Halt, Kind, Refused, TryAgain, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from channels.envelope import Envelope

_FULL = {errno.ENOSPC, errno.EDQUOT}
_PASSING = {errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EINTR, errno.EAGAIN}
_ABANDONED_AFTER = 3600.0  # seconds; nobody takes that long to write one file


class Outbox:
    """Lays e-mails as `<nid>.eml`, or letters as `<nid>.pdf`, into one folder that only the owner can read."""

    def __init__(self, folder: Path, *, kind: Kind = "email", name: str = "outbox") -> None:
        self.name = name
        self.kind: Kind = kind
        self._folder = folder
        self._drafts = folder / ".drafts"
        self._suffix = ".eml" if kind == "email" else ".pdf"

    def __repr__(self) -> str:
        return f"Outbox({self.name})"

    def check(self) -> None:
        """Make the folder if it is missing, rehearse one whole delivery in it, and clear away what killed senders left half-written."""
        rehearsal = self._drafts / f"rehearsal-{uuid4().hex}"
        with _nothing_laid_yet():
            self._drafts.mkdir(mode=0o700, parents=True, exist_ok=True)
            draft = self._draft(b"rehearsal")
            try:
                os.link(draft, rehearsal)
                self._clear_abandoned(now=draft.stat().st_mtime)
            finally:
                rehearsal.unlink(missing_ok=True)
                draft.unlink(missing_ok=True)

    def send(self, envelope: Envelope) -> Accepted:
        content = self._content(envelope)
        final = self._folder / f"{envelope.nid}{self._suffix}"
        with _nothing_laid_yet():
            draft = self._draft(content)
            try:
                detail = self._lay(draft, final, content)
            finally:
                with suppress(OSError):  # the outcome is decided; the next check clears a draft that stays
                    draft.unlink()
        try:
            self._make_durable()
        except OSError as error:
            raise Unknown("the disk did not confirm the file", _name(error), stops_run=True) from None
        return Accepted(reference=final.name, detail=detail)

    def evidence(self, nid: UUID, *, to_address: str, category: str, since_at: datetime) -> Evidence:
        """A file that is there was sent, one that is not was not; the name alone decides, so the other hints are not needed."""
        final = self._folder / f"{nid}{self._suffix}"
        with _nothing_laid_yet():
            found = final.exists()
            self._make_durable()  # also fails if the folder is not mounted, which must not look like an unsent notice
        if not found:
            return Evidence(Finding.ABSENT, None, "no such file in the outbox")
        return Evidence(Finding.FOUND, final.name, "the file is in the outbox")

    def close(self) -> None:
        """Nothing is held open."""

    def _content(self, envelope: Envelope) -> bytes:
        if self.kind == "email":
            return message_bytes(envelope)
        if envelope.letter_pdf is None or not envelope.letter_pdf.startswith(b"%PDF-"):
            raise Refused("the envelope holds no letter")
        return envelope.letter_pdf

    def _draft(self, content: bytes) -> Path:
        """A complete, durable file under a name that nobody looks at."""
        draft = self._drafts / uuid4().hex
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            _write(handle, content)
        except OSError:
            draft.unlink(missing_ok=True)
            raise
        return draft

    def _lay(self, draft: Path, final: Path, content: bytes) -> str:
        try:
            os.link(draft, final)
        except FileExistsError:
            if final.read_bytes() != content:
                raise Refused("another message of this notice is already in the outbox") from None
            return "already in the outbox"
        return "laid into the outbox"

    def _make_durable(self) -> None:
        """Force the names to the disk; also for a file found there, whose sender may have died before doing so."""
        handle = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

    def _clear_abandoned(self, now: float) -> None:
        for draft in self._drafts.iterdir():
            with suppress(FileNotFoundError):  # two checks may clear the same folder
                if now - draft.stat().st_mtime > _ABANDONED_AFTER:
                    draft.unlink()


@contextmanager
def _nothing_laid_yet() -> Iterator[None]:
    """Say what a refused system call means, given that the file has not got its final name."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:  # mends itself once somebody makes room, so it needs no decision, only a pause
            raise TryAgain("the outbox's disk is full", _name(error), stops_run=True) from None
        if error.errno in _PASSING:
            raise TryAgain("the machine is short of something", _name(error)) from None
        raise Halt("the outbox cannot be written", _name(error)) from None


def _write(handle: int, content: bytes) -> None:
    left = memoryview(content)
    try:
        while left:
            left = left[os.write(handle, left) :]
        os.fsync(handle)
    finally:
        os.close(handle)


def _name(error: OSError) -> str:
    return errno.errorcode.get(error.errno or 0, "unknown")
