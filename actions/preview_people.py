"""Looks at the first rows of a list before anything is taken in: what its columns stand for, masked samples, what is wrong."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

from actions import clock
from actions.bad_people import BadPeople, Problem
from actions.bad_rows import readable
from actions.check_row import check_row
from actions.columns import COLUMNS
from actions.desk import Desk, find
from actions.enter_people import setting_at
from actions.heading import guess
from actions.people_file import ListFile, RawRow, cells_of, list_at, rows
from db.models import Exercise

LOOKED_AT = 200
SAMPLES = 3
_HIDDEN = re.compile(r"[^\W_]")


@dataclass(frozen=True)
class Shown:
    """One column of the file: its heading, what it stands for (nothing: it is left out), and how its first cells look, masked."""

    heading: str
    column: str
    samples: tuple[str, ...]


@dataclass(frozen=True)
class Preview:
    """What would be made of a list. Holds no data of the people in clear."""

    columns: tuple[Shown, ...]
    rows: int
    problems: tuple[Problem, ...]

    def as_json(self) -> dict[str, Any]:
        """The same as plain values."""
        columns = [one.__dict__ | {"samples": list(one.samples)} for one in self.columns]
        return {"columns": columns, "rows": self.rows, "problems": [one.as_json() for one in self.problems]}


def preview_people(
    desk: Desk, incident: UUID | str, list_: Path | ListFile, mapped: Mapping[str, str] | None = None
) -> Preview:
    """What would be made of this list's first rows. Changes nothing. Raises BadPeople for a file that is no list at all."""
    file = list_ if isinstance(list_, ListFile) else list_at(list_)
    with cells_of(file) as found:
        heading = guess(next(found, []), mapped or {})
        first = list(islice(found, SAMPLES))
    columns = tuple(
        Shown(
            readable(word),
            column if column in COLUMNS else "",
            tuple(mask(cells[place]) for cells in first if place < len(cells)),
        )
        for place, (word, column) in enumerate(zip(heading.words, heading.columns, strict=True))
    )
    try:
        count, problems = _looked_at(desk, incident, file, mapped or {})
    except BadPeople as refused:
        count, problems = 0, list(refused.problems)
    return Preview(columns, count, tuple(problems))


def _looked_at(
    desk: Desk, incident: UUID | str, file: ListFile, mapped: Mapping[str, str]
) -> tuple[int, list[Problem]]:
    with desk.reading() as session:
        found = find(session, incident)
        exercise = session.get(Exercise, found.exercise_id) if found.exercise_id else None
        setting = setting_at(desk.settings, found, clock.now(exercise))
    problems = list[Problem]()
    first = list(islice(rows(file, mapped), LOOKED_AT))
    for raw in first:
        problems += check_row(raw.number, raw.cells, setting)[1] if isinstance(raw, RawRow) else [raw]
    return len(first), problems


def mask(cell: str) -> str:
    """How a cell looks, and not what it says: its first letter, its length and its marks."""
    line = " ".join(readable(cell[:200]).split())
    return (line[:1] + _HIDDEN.sub("•", line[1:]))[:24]
