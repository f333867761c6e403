"""Founds a deployment: the home folder, the master key, and the database at its newest migration. Safe to repeat."""

import os
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from actions import clock, journal
from actions.errors import Conflict
from db import schema
from db.models import IncidentKey, JournalHead
from db.session import Database, reading
from db.transaction import writing
from db.vault import make_master_key, read_master_key
from settings import __version__
from settings.model import Settings


@dataclass(frozen=True)
class Founded:
    """What was made by this call and what was there already."""

    home: Path
    key_file: Path
    made_key: bool
    schema_before: str | None
    schema_now: str


def found(settings: Settings, actor: str = "system") -> Founded:
    """Make what is missing. Raises Conflict when the home cannot be made, or when data exist but not the key they need."""
    _make_home(settings)
    database = Database(settings.url)
    try:
        before = schema.present(database)
        schema.migrate(database)
        made = _make_key(settings, _keys_in_use(database))
        _journal(database, actor, before)
    finally:
        database.close()
    return Founded(settings.home, settings.key_file, made, before, schema.newest())


def _make_home(settings: Settings) -> None:
    try:
        for folder in (settings.home, settings.outbox_folder):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Conflict(
            f"The folder {error.filename} cannot be made ({error.strerror}); set FORTHWITH_HOME to one that you may write to."
        ) from None


def _keys_in_use(database: Database) -> set[str]:
    """The master keys that wrapped the keys of incidents here."""
    with reading(database) as session:
        return set(
            session.scalars(sa.select(IncidentKey.master_key_id).where(IncidentKey.wrapped.is_not(None)).distinct())
        )


def _make_key(settings: Settings, in_use: set[str]) -> bool:
    if not settings.key_file.exists():
        if in_use:
            raise Conflict(
                f"The master key {settings.key_file} is missing, yet the database holds data sealed with it; put it back from your backup."
            )
        make_master_key(settings.key_file)
        return True
    if os.name == "posix" and settings.key_file.stat().st_mode & 0o077:
        raise Conflict(f"The master key {settings.key_file} can be read by others; run: chmod 600 {settings.key_file}")
    if in_use - {read_master_key(settings.key_file).key_id}:
        raise Conflict(
            f"The master key {settings.key_file} is not the one that sealed the data in this database; put back the right one."
        )
    return False


def _journal(database: Database, actor: str, before: str | None) -> None:
    """The house's chain begins with the founding, and tells of each later migration."""
    with writing(database) as session:
        if before == schema.newest() and session.get(JournalHead, journal.HOUSE) is not None:
            return
        details = {"from": before, "to": schema.newest()}
        entry = {
            "act": "found",
            "at": clock.now(),
            "actor": actor,
            "version": __version__,
            "subject": "",
            "details": details,
        }
        journal.append(session, journal.HOUSE, entry)
