"""`forthwith timeline`: who did what when, from the journal."""

from collections.abc import Iterator
from typing import Annotated, Any

import typer

from actions.desk import find
from cli.door import Door, Reference, verb
from cli.moments import read_moment, short
from cli.paper import table
from cli.words import banner, plain
from db.queries.incidents import exercise_of
from db.queries.journal import entries

LONGEST = 60


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


STEPS = ("step", "rest")


def _row(entry: dict[str, Any]) -> tuple[str, ...]:
    what = " ".join(filter(None, (plain(entry["act"]), plain(str(entry.get("subject") or "")))))
    details = ", ".join(_details(entry.get("details") or {}))
    return short(read_moment(entry["at"], "at")), entry["actor"], f"{what}: {details}" if details else what


def _details(details: dict[str, Any]) -> Iterator[str]:
    for name, value in details.items():
        if value in (None, "", [], {}):
            continue
        words = str(value)
        yield f"{plain(name)} {words if len(words) <= LONGEST else words[: LONGEST - 1] + '…'}"
