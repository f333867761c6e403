"""The clocks of an incident drawn to scale: events, acts and limits on one line, hand-overs beneath with the hours they took."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from db.models import HandOver, Incident, Obligation

WIDTH = 1000
ROW = 26
ROWS = 6
DECLARED = "declared"
LETTER = 6.4
"""How wide a letter of a label is drawn, about, in the drawing's own units."""


@dataclass(frozen=True)
class Mark:
    """One moment: where on the line, in which row its words stand, and what it is."""

    x: float
    row: int
    kind: str
    words: str
    at: datetime
    end: bool
    """Whether the words stand to the left of it, since there is no room to its right."""


@dataclass(frozen=True)
class Bar:
    """A hand-over: from when to when, and whether it took longer than its target."""

    x: float
    width: float
    words: str
    late: bool
    open: bool


@dataclass(frozen=True)
class TimeLine:
    """The drawing, and its days."""

    marks: tuple[Mark, ...]
    bars: tuple[Bar, ...]
    now: float
    ticks: tuple[tuple[float, datetime], ...]
    height: int


def time_line(
    incident: Incident,
    known: Mapping[str, Any],
    duties: Sequence[Obligation],
    hands: Sequence[HandOver],
    at: datetime,
    say: Callable[[str], str] = str,
) -> TimeLine | None:
    """Draw it, its labels in the words of *say*; None where nothing has a moment yet."""
    found = ((moment, kind, say(words)) for moment, kind, words in _moments(incident, known, duties))
    moments = sorted(found, key=lambda one: one[0])
    if not moments:
        return None
    spans = [(row.given_at, row.taken_at or at, row) for row in hands]
    begin = min([moments[0][0], *(one[0] for one in spans)])
    end = max(moments[-1][0], at, *(one[1] for one in spans)) if spans else max(moments[-1][0], at)
    scale = _Scale(begin, end)
    return TimeLine(
        tuple(_placed(moments, scale)),
        tuple(_bar(row, start, stop, scale, say) for start, stop, row in spans),
        scale(at),
        tuple(_ticks(scale)),
        ROW * (ROWS + 1 + len(spans)) + 40,
    )


class _Scale:
    """From moments to places on the line, with a little room at both ends."""

    def __init__(self, begin: datetime, end: datetime) -> None:
        room = max((end - begin) * 0.04, timedelta(minutes=30))
        self.begin, self.end = begin - room, end + room

    def __call__(self, at: datetime) -> float:
        return round(WIDTH * ((at - self.begin) / (self.end - self.begin)), 1)


def _moments(
    incident: Incident, known: Mapping[str, Any], duties: Sequence[Obligation]
) -> Iterator[tuple[datetime, str, str]]:
    for name, value in known.items():
        if name in ("events.detected", "events.aware", "events.contained") and isinstance(value, str):
            yield datetime.fromisoformat(value), "event", name.removeprefix("events.")
    yield incident.declared_at, "event", DECLARED
    if incident.closed_at:
        yield incident.closed_at, "event", "closed"
    for duty in duties:
        if duty.state in ("open", "met") and duty.due_at:
            yield duty.due_at, "limit", f"limit {duty.duty}"
        if duty.state == "watching" and duty.answer == "unknown" and duty.due_at:
            yield duty.due_at, "maybe", f"if owed {duty.duty}"
        if duty.state == "open" and duty.target_at and duty.target_at != duty.due_at:
            yield duty.target_at, "target", f"target {duty.duty}"
        if duty.met_at:
            yield duty.met_at, "late" if duty.late else "met", f"{duty.duty} met"


def _placed(moments: Sequence[tuple[datetime, str, str]], scale: _Scale) -> Iterator[Mark]:
    """Each label in the first row where it has room; the same moment and kind once, with all its names."""
    joined: dict[tuple[datetime, str], list[str]] = {}
    for at, kind, words in moments:
        joined.setdefault((at, kind), []).append(words)
    taken = [-1.0] * ROWS
    for (at, kind), names in joined.items():
        words = names[0] if len(names) == 1 else f"{names[0]} +{len(names) - 1}"
        x, long = scale(at), LETTER * len(words) + 14
        end = x + long > WIDTH
        left, right = (x - long, x) if end else (x, x + long)
        row = next((one for one in range(ROWS) if taken[one] <= left), ROWS - 1)
        taken[row] = right
        yield Mark(x, row, kind, words, at, end)


def _bar(row: HandOver, start: datetime, stop: datetime, scale: _Scale, say: Callable[[str], str]) -> Bar:
    hours = (stop - start).total_seconds() / 3600
    words = say(f"{row.hop.replace('_', ' ')}: {hours:.1f} h")
    x = scale(start)
    return Bar(x, max(scale(stop) - x, 2), words, stop > row.target_at, row.taken_at is None)


def _ticks(scale: _Scale) -> Iterator[tuple[float, datetime]]:
    """Midnights in UTC, at most a dozen of them."""
    days = max(1, (scale.end - scale.begin).days)
    step = timedelta(days=-(-days // 12))
    at = scale.begin.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    while at < scale.end:
        yield scale(at), at
        at += step
