"""Messages to staff about time: a rung was reached, something is overdue, a person is waited for, nobody is watching."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal, get_args
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, AwareDatetime

from notices.data import Private, When, Words, read
from notices.errors import BadData
from notices.render import render
from notices.shelf import shelf
from notices.wording import span_in_words

Kind = Literal[
    "rung", "overdue", "push", "task_due", "silent_scheduler", "watch_is_back", "clock_jumped", "waiting_for_you"
]
KINDS: tuple[Kind, ...] = get_args(Kind)
_NEEDS: dict[Kind, tuple[str, ...]] = {
    "rung": ("reference", "due_at"),
    "overdue": ("reference", "due_at"),
    "push": ("reference", "due_at"),
    "task_due": ("reference",),
    "waiting_for_you": ("reference", "since_at"),
    "silent_scheduler": (),
    "watch_is_back": ("since_at",),
    "clock_jumped": (),
}


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError("is not a time zone") from None
    return name


class Deadline(Private):
    """One thing that is due, in a list of what comes next."""

    reference: Words
    matter: Words
    due_at: AwareDatetime
    zone: Annotated[str, AfterValidator(_zone)] = "UTC"


class AlertData(Private):
    """What an alert may say. Nothing about affected people has a place here; staff are named by role or address."""

    matter: Words
    """What it is about, as a title: `Report to the Information Commissioner`."""
    next_step: Words
    """What to do now, in a sentence or two."""
    now_at: AwareDatetime
    zone: Annotated[str, AfterValidator(_zone)] = "UTC"
    """The authority's zone, in which the limit is counted."""
    team_zone: Annotated[str, AfterValidator(_zone)] = "UTC"
    """Where those who read it are; the limit is given there too."""
    reference: Words | None = None
    page: Words | None = None
    """Where to look on the dashboard."""
    acknowledge: Words | None = None
    """How to say that one has it."""
    fired_at: AwareDatetime | None = None
    unwatched_since: AwareDatetime | None = None
    """Since when nobody had looked at the deadlines, where that made this message late."""
    due_at: AwareDatetime | None = None
    rung: Words | None = None
    """Why now: `75 % of the time is used`, `6 hours before the limit`."""
    citation: Words | None = None
    since_at: AwareDatetime | None = None
    """Since when something waits, or has not been seen."""
    told: tuple[Words, ...] = ()
    """Who else gets this message."""
    coming: tuple[Deadline, ...] = ()
    law_as_of: When | None = None
    exercise: bool = False


@dataclass(frozen=True, slots=True)
class Alert:
    """A message to staff, ready for any channel."""

    subject: str
    text: str


def alert(kind: Kind, data: Mapping[str, object] | AlertData, *, language: str = "en") -> Alert:
    """Word an alert. `BadData` names what is missing for it; a limit is always given with its date, time and zone.

    Whether time is left or the limit has passed is read from the data, whichever of `rung` and `overdue` was asked for.
    """
    known = read(AlertData, "the alert's data", data)
    if unsaid := tuple((name, "is needed") for name in _NEEDS[kind] if getattr(known, name) is None):
        raise BadData(f"the data of the {kind} alert", unsaid)
    if kind in ("rung", "overdue") and known.due_at is not None:
        kind = "overdue" if known.due_at <= known.now_at else "rung"
    values = {name: getattr(known, name) for name in AlertData.model_fields}
    values |= {"left": _span(known.now_at, known.due_at), "waited": _span(known.since_at, known.now_at)}
    subject, _, text = render(shelf().plain, kind, f"alerts/{language}/{kind}.txt", values).strip().partition("\n")
    return Alert(subject=subject.removeprefix("subject:").strip(), text=text.strip() + "\n")


def _span(start: datetime | None, end: datetime | None) -> str | None:
    return span_in_words(end - start) if start and end else None
