"""Reads the mails that came back: from a Maildir that the bounce address delivers to, or from files; kept like any provider's events."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from actions import clock
from actions.desk import Desk
from actions.errors import Conflict
from actions.receive_events import keep_events
from channels.bounces import LARGEST, reports_in

AT_ONCE = 200


@dataclass(frozen=True)
class ReadBack:
    """How many mails were read, and how many reports about notices were in them."""

    mails: int
    reports: int


def read_bounces(desk: Desk, path: Path) -> ReadBack:
    """Read one mail, a folder of mails, or a Maildir. What was kept before is not kept again. Raises Conflict where nothing is."""
    if not path.exists():
        raise Conflict(f"There is nothing at {path}; name a file with one mail, a folder of such files, or a Maildir.")
    return _read(desk, path)


def fetch_bounces(desk: Desk) -> int:
    """Read what is new in the Maildir of the settings, bounded. Returns how many reports were kept."""
    folder = desk.settings.bounce_folder
    return _read(desk, folder).reports if folder is not None else 0


def _read(desk: Desk, path: Path) -> ReadBack:
    mails, told, now = list(_mails(path)), [], clock.now()
    for mail in mails:
        with suppress(OSError), mail.open("rb") as file:
            told += reports_in(file.read(LARGEST), now)
    keep_events(desk, told)
    for mail in mails:
        if mail.parent.name == "new":  # kept: a Maildir's reader moves what it has seen
            with suppress(FileNotFoundError):
                mail.rename(mail.parent.parent / "cur" / f"{mail.name}:2,S")
    return ReadBack(len(mails), len(told))


def _mails(path: Path) -> Iterator[Path]:
    """The oldest first, no more than one look may take; of a Maildir only what nobody has seen."""
    if path.is_file():
        yield path
        return
    maildir = (path / "new").is_dir() and (path / "cur").is_dir()
    files = sorted(one for one in (path / "new" if maildir else path).iterdir() if one.is_file())
    yield from files[:AT_ONCE] if maildir else files
