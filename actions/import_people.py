"""Takes in a list of affected people: every row is checked, and either all of them are entered or none."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from actions import clock
from actions.bad_people import MOST_PROBLEMS, BadPeople, Problem, refuse
from actions.bad_rows import MARK, Taker, bad_rows
from actions.desk import Act, Desk, find
from actions.enter_list import enter_list
from actions.enter_people import setting_at
from actions.errors import Conflict
from actions.left_out import leave_out, mend
from actions.people_file import ListFile, list_at
from actions.seal_list import Progress, seal_list
from actions.settle_list import settle_list
from actions.shared_contacts import flag_shared
from db.models import Exercise, Import, Incident, JournalHead, LeftOut
from db.spool import Spool

MOST_ALIKE = 20
COMPARED_ANEW = 2
"""How often a list is compared again because the incident moved; while a wave is sent it moves all the time."""


@dataclass(frozen=True)
class Imported:
    """What became of a list: its rows, the people who are new, those who were on the ledger already, and the newly flagged."""

    rows: int
    added: int
    already: int
    flagged: int
    left_out: int = 0
    """Rows that were wrong and now wait to be mended; always none unless the good rows were asked for alone."""
    alike: tuple[tuple[int, int], ...] = ()
    """Rows that are probably one person under two references, the first of them; nobody is merged."""
    alikes: int = 0


def import_people(
    desk: Desk,
    incident: UUID | str,
    list_: Path | ListFile,
    *,
    mapped: Mapping[str, str] | None = None,
    good_rows: bool = False,
    bad: Taker | None = None,
    progress: Progress = lambda _done, _rows, _wrong: None,
) -> Imported:
    """Take the list in, whole or not at all. The same list again changes nothing. *progress* is told how far it is, and nothing is entered if it raises.

    With *good_rows*, those that are wrong are left out, counted, and wait with a task until they are mended. *bad* is given them.

    The list is checked and sealed while nothing is locked; then one transaction enters it.
    Raises BadPeople with each problem (row, column, what is wrong, what to do) and none of the people's data.
    """
    file = list_ if isinstance(list_, ListFile) else list_at(list_)
    sha256, about = file.measure()
    with desk.reading() as session:
        known = _known(session, find(session, incident).id, sha256)
    if known:
        return known

    def heard(done: int, wrong: int) -> None:
        progress(done, max(about, done + 1), wrong)

    with _checked(desk, incident, file, sha256, mapped or {}, heard) as checked:
        progress(checked.count, checked.count, checked.spool.how_many_bad_rows())
        if bad and checked.spool.how_many_problems():
            bad(bad_rows(file, mapped or {}, sha256, checked.spool))
        return checked.enter(desk, good_rows)


def rows_to_mend(desk: Desk, incident: UUID | str, file: ListFile, mapped: Mapping[str, str]) -> list[list[str]]:
    """A heading and the rows of this list that are wrong, as a list to be mended; empty where none is. Nothing is taken in."""
    sha256, _ = file.measure()
    with _checked(desk, incident, file, sha256, mapped, lambda *_: None) as checked:
        return list(bad_rows(file, mapped, sha256, checked.spool)) if checked.spool.how_many_problems() else []


@contextmanager
def _checked(
    desk: Desk,
    incident: UUID | str,
    file: ListFile,
    sha256: str,
    mapped: Mapping[str, str],
    heard: Callable[[int, int], None],
) -> Iterator["_Checked"]:
    with Spool() as spool:
        with desk.reading() as session:
            found = find(session, incident)
            vault, setting = desk.vault(session, found.id), setting_at(desk.settings, found, _now(session, found))
        _check_open(found)
        count = seal_list(file, mapped, setting, vault, spool, heard)
        if not count:
            raise refuse("holds no people", "write one person a row, under the heading")
        if file.measure()[0] != sha256:
            raise refuse("changed while it was read", "try again when nothing writes to it any more")
        checked = _Checked(found.id, spool, sha256, count)
        checked.compare_anew(desk)
        yield checked


def _now(session: Session, incident: Incident) -> datetime:
    return clock.now(session.get(Exercise, incident.exercise_id) if incident.exercise_id else None)


def _check_open(incident: Incident) -> None:
    """Before a million rows are looked at in vain."""
    if incident.closed_at:
        raise Conflict(f"{incident.reference} is closed; declare a new incident and refer to it.")


@dataclass
class _Checked:
    """A list that is checked, sealed and compared with the ledger, when the incident's journal was so far."""

    incident: UUID
    spool: Spool
    sha256: str
    count: int
    head: int | None = None
    alike: tuple[list[tuple[int, int]], int] = ([], 0)

    def compare_anew(self, desk: Desk) -> None:
        """Compare while nobody waits."""
        with desk.reading() as session:
            self._compare(session)

    def _compare(self, session: Session) -> None:
        """All that needs no lock: who is new, in which order they are entered, who is alike."""
        self.head = _head(session, self.incident)
        settle_list(session, self.incident, self.spool)
        self.spool.rank()
        self.alike = self.spool.alike(MOST_ALIKE)

    def enter(self, desk: Desk, good_rows: bool) -> Imported:
        """The one transaction. Raises BadPeople when something is wrong and not the good rows alone are wanted.

        If somebody has done something meanwhile, the list is compared anew without the lock; the last time, within it.
        """
        left = COMPARED_ANEW
        while True:
            self._refuse(good_rows)
            with desk.act("import_people", self.incident) as act:
                if known := _known(act.session, self.incident, self.sha256):
                    return known
                if not left and self._is_behind(act):
                    self._compare(act.session)
                    self._refuse(good_rows)
                if not self._is_behind(act):
                    return self._entered(act)
            left -= 1
            self.compare_anew(desk)

    def _is_behind(self, act: Act) -> bool:
        return _head(act.session, self.incident) != self.head

    def _entered(self, act: Act) -> Imported:
        own = _begin(act, self.sha256, self.count)
        added = enter_list(act, own.id, self.spool)
        left_out = leave_out(act, own, self.spool)
        mend(act, own, self.spool)
        flagged = flag_shared(act)
        pairs, alikes = self.alike
        told = {"rows": self.count, "added": added, "left_out": left_out, "flagged": flagged, "alike": alikes}
        act.journal(f"list {self.sha256[:MARK]}", sha256=self.sha256, **told)
        act.ask_for("respond", because="people were entered")
        return Imported(self.count, added, self.count - added - left_out, flagged, left_out, tuple(pairs), alikes)

    def _refuse(self, good_rows: bool) -> None:
        """Raises BadPeople with the first problems, and the number of all."""
        problems = [Problem(*one) for one in self.spool.problems(MOST_PROBLEMS)]
        if problems and not (good_rows and self.spool.how_many_bad_rows() < self.count):
            raise BadPeople(problems, self.spool.how_many_problems() - len(problems))


def _known(session: Session, incident: UUID, sha256: str) -> Imported | None:
    """What there is of the same list, taken in before."""
    same = sa.select(Import).where(Import.incident_id == incident, Import.file_sha256 == sha256)
    own = session.scalar(same.limit(1))
    if own is None:
        return None
    waits = sa.select(sa.func.count()).where(LeftOut.import_id == own.id, LeftOut.mended_by.is_(None))
    left_out = session.scalar(waits) or 0
    return Imported(own.rows, 0, own.rows - left_out, 0, left_out)


def _head(session: Session, incident: UUID) -> int | None:
    """How far the incident's journal is: each act that changes the ledger moves it."""
    return session.scalar(sa.select(JournalHead.number).where(JournalHead.chain == str(incident)))


def _begin(act: Act, sha256: str, count: int) -> Import:
    own = Import(id=uuid4(), incident_id=act.incident.id, file_sha256=sha256, rows=count)
    own.imported_at, own.imported_by = act.now, act.desk.actor
    act.session.add(own)
    act.session.flush()
    return own
