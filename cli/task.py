"""`forthwith task`: the work that people have to do."""

from pathlib import Path
from typing import Annotated, Any

import typer

from actions.after_contact import raise_concern
from actions.contact import MEANS, OUTCOMES, Spoken
from actions.contact import contact as record
from actions.desk import find
from actions.end_task import end_task, verify_task
from actions.errors import Conflict
from actions.moments import left, read_moment, short, spelt
from actions.read_script import Script, read_script
from cli.decide import Reasons
from cli.door import Door, Number, Reference, verb
from cli.paper import pairs, table
from cli.words import count, plain, present
from db.models import Task
from db.queries.work import tasks

app = typer.Typer(no_args_is_help=True)


@app.command("list")
@verb
def list_tasks(
    door: Door,
    incident: Reference,
    everything: Annotated[bool, typer.Option("--all", help="Ended tasks too.")] = False,
) -> None:
    """List what is to be done, by when, and by whom."""
    with door.desk() as desk, desk.reading() as session:
        found = find(session, incident)
        rows, at = tasks(session, found.id, ended_too=everything), present(session, found)
        told = [
            as_told(row) | {"left": left(row.due_at, at) if row.due_at and row.state == "open" else None}
            for row in rows
        ]
    if not told:
        door.answer({"tasks": []}, "No task is open." if not everything else "There is no task.")
        return
    heads = ("no", "kind", "due (UTC)", "state", "what")
    door.answer({"tasks": told}, table(heads, (_row(one) for one in told), fixed=(0, 1, 2)))


@app.command("done")
@verb
def done(
    door: Door,
    incident: Reference,
    number: Number,
    outcome: Annotated[str, typer.Option(help="What came of it, naming no affected person.", show_default=False)] = "",
    at: Annotated[str | None, typer.Option(help="When it was done.", show_default="now")] = None,
) -> None:
    """Mark a task done, with what came of it."""
    _end(door, incident, number, outcome, "done", at)


@app.command("cancel")
@verb
def cancel(
    door: Door,
    incident: Reference,
    number: Number,
    outcome: Annotated[str, typer.Option(help="Why it is not needed.", show_default=False)] = "",
) -> None:
    """Cancel a task that is not needed, saying why."""
    _end(door, incident, number, outcome, "cancelled", None)


@app.command("verify")
@verb
def verify(
    door: Door,
    incident: Reference,
    number: Number,
    how: Annotated[str, typer.Option(help="What was looked at.", show_default=False)] = "",
) -> None:
    """Confirm that a task was really done: who looked, and at what."""
    with door.desk() as desk:
        task = verify_task(desk, incident, number, how)
        door.done(desk, incident, f"Task {number} is verified by {task.verified_by}.", task=as_told(task))


@app.command("script")
@verb
def script(
    door: Door,
    incident: Reference,
    number: Number,
    letter: Annotated[
        Path | None, typer.Option(help="Where to put the letter to hand over.", show_default=False)
    ] = None,
) -> None:
    """Read what to say in a call or a visit, and to whom. That you looked is recorded."""
    with door.desk() as desk:
        found = read_script(desk, incident, number)
    if letter is not None:
        _put(letter, found.content.letter_pdf, number)
    content, how = found.content, agreed(found)
    told = {"task": number, "to": content.to_name, "reach": content.to_address, "by": content.channel, **dict(how)}
    door.answer(told | {"tries": list(found.tries), "script": content.script}, pairs(how), content.script)


def agreed(found: Script) -> list[tuple[str, str]]:
    """What was agreed about being reached, and what holds where nothing was."""
    safe = found.safe
    hours = (safe.hours if safe else "") or "no hours are agreed"
    if not found.safe_hour:
        hours += f"; NOT NOW, next from {spelt(found.next_at)}" if found.next_at else "; NOT NOW"
    return [
        ("hours", hours),
        ("voicemail", "allowed: first name only" if safe and safe.voicemail else "never"),
        ("our number", "shown" if safe and not safe.withhold_number else "withheld"),
        ("who may answer", (safe.answers if safe else "") or "nobody else"),
        ("language", safe.language if safe else found.content.language),
        ("code word", "comes first, before anything is said" if safe and safe.code_word else "none is agreed"),
        ("ask first", "no" if safe and not safe.ask_first else "whether it is still safe, before each contact"),
        ("confirmed", f"{safe.confirmed_on} by {safe.confirmed_by}, holds until {safe.until}" if safe else "-"),
    ]


def _put(path: Path, letter: bytes, number: int) -> None:
    if not letter:
        raise Conflict(f"Task {number} has no letter to hand over.")
    path.write_bytes(letter)


@app.command("concern")
@verb
def concern(door: Door, incident: Reference, number: Number, reasons: Reasons = "") -> None:
    """Ask the safeguarding lead to look at a contact; data protection law does not prevent that."""
    with door.desk() as desk:
        task = raise_concern(desk, incident, number, reasons)
        door.done(desk, incident, f"The safeguarding lead is told: task {task.number}.", task=as_told(task))


@app.command("contact")
@verb
def contact(
    door: Door,
    incident: Reference,
    number: Number,
    outcome: Annotated[str, typer.Argument(help=f"{', '.join(OUTCOMES)}.", show_default=False)],
    note: Annotated[str, typer.Option(help="What was said; it is sealed.", show_default=False)] = "",
    by: Annotated[str, typer.Option(help="Who spoke.", show_default="who acts")] = "",
    witness: Annotated[str, typer.Option(help="Who else was there; a visit needs one.", show_default=False)] = "",
    at: Annotated[str | None, typer.Option(help="When.", show_default="now")] = None,
    next_try: Annotated[str | None, typer.Option(help="When it will be tried again.", show_default=False)] = None,
    code_word: Annotated[bool, typer.Option("--code-word-given", help="The code word came before anything.")] = False,
    still_safe: Annotated[bool, typer.Option("--still-safe", help="It was asked before if it is still safe.")] = False,
) -> None:
    """Record what came of a call or a visit."""
    moment, again = (
        read_moment(text, option) if text else None for text, option in ((at, "--at"), (next_try, "--next-try"))
    )
    spoken = Spoken(outcome, note, by, witness, moment, again, code_word, still_safe)
    with door.desk() as desk:
        task = record(desk, incident, number, spoken)
        tries = count(len(task.details["tries"]), "try", "tries")
        door.done(
            desk, incident, f"Task {number}: {MEANS[outcome]}, after {tries}; it is {task.state}.", task=as_told(task)
        )


def _end(door: Door, incident: str, number: int, outcome: str, state: str, at: str | None) -> None:
    with door.desk() as desk:
        task = end_task(desk, incident, number, outcome, state=state, at=read_moment(at, "--at") if at else None)
        door.done(desk, incident, f"Task {number} is {state}: {task.outcome}", task=as_told(task))


def as_told(task: Task) -> dict[str, Any]:
    """A task as plain values."""
    names = (
        "number",
        "kind",
        "title",
        "why",
        "assignee",
        "due_at",
        "state",
        "outcome",
        "ended_at",
        "ended_by",
        "verified_at",
        "verified_by",
    )
    return {name: getattr(task, name) for name in names}


def _row(told: dict[str, Any]) -> tuple[str, ...]:
    due = f"{short(told['due_at'])}\n{told['left'] or ''}".strip() if told["due_at"] else "-"
    state = told["state"] + (
        " and verified"
        if told["verified_at"]
        else ", not verified"
        if told["kind"] == "containment" and told["state"] == "done"
        else ""
    )
    what = "\n".join(filter(None, (told["title"], told["outcome"] and f"outcome: {told['outcome']}", told["assignee"])))
    return str(told["number"]), plain(told["kind"]), due, state, what
