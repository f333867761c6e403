"""Exercises as data: who plays, what happens when, and what the chronology at the end compares with."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from rulebook.reading import BadYaml, parse

SHELF = Path(__file__).with_name("exercises")


class BadScenario(ValueError):
    """A scenario cannot be played: which file, where in it, and why."""


class TaskDone(BaseModel):
    """A task that is done and looked at in one step."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: str
    outcome: str
    verify: str = ""


class Contact(BaseModel):
    """What came of one conversation; a step has one for its nth conversation, or the default."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    outcome: str
    note: str


class Step(BaseModel):
    """One thing that someone does at a moment of the exercise."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    at: AwareDatetime
    do: str
    by: str = "manager"
    say: str
    facts: dict[str, Any] = Field(default_factory=dict)
    kind: str = ""
    about: str = ""
    choice: str = ""
    reasons: str = ""
    reference: str = ""
    tasks: tuple[TaskDone, ...] = ()
    outcomes: dict[str, Contact] = Field(default_factory=dict)


class Row(BaseModel):
    """One line of the chronology: where Forthwith's moment is read from, what the law says, what really happened."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    what: str
    forthwith: str = ""
    duty: str = ""
    law: AwareDatetime | None = None
    law_says: str = ""
    really: date | None = None
    really_says: str = ""


class Scenario(BaseModel):
    """A whole exercise."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    law_as_of: date
    clock_from: AwareDatetime
    cast: dict[str, str]
    organisation: dict[str, Any]
    steps: tuple[Step, ...] = Field(min_length=1)
    chronology: tuple[Row, ...] = ()

    def moments(self) -> list[datetime]:
        """When each step happens, in order as written."""
        return [step.at for step in self.steps]


def scenarios() -> list[str]:
    """The exercises that are shipped, by name."""
    return sorted(path.parent.name for path in SHELF.glob("*/scenario.yaml"))


def read(name: str) -> tuple[Scenario, Path]:
    """An exercise by its shipped name or its folder, and where its files lie. Raises BadScenario."""
    folder = SHELF / name if name in scenarios() else Path(name)
    path = folder / "scenario.yaml"
    try:
        scenario = Scenario.model_validate(parse(path.read_text("utf-8")).value)
    except OSError:
        raise BadScenario(
            f"There is no exercise {name}; there are {', '.join(scenarios())}, or name a folder with a scenario.yaml."
        ) from None
    except BadYaml as error:
        raise BadScenario(f"{path}, line {error.line}: {error.says}") from None
    except ValidationError as error:
        first = error.errors()[0]
        raise BadScenario(f"{path}, {'.'.join(map(str, first['loc']))}: {first['msg']}") from None
    _check(scenario, path)
    return scenario, folder


def _check(scenario: Scenario, path: Path) -> None:
    moments = scenario.moments()
    if moments != sorted(moments) or moments[0] < scenario.clock_from:
        raise BadScenario(f"{path}: the steps are not in the order of their times.")
    if scenario.steps[0].do != "declare":
        raise BadScenario(f"{path}: the first step must declare the incident.")
    unknown = {step.by for step in scenario.steps} - set(scenario.cast)
    if unknown:
        raise BadScenario(f"{path}: {', '.join(sorted(unknown))} is not in the cast.")
