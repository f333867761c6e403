"""What is wrong with a list of people: where, what, and how to mend it; never what it holds."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from actions.errors import Conflict

MOST_PROBLEMS = 1000
"""So many are told; all are counted."""


@dataclass(frozen=True)
class Problem:
    """One thing wrong with a list: where (a row of zero is the list itself), what, and how to mend it."""

    row: int
    column: str
    wrong: str
    do: str

    def as_json(self) -> dict[str, Any]:
        """The same as plain values."""
        return asdict(self)

    def __str__(self) -> str:
        return f"{f'row {self.row}, ' if self.row else ''}{self.column} {self.wrong}; {self.do}"


class BadPeople(Conflict):
    """The list cannot be taken in as it stands; nothing was imported. Its problems hold no data of the people."""

    def __init__(self, problems: Sequence[Problem], more: int = 0) -> None:
        self.problems = tuple(problems)
        self.count = len(problems) + more
        first = "; ".join(str(one) for one in problems[:3])
        rest = f" … and {self.count - 3} more" if self.count > 3 else ""
        super().__init__(f"Nothing was imported. {first}{rest}.")


def refuse(wrong: str, do: str, row: int = 0, column: str = "the list") -> BadPeople:
    """A refusal of the whole list for one reason."""
    return BadPeople([Problem(row, column, wrong, do)])
