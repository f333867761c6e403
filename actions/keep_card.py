"""Keeps the break-glass card on the disk: written anew when anything on it changed, whole or not at all, the last few kept."""

import hashlib
from datetime import datetime, timedelta
from pathlib import Path

from actions import card_opener, clock
from actions.card_keys import read_ring, seal
from actions.card_words import card_words, headed
from actions.desk import Desk
from actions.write_whole import write_whole
from settings.model import Settings

CARD, OPENER = "card.txt", "card.py"
OLD_ONES = 5
AT_LEAST_EVERY = timedelta(hours=12)
"""So that the card's own date shows that somebody still writes it."""


def folder_of(settings: Settings) -> Path:
    """Where the watchdog keeps what it needs."""
    return settings.home / "watchdog"


def keep_card(desk: Desk, before: str) -> str:
    """Write the card if it differs from *before*, the mark of the one that lies there; gives the mark of the one there now.

    Without a passphrase there is no card: the mark stays empty.
    """
    folder = folder_of(desk.settings)
    ring = read_ring(folder)
    if ring is None:
        return ""
    with desk.reading() as session:
        text = card_words(session, desk.settings)
    now = clock.now()
    mark = hashlib.sha256(f"{ring['public']}\n{ring['salt']}\n{text}".encode()).hexdigest()
    if mark == before and (folder / CARD).exists() and now - _written_at(folder / CARD) < AT_LEAST_EVERY:
        return mark
    card = seal(ring, headed(text, desk.settings, now), now)
    write_whole(folder / OPENER, Path(card_opener.__file__).read_bytes())
    _keep_old(folder, now)
    write_whole(folder / CARD, card)
    return mark


def _written_at(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, tz=clock.now().tzinfo)


def _keep_old(folder: Path, now: datetime) -> None:
    """The card that lies there gets a name of its own; only the last few stay."""
    if (folder / CARD).exists():
        name = f"card-until-{now:%Y%m%dT%H%M%S%f}Z.txt"
        (folder / name).hardlink_to(folder / CARD)
    for old in sorted(folder.glob("card-until-*.txt"))[:-OLD_ONES]:
        old.unlink(missing_ok=True)
