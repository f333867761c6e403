"""Small valid things, overridable, for tests of any room that has a database."""

from typing import Any

from actions.declare import Declaration, Declared, declare
from actions.desk import Desk

LOST_DISCS: dict[str, Any] = {
    "organisation.roles": ["controller", "competent_authority"],
    "events.occurred_from": "2026-11-16T16:00+00:00",
    "events.detected": "2026-11-20T10:00+00:00",
    "events.aware": "2026-11-20T10:00+00:00",
    "purposes": ["law_enforcement"],
    "data": ["criminal_offence", "sexual_life", "video", "name"],
    "protection.encrypted": False,
    "people.GB": 15,
    "kinds": ["victim", "child"],
    "risk": "high",
}


def an_incident(desk: Desk, title: str = "Lost discs", **facts: Any) -> Declared:
    """A declared incident with the reference case's facts; *facts* override (dots as double underscores), None leaves one out."""
    changed = {name.replace("__", "."): value for name, value in facts.items()}
    known = {name: value for name, value in (LOST_DISCS | changed).items() if value is not None}
    return declare(desk, Declaration(title=title, facts=known))
