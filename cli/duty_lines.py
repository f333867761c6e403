"""How one duty of an incident is shown: its answer, target and limit in three zones, time left or late, and its source."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from actions.moments import left, spelt
from cli.paper import clean, pairs
from cli.words import plain
from db.models import Incident, Obligation

STATES = {"open": "OWED", "met": "met", "waived": "waived"}
ANSWERS = {"applies": "applies", "unknown": "UNKNOWN", "does_not_apply": "does not apply"}


def duty_block(duty: Obligation, incident: Incident, at: datetime) -> RenderableType:
    """One duty as a heading and labelled lines, which wrap at any width."""
    to = duty.authority or plain(duty.recipient)
    head = Text.assemble(
        f"{STATES.get(duty.state) or ANSWERS[duty.answer]}  ", (clean(duty.duty), "bold"), f"  to {to}"
    )
    return Group(head, pairs(_lines(duty, (incident.time_zone, duty.time_zone), at), indent=2))


def _lines(duty: Obligation, zones: tuple[str, ...], at: datetime) -> Iterator[tuple[str, str]]:
    if duty.state == "met" and duty.met_at:
        yield (
            "met",
            f"{spelt(duty.met_at, *zones)}, " + (f"LATE because {duty.late_reasons}" if duty.late else "in time"),
        )
    elif duty.state != "waived" and duty.answer != "does_not_apply":
        yield from _limits(duty, zones, at)
    if duty.answer != "applies":
        yield "because", duty.because
    if duty.missing_facts:
        yield "missing", ", ".join(duty.missing_facts)
    yield "source", f"{duty.citation} [{plain(duty.mark)}]"


def _limits(duty: Obligation, zones: tuple[str, ...], at: datetime) -> Iterator[tuple[str, str]]:
    if duty.target_at and duty.target_at != duty.due_at:
        yield (
            "target",
            f"{spelt(duty.target_at, *zones)}, {left(duty.target_at, at)}"
            + (f" ({duty.target_why})" if duty.target_why else ""),
        )
    if duty.due_at:
        end_of_day = f", the end of {duty.due_on:%d %B %Y}" if duty.due_on else ""
        yield "limit", f"{spelt(duty.due_at, *zones)}, {left(duty.due_at, at)}{end_of_day}"
    elif duty.due_kind == "no_fixed_period":
        yield "limit", "without undue delay; the law names no number"
    else:
        yield "limit", f"{plain(duty.due_kind)}: not counted yet"


def told_duty(duty: Obligation, at: datetime) -> dict[str, Any]:
    """A duty as plain values."""
    names = (
        "law", "duty", "authority", "recipient", "phase", "answer", "because", "facts_used", "missing_facts", "state", "born_at", "target_at", "target_why",
        "due_at", "due_on", "due_kind", "time_zone", "citation", "href", "mark", "met_at", "late", "late_reasons",
    )  # fmt: skip
    moment = duty.due_at or duty.target_at
    return {name: getattr(duty, name) for name in names} | {
        "left": left(moment, at) if moment and duty.state == "open" else None
    }
