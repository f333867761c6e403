"""`forthwith timeline`: who did what when, from the journal."""

import re
from typing import Annotated, Any

import typer

from actions.desk import find
from actions.errors import Conflict
from actions.moments import read_moment, short
from cli.door import Door, Reference, verb
from cli.paper import table
from cli.words import banner, plain
from db.queries.incidents import exercise_of
from db.queries.journal import entries

LONGEST = 60
HASH = re.compile("[0-9a-f]{64}")
STEPS = ("step", "rest")
UNSAID: tuple[Any, ...] = (None, "", [], {})


@verb
def timeline(
    door: Door,
    incident: Reference,
    whole: Annotated[bool, typer.Option("--all", help="The steps of flow runs too.")] = False,
) -> None:
    """Show who did what when, from the journal."""
    with door.desk() as desk, desk.reading() as session:
        found = find(session, incident)
        top = list(banner(exercise_of(session, found)))
        told = [
            body | {"number": number, "hash": digest} for number, digest, _, body in entries(session, str(found.id))
        ]
    shown = (entry for entry in told if whole or not entry["act"].startswith(STEPS))
    heads = ("when (UTC)", "who", "what")
    door.answer({"incident": found.reference, "entries": told}, *top, table(heads, (_row(one) for one in shown)))


def _row(entry: dict[str, Any]) -> tuple[str, ...]:
    return short(read_moment(entry["at"], "at")), entry["actor"], _what(entry)


def _what(entry: dict[str, Any]) -> str:
    details, subject = entry.get("details") or {}, str(entry.get("subject") or "")
    if entry["act"] == "record_fact":
        return f"fact {subject} = {_words(details['value'])}, from {details['source']}"
    listed = ", ".join(f"{plain(name)} {_words(value)}" for name, value in details.items() if value not in UNSAID)
    return f"{plain(entry['act'])}, {plain(subject)}" + (f": {listed}" if listed else "")


def _words(value: Any) -> str:
    """A value in a line: instants short, long ones cut."""
    if isinstance(value, list):
        return "; ".join(_words(one) for one in value)
    try:
        return short(read_moment(value, ""))
    except (Conflict, TypeError):
        words = str(value)[:12] if HASH.fullmatch(str(value)) else str(value)
        return words if len(words) <= LONGEST else words[: LONGEST - 1] + "…"
