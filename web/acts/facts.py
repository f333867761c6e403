"""Recording what is known."""

from typing import Any

from sqlalchemy.orm import Session

from actions.append_facts import Known
from actions.errors import Conflict
from actions.known import shape_of
from actions.names import law_facts_told, story_told
from actions.record_facts import record_facts
from db.models import Incident
from rulebook.reading import BadYaml, parse
from web.forms import Field, Form
from web.roles import WORKERS
from web.visit import Visit


def record(visit: Visit, reference: str, said: dict[str, Any]) -> str:
    """One fact, with where it is known from and since when."""
    name = said["name"] or said["other"]
    if not name:
        raise Conflict("Choose which fact it is, or type its name.")
    known = Known(
        name, _value(name, said["value"]), said["source"] or f"told by {visit.viewer.name}", None, said["known_at"]
    )
    added = record_facts(visit.desk(), reference, [known])
    return f"Recorded: {name}." if added else f"{name} stood like that already; nothing was added."


def _value(name: str, typed: str) -> Any:
    """A story as it stands; anything else as in a facts file."""
    if shape_of(name) == "text":
        return typed
    try:
        return parse(typed).value
    except BadYaml as trouble:
        raise Conflict(f"The value cannot be read: {trouble.says}. A list is written as [one, two].") from None


def _names(session: Session, incident: Incident) -> dict[str, str]:
    return {name: f"{name}: {says}" for name, says in (law_facts_told() | story_told()).items()}


FORMS = (
    Form(
        "record-fact",
        "Record a fact",
        "What stood before stays in the history. Facts decide which duties apply; write no names of affected people.",
        record,
        (
            Field("name", "Fact", "choice", required=False, choices=_names, hint="Or type its name below."),
            Field("other", "Another fact's name", required=False, hint="Such as people.FR or events.contained."),
            Field(
                "value",
                "Value",
                "text",
                hint="A word, a number, a time with offset such as 2026-12-01T10:00+00:00, or a list such as [name, contact]. Stories are taken as they stand.",
            ),
            Field("source", "Where this is known from", required=False, hint="Empty: told by you."),
            Field("known_at", "Known since", "moment", required=False, hint="Empty: now."),
        ),
        WORKERS,
        "facts",
    ),
)
