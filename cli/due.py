"""`forthwith due`: what is due, the nearest first, over all incidents."""

from datetime import datetime, timedelta
from typing import Annotated, Any

import typer

from actions.clock import now
from actions.moments import left, short, spelt
from cli.door import Door, verb
from cli.paper import table
from db.queries.due import Due, due_until


@verb
def due(
    door: Door,
    within: Annotated[
        float | None,
        typer.Option(min=0, metavar="HOURS", help="Only what is due in so many hours, or late.", show_default="all"),
    ] = None,
    exercises: Annotated[
        bool, typer.Option("--exercises", help="Exercises too; they run by clocks of their own.")
    ] = False,
) -> None:
    """Show what is due, the nearest first, over all incidents."""
    at = now()
    with door.desk() as desk, desk.reading() as session:
        until = None if within is None else at + timedelta(hours=within)
        found = [one for one in due_until(session, until) if exercises or not one.sealed]
    told: dict[str, Any] = {"at": at, "due": [one.as_json() | {"late": one.at < at} for one in found]}
    if not found:
        door.answer(told, "Nothing is due.")
        return
    door.answer(told, table(("incident", "when (UTC)", "what"), (_row(one, at) for one in found), fixed=(0, 1)))


def _row(one: Due, at: datetime) -> tuple[str, ...]:
    elsewhere = spelt(one.at, *one.zones).partition(" UTC ")[2]
    lines = (f"{one.kind}: {one.what}", elsewhere.strip("()"), one.on and f"with {one.on}")
    return one.incident, f"{short(one.at)}\n{left(one.at, at)}", "\n".join(filter(None, lines))
