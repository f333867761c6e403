"""`forthwith verify`: checks the record, or an exported pack, for tampering."""

import re
import tempfile
import zipfile
from pathlib import Path
from typing import Annotated, Any

import typer

from actions.desk import find
from actions.errors import Conflict
from actions.pack_verifier import check
from cli.door import Door, verb
from cli.words import count
from db.queries.incidents import all_incidents
from db.queries.journal import Verdict, verify_all
from db.queries.journal import verify as walk

BROKEN = 1
REFERENCE = re.compile(r"\s*(FW|EX)-[0-9]{4}-[0-9]+\s*", re.IGNORECASE)


@verb
def verify(
    door: Door,
    what: Annotated[
        str, typer.Argument(help="An incident, or a pack: its folder or ZIP file.", show_default="everything")
    ] = "",
) -> None:
    """Check that the record was not tampered with."""
    told = _record(door, what) if not what or REFERENCE.fullmatch(what) else _pack(Path(what))
    sound = not any(one["faults"] for one in told)
    lines = [line for one in told for line in _lines(one)]
    door.answer(
        {"sound": sound, "checked": told},
        *lines,
        "Everything holds."
        if sound
        else "THE RECORD DOES NOT HOLD: keep everything as it is, and find out who touched it.",
    )
    if not sound:
        raise typer.Exit(BROKEN)


def _record(door: Door, incident: str) -> list[dict[str, Any]]:
    with door.desk() as desk, desk.reading() as session:
        if not incident:
            names = {str(one.id): one.reference for one in all_incidents(session, closed_too=True)}
            return [
                _told(verdict) | {"what": names.get(verdict.chain, verdict.chain)} for verdict in verify_all(session)
            ]
        found = find(session, incident)
        return [_told(walk(session, str(found.id))) | {"what": found.reference}]


def _told(verdict: Verdict) -> dict[str, Any]:
    return {"what": verdict.chain, "entries": verdict.entries, "head": verdict.head, "faults": list(verdict.faults)}


def _pack(path: Path) -> list[dict[str, Any]]:
    if path.is_dir():
        return [{"what": str(path), "faults": check(path)}]
    try:
        with zipfile.ZipFile(path) as held, tempfile.TemporaryDirectory() as folder:
            held.extractall(folder)
            inside = next(Path(folder).rglob("manifest.json"), Path(folder) / "manifest.json").parent
            return [{"what": str(path), "faults": check(inside)}]
    except (zipfile.BadZipFile, OSError):
        raise Conflict(
            f"{path} is neither an incident such as FW-2026-0001, nor a pack: a folder or a ZIP file that can be read."
        ) from None


def _lines(told: dict[str, Any]) -> list[str]:
    entries = f" {count(told['entries'], 'entry', 'entries')}" if "entries" in told else ""
    if not told["faults"]:
        return [f"sound  {told['what']}{entries}"]
    return [f"WRONG  {told['what']}: {fault}" for fault in told["faults"]]
