"""`forthwith list`: the incidents, the nearest limit of each beside it."""

from typing import Annotated, Any

import typer
from rich.text import Text
from sqlalchemy.orm import Session

from actions.moments import left, short
from cli.door import Door, verb
from cli.paper import table
from cli.words import count, present
from db.models import Incident
from db.queries.due import nearest_limit
from db.queries.incidents import all_incidents
from db.queries.tracks import tracks
from db.queries.waiting import waits_for


@verb
def incidents(
    door: Door,
    closed: Annotated[bool, typer.Option("--closed", help="Closed incidents too.")] = False,
) -> None:
    """List the incidents, the nearest limit of each beside it."""
    with door.desk() as desk, desk.reading() as session:
        found = [_told(session, incident) for incident in all_incidents(session, closed_too=closed)]
    if not found:
        door.answer({"incidents": []}, "There is no open incident." if not closed else "There is no incident.")
        return
    heads = ("incident", "stage", "nearest limit", "waits for", "title")
    door.answer({"incidents": found}, table(heads, (_row(one) for one in found), fixed=(0, 1, 2)))


def _told(session: Session, incident: Incident) -> dict[str, Any]:
    at, (limit, sure) = present(session, incident), nearest_limit(session, incident) or (None, True)
    return {
        "incident": incident.reference,
        "id": incident.id,
        "title": incident.title,
        "exercise": incident.sealed,
        "stage": "closed" if incident.closed_at else tracks(session, incident).stage,
        "declared_at": incident.declared_at,
        "nearest_limit": limit,
        "limit_is_sure": sure,
        "left": left(limit, at) if limit else None,
        "waits_for": 0 if incident.closed_at else len(waits_for(session, incident, at)),
    }


def _row(told: dict[str, Any]) -> tuple[str | Text, ...]:
    unsure = "" if told["limit_is_sure"] else ", if owed"
    limit = f"{short(told['nearest_limit'])}\n{told['left']}{unsure}" if told["nearest_limit"] else "none"
    title = ("EXERCISE: " if told["exercise"] else "") + told["title"]
    return told["incident"], told["stage"], limit, count(told["waits_for"], "thing"), title
