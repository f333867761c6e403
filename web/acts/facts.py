"""Recording what is known."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from actions.append_facts import Known
from actions.as_typed import as_typed
from actions.errors import Conflict
from actions.names import law_facts_told, story_told
from actions.record_facts import record_facts
from db.models import Incident
from web.fact_fields import WORDS, named, value_of
from web.forms import Field, Form
from web.roles import WORKERS
from web.visit import Visit


def record(visit: Visit, reference: str, said: dict[str, Any]) -> str:
    """One fact, with where it is known from and since when."""
    name = named(said)
    if not name:
        raise Conflict("Choose which fact it is, or type its name.")
    typed = said["value"]
    value = as_typed(name, typed) if isinstance(typed, str) else typed
    known = Known(name, value, said["source"] or f"told by {visit.viewer.name}", None, said["known_at"])
    added = record_facts(visit.desk(), reference, [known])
    return f"Recorded: {name}." if added else f"{name} stood like that already; nothing was added."


def _names(session: Session, incident: Incident) -> dict[str, str]:
    return {name: f"{name}: {says}" for name, says in (law_facts_told() | story_told()).items()}


FIELDS = (
    Field("name", "Fact", "choice", required=False, choices=_names, hint="Or type its name below."),
    Field("other", "Another fact's name", required=False, hint="Such as people.FR or events.contained."),
    WORDS,
    Field("source", "Where this is known from", required=False, hint="Empty: told by you."),
    Field("known_at", "Known since", "moment", required=False, hint="Empty: now."),
)


def _asked(given: Mapping[str, Any]) -> tuple[Field, ...]:
    """A fact with options of its own has them to choose from, and no other value."""
    return tuple(value_of(named(given)) if one is WORDS else one for one in FIELDS)


FORMS = (
    Form(
        "record-fact",
        "Record a fact",
        "What stood before stays in the history. Facts decide which duties apply; write no names of affected people.",
        record,
        FIELDS,
        WORKERS,
        "facts",
        asks=_asked,
    ),
)
