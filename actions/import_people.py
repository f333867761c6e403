"""Takes in a list of affected people: every row is checked, and either all of them are entered or none."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from actions import clock
from actions.bad_people import MOST_PROBLEMS, BadPeople, Problem, refuse
from actions.desk import Act, Desk, find
from actions.enter_list import enter_list
from actions.enter_people import setting_at
from actions.errors import Conflict
from actions.people_file import ListFile, list_at
from actions.seal_list import Progress, seal_list
from actions.settle_list import settle_list
from actions.shared_contacts import flag_shared
from db.models import Exercise, Import, Incident, JournalHead
from db.spool import Spool


@dataclass(frozen=True)
class Imported:
    """What became of a list: its rows, the people who are new, those who were on the ledger already, and the newly flagged."""

    rows: int
    added: int
    already: int
    flagged: int


def import_people(
    desk: Desk,
    incident: UUID | str,
    list_: Path | ListFile,
    *,
    mapped: Mapping[str, str] | None = None,
    progress: Progress = lambda _done, _rows: None,
) -> Imported:
    """Take the list in, whole or not at all. The same list again changes nothing. *progress* hears rows done and about how many in all.

    The list is checked and sealed while nothing is locked; then one transaction enters it.
    Raises BadPeople with each problem (row, column, what is wrong, what to do) and none of the people's data.
    """
    file = list_ if isinstance(list_, ListFile) else list_at(list_)
    sha256, about = file.measure()
    with Spool() as spool:
        with desk.reading() as session:
            found = find(session, incident)
            if known := _known(session, found, sha256):
                return Imported(known.rows, 0, known.rows, 0)
            vault, setting = desk.vault(session, found.id), setting_at(desk.settings, found, _now(session, found))
        _check_open(found)
        count = seal_list(file, mapped or {}, setting, vault, spool, lambda done: progress(done, max(about, done)))
        if not count:
            raise refuse("holds no people", "write one person a row, under the heading")
        if file.measure()[0] != sha256:
            raise refuse("changed while it was read", "try again when nothing writes to it any more")
        done = _enter(desk, found, spool, sha256, count)
    progress(count, count)
    return done


def _now(session: Session, incident: Incident) -> datetime:
    return clock.now(session.get(Exercise, incident.exercise_id) if incident.exercise_id else None)


def _check_open(incident: Incident) -> None:
    """Before a million rows are looked at in vain."""
    if incident.closed_at:
        raise Conflict(f"{incident.reference} is closed; declare a new incident and refer to it.")


def _enter(desk: Desk, incident: Incident, spool: Spool, sha256: str, count: int) -> Imported:
    with desk.reading() as session:
        head = _head(session, incident.id)
        settle_list(session, incident.id, spool)
    _check(spool)
    with desk.act("import_people", incident.id) as act:
        if _known(act.session, incident, sha256):
            return Imported(count, 0, count, 0)
        if _head(act.session, incident.id) != head:  # somebody has done something meanwhile
            settle_list(act.session, incident.id, spool)
            _check(spool)
        added = enter_list(act, _begin(act, sha256, count), spool)
        flagged = flag_shared(act)
        act.journal(f"list {sha256[:12]}", sha256=sha256, rows=count, added=added, flagged=flagged)
        act.ask_for("respond", because="people were entered")
    return Imported(count, added, count - added, flagged)


def _check(spool: Spool) -> None:
    """Raises BadPeople with the first problems, and the number of all."""
    problems = [Problem(*one) for one in spool.problems(MOST_PROBLEMS)]
    if problems:
        raise BadPeople(problems, spool.how_many_problems() - len(problems))


def _known(session: Session, incident: Incident, sha256: str) -> Import | None:
    same = sa.select(Import).where(Import.incident_id == incident.id, Import.file_sha256 == sha256)
    return session.scalar(same.limit(1))


def _head(session: Session, incident: UUID) -> int | None:
    """How far the incident's journal is: each act that changes the ledger moves it."""
    return session.scalar(sa.select(JournalHead.number).where(JournalHead.chain == str(incident)))


def _begin(act: Act, sha256: str, count: int) -> UUID:
    own = Import(id=uuid4(), incident_id=act.incident.id, file_sha256=sha256, rows=count)
    own.imported_at, own.imported_by = act.now, act.desk.actor
    act.session.add(own)
    act.session.flush()
    return own.id
