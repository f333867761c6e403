"""`forthwith fact`: what is known, since when, and from where."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from actions.append_facts import Known
from actions.desk import find
from actions.errors import Conflict
from actions.known import AUDIENCES, FOR_AUDIENCE
from actions.moments import read_moment, short
from actions.names import law_facts_told, story_told
from actions.record_facts import record_facts
from cli.door import Door, Reference, verb
from cli.paper import heading, pairs, table
from cli.typed import check_places, flat, read_file, read_pairs
from cli.words import count
from db.models import Fact
from db.queries.facts import history, standing

app = typer.Typer(no_args_is_help=True)
Source = Annotated[str, typer.Option(help="Where this is known from.", show_default="told by whoever acts")]


@app.command("add")
@verb
def add(
    door: Door,
    incident: Reference,
    facts: Annotated[
        list[str] | None, typer.Argument(metavar="NAME=VALUE...", help="What is known.", show_default=False)
    ] = None,
    source: Source = "",
    file: Annotated[Path | None, typer.Option(help="Facts from a YAML file.", show_default=False)] = None,
    true_at: Annotated[str | None, typer.Option(help="When it was so, with offset.", show_default=False)] = None,
    known_at: Annotated[str | None, typer.Option(help="Since when it is known.", show_default="now")] = None,
) -> None:
    """Add facts; what stood before stays in the history."""
    told = (_from_file(file) if file else {}) | read_pairs(facts or [])
    if not told:
        raise Conflict("Say what is known: NAME=VALUE, or --file ('forthwith fact names' lists the names).")
    so, since = (
        read_moment(text, option) if text else None
        for text, option in ((true_at, "--true-at"), (known_at, "--known-at"))
    )
    source = source or f"told by {door.actor}"
    with door.desk() as desk:
        added = record_facts(desk, incident, [Known(name, value, source, so, since) for name, value in told.items()])
        same = f"; {count(len(told) - len(added), 'fact')} stood like that already" if len(added) < len(told) else ""
        door.done(desk, incident, f"{count(len(added), 'fact')} recorded{same}.", facts=[_told(fact) for fact in added])


@app.command("list")
@verb
def list_facts(
    door: Door,
    incident: Reference,
    at: Annotated[str | None, typer.Option(help="What was known at this time.", show_default="now")] = None,
) -> None:
    """Show what is known, or what was known at a time."""
    moment = read_moment(at, "--at") if at else None
    with door.desk() as desk, desk.reading() as session:
        held = standing(session, find(session, incident).id, moment)
        told = [_told(fact) for _, fact in sorted(held.items())]
    _show(door, told)


@app.command("history")
@verb
def show_history(
    door: Door,
    incident: Reference,
    name: Annotated[str | None, typer.Argument(help="One fact.", show_default="all of them")] = None,
) -> None:
    """Show how what is known has changed."""
    with door.desk() as desk, desk.reading() as session:
        told = [_told(fact) for fact in history(session, find(session, incident).id, name)]
    _show(door, told)


@app.command("names")
@verb
def names(door: Door) -> None:
    """List the facts that something asks about."""
    law, story = law_facts_told(), story_told()
    for_one = (
        f"story.AUDIENCE.NAME, with AUDIENCE among {', '.join(AUDIENCES)} and NAME among {', '.join(FOR_AUDIENCE)}"
    )
    door.answer(
        {"law": law, "story": story, "for_one_audience": for_one},
        heading("What laws ask about"),
        pairs(law.items()),
        heading("What letters and reports tell"),
        pairs(story.items()),
        f"Words of their own for one audience: {for_one}.",
    )


def _from_file(path: Path) -> dict[str, Any]:
    told, page = read_file(path)
    facts = flat(told)
    check_places(facts, path, page)
    return facts


def _told(fact: Fact) -> dict[str, Any]:
    return {
        name: getattr(fact, name)
        for name in ("number", "name", "value", "true_at", "known_at", "source", "recorded_by", "recorded_at")
    }


def _show(door: Door, told: list[dict[str, Any]]) -> None:
    if not told:
        door.answer({"facts": []}, "Nothing is known of that.")
        return
    rows = (
        (one["name"], _words(one["value"]), short(one["known_at"]), f"{one['source']} ({one['recorded_by']})")
        for one in told
    )
    door.answer({"facts": told}, table(("fact", "value", "known since", "from"), rows, fixed=(2,)))


def _words(value: Any) -> str:
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return "\n".join(value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
