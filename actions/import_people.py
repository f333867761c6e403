"""Takes in a list of affected people: every row is checked, and either all of them are entered or none."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID, uuid4

import sqlalchemy as sa

from actions.check_row import Problem, check_row
from actions.columns import Setting
from actions.desk import Act, Desk
from actions.details import Details
from actions.enter_people import enter, guardian_id, person_id, row_hash, row_key, setting_of
from actions.people_file import BadPeople, file_sha256, refuse, rows
from actions.shared_contacts import flag_shared
from db.models import Import, Person
from db.queries.people import next_number

CHUNK = 500
MOST_PROBLEMS = 1000

Progress = Callable[[int, int], None]
Numbered = tuple[int, Details]


@dataclass(frozen=True)
class Imported:
    """What became of a list: its rows, the people who are new, those who were on the ledger already, and the newly flagged."""

    rows: int
    added: int
    already: int
    flagged: int


def import_people(
    desk: Desk, incident: UUID | str, path: Path, *, progress: Progress = lambda _done, _rows: None
) -> Imported:
    """Take the list in, whole or not at all. The same list again changes nothing. *progress* hears rows done and rows in all.

    Raises BadPeople with each problem (row, column, what is wrong, what to do) and none of the people's data.
    """
    sha256 = file_sha256(path)
    count = sum(1 for _ in rows(path))  # a file that is no list is refused here, before anything is locked
    if not count:
        raise refuse("holds no people", "write one person a row, under the heading")
    with desk.act("import_people", incident) as act:
        if _known(act, sha256):
            return Imported(count, 0, count, 0)
        entry = _Entry(act, setting_of(act), _begin(act, sha256, count))
        for done, (row, cells) in enumerate(_readable(path, entry.problems), 1):
            entry.take(row, cells)
            if done % CHUNK == 0:
                progress(done, count)
        added = entry.finish()
        if file_sha256(path) != sha256:
            raise refuse("changed while it was read", "try again when nothing writes to it any more")
        flagged = flag_shared(act)
        act.journal(f"list {sha256[:12]}", sha256=sha256, rows=count, added=added, flagged=flagged)
        act.ask_for("respond", because="people were entered")
    progress(count, count)
    return Imported(count, added, count - added, flagged)


def _known(act: Act, sha256: str) -> bool:
    same = sa.select(Import.id).where(Import.incident_id == act.incident.id, Import.file_sha256 == sha256)
    return act.session.scalar(same.limit(1)) is not None


def _begin(act: Act, sha256: str, count: int) -> UUID:
    own = Import(id=uuid4(), incident_id=act.incident.id, file_sha256=sha256, rows=count)
    own.imported_at, own.imported_by = act.now, act.desk.actor
    act.session.add(own)
    act.session.flush()
    return own.id


def _readable(path: Path, problems: list[Problem]) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows that have a shape; what is wrong with the others joins the problems."""
    for raw in rows(path):
        if isinstance(raw, Problem):
            problems.append(raw)
        else:
            yield raw.number, raw.cells


@dataclass
class _Entry:
    """Enters rows by the chunk until the first problem, and only looks from then on; the transaction undoes the rest."""

    act: Act
    setting: Setting
    import_id: UUID
    problems: list[Problem] = field(default_factory=list)
    more: int = 0
    waiting: list[Numbered] = field(default_factory=list)
    wards: list[tuple[int, UUID, UUID]] = field(default_factory=list)
    added: int = 0

    def __post_init__(self) -> None:
        self.first = next_number(self.act.session, self.act.incident.id)

    def take(self, row: int, cells: dict[str, str]) -> None:
        """Check one row; enter it with its chunk."""
        details, found = check_row(row, cells, self.setting)
        self.fault(found)
        if not self.problems:
            self.waiting.append((row, details))
            if len(self.waiting) == CHUNK:
                self.flush()

    def fault(self, found: Sequence[Problem]) -> None:
        """Keep the first problems, count the others."""
        kept = found[: MOST_PROBLEMS - len(self.problems)]
        self.problems += kept
        self.more += len(found) - len(kept)

    def flush(self) -> None:
        """Enter those of the chunk who are not on the ledger yet."""
        new, found = _unknown(self.act, self.waiting)
        self.fault(found)
        number = self.first + self.added
        if not self.problems:
            people = [(row, number + place, details) for place, (row, details) in enumerate(new)]
            enter(self.act, self.import_id, people, self.setting.today)
            self.added += len(new)
        vault = self.act.vault
        named = ((row, details, guardian_id(vault, details)) for row, details in self.waiting)
        self.wards += [(row, person_id(vault, details), guardian) for row, details, guardian in named if guardian]
        self.waiting = []

    def finish(self) -> int:
        """Enter the last chunk and link the guardians, who may stand later in the list. Raises BadPeople."""
        self.flush()
        for start in range(0, len(self.wards), CHUNK):
            self.fault(_link(self.act, self.wards[start : start + CHUNK]))
        if self.problems:
            raise BadPeople(self.problems, self.more)
        return self.added


def _unknown(act: Act, chunk: Sequence[Numbered]) -> tuple[list[Numbered], list[Problem]]:
    """Those of the chunk who are not on the ledger, and what is wrong with those who are there with other details."""
    keys = [row_key(act.vault, details) for _, details in chunk]
    there = sa.select(Person.row_key, Person.row_hash).where(
        Person.incident_id == act.incident.id, Person.row_key.in_(keys)
    )
    known: dict[bytes, bytes] = {bytes(key): bytes(whole) for key, whole in act.session.execute(there)}
    new, problems = list[Numbered](), list[Problem]()
    for key, (row, details) in zip(keys, chunk, strict=True):
        whole = row_hash(act.vault, details)
        if key not in known:
            known[key] = whole
            new.append((row, details))
        elif known[key] != whole:
            problems.append(_twice(row, details))
    return new, problems


def _twice(row: int, details: Details) -> Problem:
    if details.get("reference"):
        do = "give each person a reference of their own; to change someone on the ledger use 'forthwith people correct'"
        return Problem(row, "reference", "stands for someone else, or for the same person with other details", do)
    do = "leave one row, or give two different people references of their own"
    return Problem(row, "the row", "seems to be a person who is on the list already, with other details", do)


def _link(act: Act, wards: Sequence[tuple[int, UUID, UUID]]) -> list[Problem]:
    """Link each child to their guardian; what is wrong with those who name nobody."""
    wanted = {guardian for _, _, guardian in wards}
    query = sa.select(Person.id).where(Person.incident_id == act.incident.id, Person.id.in_(wanted))
    there = set(act.session.scalars(query))
    pairs = [{"id": ward, "guardian_id": guardian} for _, ward, guardian in wards if guardian in there]
    if pairs:
        act.session.execute(sa.update(Person), pairs)
    return [_no_guardian(row) for row, _, guardian in wards if guardian not in there]


def _no_guardian(row: int) -> Problem:
    do = "add the guardian's own row with that reference (kind guardian, if they are not affected themselves)"
    return Problem(row, "guardian_reference", "names nobody on the list or the ledger", do)
