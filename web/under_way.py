"""Lists of people that the dashboard takes in beside the requests: a thread for each, what it said last, and what became of it."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from threading import Event, Lock, Thread
from typing import BinaryIO
from uuid import UUID

from actions import clock
from actions.bad_people import BadPeople, Problem
from actions.desk import Desk
from actions.errors import Conflict
from actions.import_people import Imported, import_people
from actions.people_file import ListFile
from actions.preview_people import Preview, preview_people
from actions.seal_list import Progress
from db.session import DatabaseBusy
from flows.ask import start
from flows.guard import keep

MOST_KEPT = 100
"""So many ended ones are remembered."""
CUT_OFF = "The dashboard was stopped before the list was taken in, so nothing of it was. Hand it in again."


@dataclass(frozen=True)
class Outcome:
    """What became of a list, for the page that says so: what was done, or why nothing was, with what was wrong."""

    says: str = ""
    refusal: str = ""
    status: int = 200
    problems: tuple[Problem, ...] = ()
    count: int = 0
    seen: Preview | None = None


def _unheard(_done: int, _rows: int, _wrong: int) -> None:
    """Nobody follows a short one."""


def take_in(
    desk: Desk,
    reference: str,
    file: ListFile,
    mapped: Mapping[str, str],
    *,
    good_rows: bool,
    progress: Progress = _unheard,
) -> Outcome:
    """Take it in, whole or not at all, or say why not; what was chosen for its columns stays chosen."""
    try:
        taken = import_people(desk, reference, file, mapped=mapped, good_rows=good_rows, progress=progress)
    except BadPeople as refused:
        why = Outcome("", str(refused), 422, refused.problems, refused.count)
        try:
            return Outcome(**why.__dict__ | {"seen": preview_people(desk, reference, file, mapped)})
        except BadPeople:
            return why  # no list at all, so that there are no columns to show
    except Conflict as refused:
        return Outcome("", str(refused), 409)
    return Outcome(_told(taken))


def _told(taken: Imported) -> str:
    says = f"People entered: {taken.added:,}. Rows: {taken.rows:,}. On the ledger already: {taken.already:,}."
    if taken.left_out:
        says = f"{says} Rows left out: {taken.left_out:,}; a task waits until they are mended."
    if taken.alikes:
        says = f"{says} Rows of people who are probably on the list twice: {taken.alikes:,}; nobody was merged."
    return says


class _CutOff(Exception):
    """The dashboard ends; the list is left where it is, before anything of it was entered."""


@dataclass
class TakingIn:
    """One list that is taken in beside the requests: how far it is, and in the end what became of it."""

    incident: UUID
    reference: str
    by: str
    began_at: datetime
    key: str = field(default_factory=lambda: secrets.token_urlsafe(12))
    done: int = 0
    rows: int = 0
    wrong: int = 0
    outcome: Outcome | None = None

    @property
    def is_entered_now(self) -> bool:
        """Whether every row was read; what is left cannot be counted in rows."""
        return 0 < self.rows == self.done


class UnderWay:
    """The long lists of one process, with a thread for each. Nothing of a list is kept here; a list that is cut off was not entered."""

    def __init__(self) -> None:
        self._lists: dict[str, TakingIn] = {}
        self._threads: list[Thread] = []
        self._lock, self._ending = Lock(), Event()

    def begin(
        self, desk: Desk, incident: UUID, reference: str, file: BinaryIO, mapped: Mapping[str, str], *, good_rows: bool
    ) -> TakingIn:
        """Begin; *file* is closed in the end. Raises Conflict while the same person's list before is under way, or when all ends."""
        one = TakingIn(incident, reference, desk.actor, clock.real_now())
        with self._lock:
            own = [other for other in self._lists.values() if other.by == one.by and other.outcome is None]
            if own or self._ending.is_set():
                file.close()
                where = (
                    f"; {own[0].done:,} of about {own[0].rows:,} rows of yours for {own[0].reference} are read"
                    if own
                    else ""
                )
                raise Conflict(
                    f"One list of yours at a time{where}. Nothing of this one was kept: hand it in after that."
                )
            self.follow(one)
            work = Thread(target=self._work, args=(one, desk, file, dict(mapped), good_rows), daemon=True)
            self._threads = [thread for thread in self._threads if thread.is_alive()] + [work]
            work.start()
        return one

    def of(self, incident: UUID, key: str = "") -> list[TakingIn]:
        """The one of this key, or without it all that are not over yet, on this incident."""
        with self._lock:
            mine = [one for one in self._lists.values() if one.incident == incident]
        return [one for one in mine if (one.key == key if key else one.outcome is None)]

    def end(self) -> None:
        """Cut off what is not entered yet, and wait for what is being entered at this moment."""
        with self._lock:
            self._ending.set()
        for thread in self._threads:
            thread.join()

    def follow(self, one: TakingIn) -> None:
        """Know of it by its key, so that its page can tell of it."""
        self._forget()
        self._lists[one.key] = one

    def _forget(self) -> None:
        ended = [key for key, one in self._lists.items() if one.outcome is not None]
        for key in ended[: max(0, len(ended) - MOST_KEPT)]:
            del self._lists[key]

    def _work(self, one: TakingIn, desk: Desk, file: BinaryIO, mapped: Mapping[str, str], good_rows: bool) -> None:
        def hear(done: int, rows: int, wrong: int) -> None:
            one.done, one.rows, one.wrong = done, rows, wrong
            if self._ending.is_set():
                raise _CutOff

        with file:
            one.outcome = _whatever(desk, one, ListFile(lambda: _again(file)), mapped, good_rows, hear)
        if desk.asked and not self._ending.is_set():
            start(desk, desk.asked)  # else the watch asks


def _whatever(
    desk: Desk, one: TakingIn, file: ListFile, mapped: Mapping[str, str], good_rows: bool, hear: Progress
) -> Outcome:
    """An outcome, whatever happens: nobody else would say it."""
    try:
        return take_in(desk, one.reference, file, mapped, good_rows=good_rows, progress=hear)
    except _CutOff:
        return Outcome("", CUT_OFF, 409)
    except DatabaseBusy as held:
        return Outcome("", str(held), 503)
    except Exception as error:  # noqa: BLE001 - a door: a thread that dies would leave its page waiting for ever
        return Outcome(
            "", f"Something is broken here; nothing was taken in. Tell whoever runs Forthwith: {keep(error)}.", 500
        )


def _again(file: BinaryIO) -> BinaryIO:
    """The file from its first byte. It has no name any more, so that it is gone when the process is, however it ends."""
    copy = os.fdopen(os.dup(file.fileno()), "rb")
    copy.seek(0)
    return copy
