"""The heading of a list: which of its columns stands for which of ours, and which are left out."""

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from actions.bad_people import BadPeople, Problem, refuse
from actions.columns import ALSO_CALLED, COLUMNS, REQUIRED
from actions.csv_list import SAVE_AS, not_utf_8

MOST_COLUMNS = 200
LEFT_OUT = ""
"""What a column stands for that is not taken in."""
OF_MENDING = ("list", "row", "wrong", "do")
"""Columns that our own file of bad rows has beside theirs."""

Mapped = Mapping[str, str]
"""By the heading as it stands in the file: the name of our column, or nothing for one that is left out."""


@dataclass(frozen=True)
class Heading:
    """The file's own words, and what each column stands for; *mending* where the rows come back from being mended."""

    words: tuple[str, ...]
    columns: tuple[str, ...]
    mending: bool = False

    @cached_property
    def nameless(self) -> frozenset[int]:
        """The places of the columns without a name, in which nothing may stand."""
        return frozenset(place for place, word in enumerate(self.words) if not word.strip())

    @property
    def left_out(self) -> tuple[str, ...]:
        """The columns that are not taken in, in their own words."""
        return tuple(word for word, column in zip(self.words, self.columns, strict=True) if not column and word.strip())


def read_heading(cells: Sequence[str], mapped: Mapped) -> Heading:
    """What each column stands for. Raises BadPeople with everything that is wrong with the heading."""
    heading = guess(cells, mapped)
    problems = [*_strange(cells, heading.columns), *_unmet(cells, mapped)]
    names = [name for name in heading.columns if name in COLUMNS]
    problems += [
        Problem(1, name, "stands twice in the heading", "delete one, or leave one out")
        for name in COLUMNS
        if names.count(name) > 1
    ]
    problems += [Problem(1, name, "is missing from the heading", "add it") for name in REQUIRED if name not in names]
    if problems:
        raise BadPeople(problems)
    return heading


def guess(cells: Sequence[str], mapped: Mapped) -> Heading:
    """What each column stands for, by the mapping, else by its name; a name that nobody knows stands for itself.

    Raises BadPeople for more columns than anyone means.
    """
    if len(cells) > MOST_COLUMNS:
        do = f"delete those that are not asked for; at most {MOST_COLUMNS} are read"
        raise refuse(f"has {len(cells):,} columns", do)
    asked = {_plain(heading): column.strip() for heading, column in mapped.items()}
    mending = set(OF_MENDING) <= {_plain(cell) for cell in cells}
    columns = []
    for cell in cells:
        name = _plain(cell)
        if mending and name in OF_MENDING and name not in asked:
            columns.append(LEFT_OUT)
        else:
            columns.append(asked.get(name, ALSO_CALLED.get(name, name)))
    return Heading(tuple(cells), tuple(columns), mending)


def read_mapping(given: Sequence[str]) -> dict[str, str]:
    """What was given as HEADING=COLUMN. Raises BadPeople for one that cannot be read."""
    found = {}
    for one in given:
        heading, equals, column = one.rpartition("=")
        if not equals or not heading.strip():
            raise refuse(
                "cannot be read", 'write --map "Their heading=email"; nothing behind = leaves it out', column="--map"
            )
        found[heading.strip()] = column.strip()
    return found


def _plain(heading: str) -> str:
    return "_".join(heading.strip().lower().replace("-", " ").replace("_", " ").split())


def _strange(cells: Sequence[str], columns: Sequence[str]) -> list[Problem]:
    places = enumerate(zip(cells, columns, strict=True), 1)
    return [
        Problem(1, f"column {place}", *_unknown(cell, name))
        for place, (cell, name) in places
        if name and name not in COLUMNS
    ]


def _unknown(cell: str, name: str) -> tuple[str, str]:
    if not_utf_8(cell):
        return "is not written in UTF-8", SAVE_AS
    near = difflib.get_close_matches(name, COLUMNS, n=1)
    other = "say what it stands for, delete it or leave it out; 'forthwith people columns' lists what there is"
    return "is not a column that is asked for", f"call it {near[0]}" if near else other


def _unmet(cells: Sequence[str], mapped: Mapped) -> list[Problem]:
    """Mappings of columns that the file has not: a typing error there would leave data out unseen."""
    there = {_plain(cell) for cell in cells}
    return [
        Problem(0, "the mapping", "names a heading that the list has not", "copy the heading as it stands in the list")
        for heading in mapped
        if _plain(heading) not in there
    ]
