"""Phrases and blocks that several verbs show alike."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from rich.console import RenderableType
from sqlalchemy.orm import Session

from actions import clock
from actions.moments import left, spelt
from cli.paper import heading, pairs
from db.models import Exercise, Incident
from db.queries.incidents import exercise_of
from db.queries.waiting import Waiting

SHOWN = 3


def plain(code: str) -> str:
    """A code as words."""
    return code.replace("_", " ")


def count(number: int, one: str, many: str = "") -> str:
    """A number with its noun."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def present(session: Session, incident: Incident) -> datetime:
    """The present moment of an incident: an exercise has a clock of its own."""
    return clock.now(exercise_of(session, incident))


def banner(exercise: Exercise | None) -> Iterator[RenderableType]:
    """What every screen of an exercise says first."""
    if exercise:
        yield f"EXERCISE '{exercise.name}', played under the law of {exercise.law_as_of:%d %B %Y}. Nothing of it leaves the building."


def waiting_lines(waiting: Sequence[Waiting], zone: str, at: datetime) -> RenderableType:
    """What is waited for, on whom, by when, and the command for it."""
    rows: list[tuple[str, str]] = []
    for place, one in enumerate(waiting, 1):
        by = f", by {spelt(one.by, zone)}, {left(one.by, at)}" if one.by else ""
        rows += [(f"{place}", f"{one.what}: {one.on}{by}"), ("", one.command)]
    return pairs(rows)


def next_steps(waiting: Sequence[Waiting], zone: str, at: datetime) -> Iterator[RenderableType]:
    """The first few things that it waits for."""
    if not waiting:
        return
    more = f", the first {SHOWN} of {len(waiting)}" if len(waiting) > SHOWN else ""
    yield heading(f"It waits for{more}")
    yield waiting_lines(waiting[:SHOWN], zone, at)
