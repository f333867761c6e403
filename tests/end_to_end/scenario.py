"""Scenario files: what is known at the start and later, and what of it was worked out by hand from the laws."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from actions.form_facts import OPTIONS
from actions.known import shape_of
from rulebook.reading import parse

FOLDER = Path(__file__).parent / "scenarios"
ANSWERS: dict[str, Any] = {
    "text": "Words that were invented for a test.",
    "texts": ["A sentence that was invented for a test."],
    "number": 1,
    "yes_no": True,
    "moment": "2026-11-20T10:30+00:00",
    "day": "2026-11-20",
    "share": "10",
    "duration": "00:02:00",
    "offers": [{"name": "Example Support Line", "phone": "020 7946 0456", "offers": "Someone listens."}],
}


@dataclass(frozen=True)
class Expected:
    """One duty as counted by hand: its form, its limit, and a way in other than the authority's first."""

    form: str
    due_at: datetime | None
    way: str = ""


@dataclass(frozen=True)
class Scenario:
    """One invented incident."""

    title: str
    start: dict[str, Any]
    later: dict[str, Any]
    expected: dict[str, Expected]
    late: str
    stays_open: dict[str, str]
    ways: list[str]

    def way_of(self, duty: str) -> str:
        """The way that the file chooses for a duty; empty for the authority's first."""
        return self.expected[duty].way if duty in self.expected else ""


def scenario(name: str) -> Scenario:
    """Read one from its file."""
    told: Any = parse((FOLDER / f"{name}.yaml").read_text(encoding="utf-8")).value
    expected = {
        duty: Expected(said["form"], said["due"] and datetime.fromisoformat(said["due"]), said.get("way", ""))
        for duty, said in told["expected"].items()
    }
    ends = (told["late"], told["stays_open"], told["ways"])
    return Scenario(told["title"], told["start"], told["later"], expected, *ends)


def invented(name: str) -> Any:
    """An answer of the right shape for a fact that a form asks for."""
    shape = shape_of(name)
    assert shape is not None, f"{name} is asked for, and can be recorded by nobody"
    if shape in ("choice", "choices"):
        first = OPTIONS[name][0]
        return first if shape == "choice" else [first]
    return ANSWERS[shape]
