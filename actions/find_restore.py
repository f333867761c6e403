"""Finds out that the database was restored from a backup: what was sent after the backup's moment is not known to it.

Asked before anything is sent and at each reconciling. Two signs: this machine's notes name attempts that the database does not know, or the
database is another one than it was (PostgreSQL says so itself; SQLite carries a word that the home folder must carry as well).
"""

import secrets
from contextlib import suppress
from uuid import UUID

import sqlalchemy as sa

from actions import clock
from actions.claim_notes import folder_of, newest_notes
from actions.desk import Desk
from actions.errors import Conflict
from actions.start_paused import start_paused
from db.models import Attempt, Heartbeat
from db.queries.identity import identity

NAME = "identity"
REFUSAL = "The database was restored from a backup, so nothing is sent by itself: every wave is paused, and a task says what to do."


def refuse_restored(desk: Desk) -> None:
    """Raises Conflict when the database turns out to be an older one; everything is paused then."""
    if find_restore(desk):
        raise Conflict(REFUSAL)


def find_restore(desk: Desk) -> bool:
    """Whether the database turns out to be an older or another one now. Its waves are paused then, once."""
    lacking = _lacks_notes(desk)
    another = _is_another(desk)
    if not lacking and not another:
        return False
    start_paused(
        desk, "what this machine sent is not in it" if lacking else "it is another one than it was", all_queued=another
    )
    if another:
        _remember(desk, anew=True)
    return True


def _lacks_notes(desk: Desk) -> bool:
    """The files are read first: whatever they name was in the database before it was noted."""
    ids = {note.attempt_id for note in newest_notes(desk.settings)}
    if not ids:
        return False
    with desk.reading() as session:
        known: set[UUID] = set()
        wanted = list(ids)
        for start in range(0, len(wanted), 500):
            some = wanted[start : start + 500]
            known |= set(session.scalars(sa.select(Attempt.id).where(Attempt.id.in_(some))))
    return bool(ids - known)


def _is_another(desk: Desk) -> bool:
    with desk.reading() as session:
        kept, live = session.get(Heartbeat, NAME), identity(session)
    if kept is None:
        _remember(desk)
        return False
    return bool(kept.detail.get("is") != (live or _word(desk)))


def _remember(desk: Desk, *, anew: bool = False) -> None:
    """Keep which database this is; for SQLite as a new word in both places. The first of several workers does, the others find it kept."""
    with desk.writing() as session:
        if session.get(Heartbeat, NAME) is not None and not anew:
            return
        known = identity(session) or secrets.token_hex(16)
        if not identity(session):
            folder_of(desk.settings).mkdir(mode=0o700, parents=True, exist_ok=True)
            (folder_of(desk.settings) / NAME).write_text(known, "ascii")
        with suppress(sa.exc.IntegrityError), session.begin_nested():  # another worker may have kept it just now
            session.merge(Heartbeat(name=NAME, beat_at=clock.now(), detail={"is": known}))


def _word(desk: Desk) -> str:
    try:
        return (folder_of(desk.settings) / NAME).read_text("ascii")
    except (OSError, UnicodeDecodeError):
        return ""
