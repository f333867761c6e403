"""`forthwith declare`: opens an incident from options, from a file, or from questions asked on a terminal."""

import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from actions.clock import now
from actions.declare import Declaration
from actions.declare import declare as open_incident
from actions.errors import Conflict
from actions.moments import read_moment
from cli.door import Door, verb
from cli.founding import found_first
from cli.questions import asked
from cli.typed import check_places, flat, read_file, read_pairs
from rulebook.facts import BadFacts

ABOUT = (
    "title",
    "source",
    "known_at",
    "owner",
    "deputy",
    "executive",
    "data_protection_officer",
    "restricted",
    "time_zone",
)


@verb
def declare(
    door: Door,
    title: Annotated[
        str, typer.Option(help="What happened, in a few words, naming no affected person.", show_default=False)
    ] = "",
    file: Annotated[
        Path | None, typer.Option(help="A YAML file: the facts, and title: and story: beside them.", show_default=False)
    ] = None,
    facts: Annotated[
        list[str] | None,
        typer.Option("--fact", metavar="NAME=VALUE", help="A fact; may be given again.", show_default=False),
    ] = None,
    detected: Annotated[str | None, typer.Option(help="When it was noticed, with offset.", show_default="now")] = None,
    aware: Annotated[
        str | None, typer.Option(help="When it was certain enough to act on.", show_default="as --detected")
    ] = None,
    source: Annotated[str, typer.Option(help="Where this is known from.")] = "declaration",
) -> None:
    """Declare an incident, and start its clocks."""
    said = _from_file(file) if file else Declaration(title="", facts={}, source=source)
    typed = read_pairs(facts or []) | _moments(detected, aware)
    said = replace(said, title=title or said.title, facts=said.facts | typed)
    if not said.title and not said.facts and sys.stdin.isatty() and not door.as_json:
        said = asked()
    if not said.title:
        raise Conflict("Say what happened in a few words: --title, or title: in the file given with --file.")
    found_first(door)  # a breach does not wait for somebody to set this machine up
    with door.desk() as desk:
        declared = open_incident(desk, replace(said, facts=_clocked(said.facts)))
        door.done(
            desk,
            declared.reference,
            f"{declared.reference} is declared: {said.title}",
            id=declared.id,
            title=said.title,
        )


def _clocked(facts: dict[str, Any]) -> dict[str, Any]:
    """Without a word on when, it was noticed now; and noticing it is being aware of it, until a person decides otherwise."""
    detected = facts.get("events.detected") or facts.get("events.aware") or now().isoformat(timespec="seconds")
    return {"events.detected": detected, "events.aware": facts.get("events.aware") or detected} | {
        name: value for name, value in facts.items() if value is not None
    }


def _moments(detected: str | None, aware: str | None) -> dict[str, Any]:
    given = (("events.detected", "--detected", detected), ("events.aware", "--aware", aware))
    return {name: read_moment(text, option).isoformat() for name, option, text in given if text}


def _from_file(path: Path) -> Declaration:
    told, page = read_file(path)
    about = {key: told[key] for key in ABOUT if told.get(key) is not None}
    facts = flat({key: value for key, value in told.items() if key not in ABOUT})
    check_places(facts, path, page)
    for key, value in about.items():
        if not isinstance(value, bool if key == "restricted" else str):
            raise BadFacts(
                f"{path}, line {page.line((key,))}, {key}",
                "write true or false" if key == "restricted" else "write text here",
            )
    if "known_at" in about:
        about["known_at"] = read_moment(about["known_at"], f"{path}, line {page.line(('known_at',))}, known_at")
    return Declaration(**({"title": ""} | about), facts=facts)
