"""Notes beside the database of what this machine was about to send: a database that does not know its newest ones is an older one.

One file for each wave and channel in the home folder, 40 bytes for each attempt, appended once the attempt is on disk in the
database and before its first byte leaves. Ids only.
"""

import os
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from actions.claims import Claim
from actions.lease import Lease
from settings.model import Settings

_NOTE = struct.Struct(">16s16sd")
NEWEST = 512
"""So many of the newest notes are compared at each look; a restored database lacks the newest first."""
FILES = 4


@dataclass(frozen=True)
class Note:
    """One attempt that this machine began."""

    attempt_id: UUID
    nid: UUID
    at: datetime
    channel: str


def folder_of(settings: Settings) -> Path:
    """Where the notes lie."""
    return settings.home / "sent"


def note_claims(
    settings: Settings, lease: Lease, channels: Mapping[str, str], claims: Sequence[Claim], at: datetime
) -> None:
    """Note what is about to be sent. Exercises are left out: nothing of theirs leaves. An OSError means that nothing may leave."""
    if lease.sealed or not claims:
        return
    folder = folder_of(settings) / str(lease.incident_id)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for kind in {one.kind for one in claims}:
        mine = [_NOTE.pack(one.attempt_id.bytes, one.nid.bytes, at.timestamp()) for one in claims if one.kind == kind]
        _append(folder / f"{lease.wave_id}.{channels[kind]}", b"".join(mine))


def newest_notes(settings: Settings) -> list[Note]:
    """The newest notes of the files that were written to last."""
    files = sorted(folder_of(settings).glob("*/*.*"), key=lambda path: path.stat().st_mtime_ns)
    return [note for path in files[-FILES:] for note in _read(path, NEWEST)]


def notes_by_incident(settings: Settings) -> Iterator[tuple[UUID, list[Note]]]:
    """Every note, incident by incident."""
    for folder in sorted(folder_of(settings).glob("*/")):
        yield UUID(folder.name), [note for path in sorted(folder.glob("*.*")) for note in _read(path)]


def _append(path: Path, notes: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        if os.write(handle, notes) != len(notes):
            raise OSError("a note was written only in part")
    finally:
        os.close(handle)


def _read(path: Path, most: int | None = None) -> list[Note]:
    """The file's notes, or its newest; half a note at the end, as a full disk leaves, is none."""
    whole = path.read_bytes() if most is None else _tail(path, most * _NOTE.size)
    channel = path.name.partition(".")[2]
    usable = whole[: len(whole) - len(whole) % _NOTE.size]
    return [
        Note(UUID(bytes=attempt), UUID(bytes=nid), datetime.fromtimestamp(at, UTC), channel)
        for attempt, nid, at in _NOTE.iter_unpack(usable)
    ]


def _tail(path: Path, most: int) -> bytes:
    with path.open("rb") as file:
        whole = file.seek(0, os.SEEK_END) // _NOTE.size * _NOTE.size
        file.seek(max(0, whole - most))
        return file.read(min(most, whole))
