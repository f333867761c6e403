"""`forthwith report missing`, `changes`, `data` and `told`: what a report lacks, what is new in it, and who was told what before."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from actions.desk import find
from actions.errors import Conflict, NotFound
from actions.moments import short
from actions.supply import lacks
from actions.told_before import ToldBefore, told_the_old_value
from cli.door import Door, Number, Reference, verb
from cli.paper import table
from cli.words import count
from db.models import Obligation, Report
from db.queries import work
from notices.filled import Report as Filled
from notices.filled import read_back
from notices.machine import machine
from notices.shown import before, changed


@verb
def missing(door: Door, incident: Reference, number: Number) -> None:
    """Say what a report lacks, which law or form wants it, and what supplies it."""
    reference, report, duty = _held(door, incident, number)
    told = list(lacks(report.content, reference, duty.citation))
    if not told:
        door.answer({"missing": []}, f"Report {number} lacks nothing.")
        return
    rows = ((one.code, one.label, one.wanted_by, "\n".join(one.how)) for one in told)
    sentence = f"{count(len(told), 'answer')} missing. It can be filed as preliminary all the same."
    door.answer(
        {"missing": [asdict(one) for one in told]},
        table(("no", "question", "wanted by", "supplied by"), rows),
        sentence,
    )


@verb
def changes(door: Door, incident: Reference, number: Number) -> None:
    """Say what changed since the last report to the same authority."""
    _, report, duty = _held(door, incident, number)
    filled = read_back(report.content)
    rows = [(one["label"], one["before"] or "–", one["after"] or "–") for one in changed(filled.since, duty.time_zone)]
    told = {"since": report.content.get("since"), "version": report.version}
    if filled.since is None:
        door.answer(told, f"Report {number} is the first to this authority under this law.")
        return
    head = f"Version {report.version} follows {before(filled.since, duty.time_zone)}."
    door.answer(told, head, table(("question", "it was", "it is"), rows) if rows else "No answer has changed.")


@verb
def data(
    door: Door,
    incident: Reference,
    number: Number,
    file: Annotated[Path | None, typer.Option(metavar="FILE", help="Write it there.", show_default="shown")] = None,
) -> None:
    """Give a report as JSON for a computer, where its form has such a shape (EDPB, DORA)."""
    _, report, _ = _held(door, incident, number)
    made = _made(read_back(report.content), number)
    text = json.dumps(made, indent=1, ensure_ascii=False)
    if file is None:
        door.answer(made, text)
        return
    file.write_text(text + "\n", encoding="utf-8")
    door.answer({"written": str(file)}, f"The JSON of report {number} is written to {file}.")


@verb
def told_before(door: Door, incident: Reference) -> None:
    """List who was told a value that is another one now: authorities by reports, people by notices."""
    with door.desk() as desk, desk.reading() as session:
        told = told_the_old_value(desk, session, find(session, incident))
    if not told:
        door.answer({"told": []}, "Nobody was told anything that is otherwise now.")
        return
    rows = ((f"{one.kind} {one.number}", _who(one), short(one.at), _values(one)) for one in told)
    door.answer(
        {"told": [asdict(one) for one in told]}, table(("by", "who was told", "when (UTC)", "what"), rows, fixed=(0, 2))
    )


def _made(filled: Filled, number: int) -> dict[str, Any]:
    made = machine(filled)
    if made is None:
        raise Conflict(
            f"Report {number} is on a form without JSON of its own; 'forthwith --json report show' gives its answers."
        )
    return made


def _who(one: ToldBefore) -> str:
    return f"{one.to}: {count(one.count, 'notice')}" if one.kind == "wave" else one.to


def _values(one: ToldBefore) -> str:
    return "\n".join(f"{value.name}: told {value.told}, now {value.now or 'not known'}" for value in one.values)


def _held(door: Door, incident: str, number: int) -> tuple[str, Report, Obligation]:
    with door.desk() as desk, desk.reading() as session:
        found = find(session, incident)
        held = work.report(session, found.id, number)
        if held is None:
            raise NotFound(
                f"{found.reference} has no report {number}; 'forthwith report list {found.reference}' shows them."
            )
        return found.reference, *held
