"""Checks a list row by row and keeps of it, sealed and indexed, what the ledger will hold; no transaction is open meanwhile."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import TypeVar

from actions.bad_people import Problem
from actions.cells import Setting
from actions.check_row import check_row
from actions.details import Details
from actions.enter_people import columns_of, digests, id_of, row_key
from actions.heading import Mapped
from actions.people_file import ListFile, RawRow, rows
from db.spool import PERSON, Row, Spool
from db.vault import IncidentVault

CHUNK = 500
Progress = Callable[[int, int, int], None]
"""Hears rows read, about how many there are in all (as many, once they are read), and how many are wrong."""
Some = TypeVar("Some")


def seal_list(
    file: ListFile,
    mapped: Mapped,
    setting: Setting,
    vault: IncidentVault,
    spool: Spool,
    heard: Callable[[int, int], None],
) -> int:
    """Put every good row into the spool, and what is wrong with the others; returns how many rows there are.

    *heard* is told, chunk by chunk, how many were read and how many of them are wrong.
    Raises BadPeople for a file that is no list.
    """
    count = wrong = 0
    for chunk in chunks(rows(file, mapped), CHUNK):
        good = [one for one in chunk if isinstance(one, RawRow)]
        note(spool, [one for one in chunk if isinstance(one, Problem)])
        wrong += len(chunk) - _keep(spool, setting, vault, good)
        count += len(chunk)
        if len(chunk) == CHUNK:
            heard(count, wrong)
    return count


def note(spool: Spool, problems: Iterable[Problem], *, late: bool = False) -> None:
    """Keep what is wrong; *late* for what only a comparison with others shows, which may be asked again."""
    spool.note([(one.row, one.column, one.wrong, one.do) for one in problems], late=late)


def chunks(things: Iterable[Some], size: int) -> Iterator[list[Some]]:
    """So many at a time."""
    left = iter(things)
    while some := list(islice(left, size)):
        yield some


def _keep(spool: Spool, setting: Setting, vault: IncidentVault, some: Iterable[RawRow]) -> int:
    """Keep them; returns how many of them are right."""
    right = list[tuple[int, Details]]()
    for raw in some:
        details, problems = check_row(raw.number, raw.cells, setting)
        if not problems:
            right.append((raw.number, details))
            continue
        note(spool, problems)
        if details.get("reference"):
            spool.refuse([(raw.number, row_key(vault, details))])
    spool.keep(
        [_sealed(row, details, setting, vault) for row, details in right],
        [(row, vault.index(one, "likeness")) for row, details in right for one in details.likenesses()],
    )
    spool.mend([raw.mends for raw in some if raw.mends])
    return len(right)


def _sealed(row: int, details: Details, setting: Setting, vault: IncidentVault) -> Row:
    key = row_key(vault, details)
    kept = columns_of(vault, details, id_of(key), setting.today) | {"row_key": key}
    kept["safe_until"] = kept["safe_until"] and kept["safe_until"].isoformat()
    guardian = details.get("guardian_reference")
    guardian_key = row_key(vault, Details({"reference": guardian})) if guardian else None
    points = digests(vault, details)
    reached = " ".join([kind for kind, _ in points]), b"".join([digest for _, digest in points])
    return (row, *[kept[name] for name in PERSON], guardian_key, bool(details.get("reference")), *reached)
