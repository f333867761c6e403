"""Declares an incident: the record, its key, its first facts and the first hand-overs begin here."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from actions import clock, journal
from actions.append_facts import Known, append_facts
from actions.desk import Desk
from actions.errors import Conflict, NotFound
from actions.first_members import first_members
from actions.hand_over import begin
from db.models import Exercise, Incident, IncidentKey, JournalHead, Trigger
from db.queries.incidents import next_reference


@dataclass(frozen=True)
class Declaration:
    """What is said when an incident is declared. Facts have the dotted names of the facts file."""

    title: str
    facts: dict[str, Any]
    source: str = "declaration"
    known_at: datetime | None = None
    exercise_id: UUID | None = None
    time_zone: str = ""
    owner: str = ""
    deputy: str = ""
    executive: str = ""
    data_protection_officer: str = ""
    restricted: bool = False
    told_at: datetime | None = None
    """When the finder said it, where that was written down: the first hand-over counts from then."""


@dataclass(frozen=True)
class Declared:
    """The new incident, and the flow run that it wishes for."""

    id: UUID
    reference: str
    triggers: tuple[Trigger, ...] = field(default=())


def declare(desk: Desk, said: Declaration) -> Declared:
    """Open an incident. Raises Conflict for a missing title, for facts that are malformed or contradict each other."""
    with desk.writing() as session:
        declared = declare_within(desk, session, said)
    desk.asked.extend(declared.triggers)
    return declared


def declare_within(desk: Desk, session: Session, said: Declaration) -> Declared:
    """The same within a transaction that is under way, whose end asks for the runs that it wishes for."""
    if not said.title.strip():
        raise Conflict("An incident needs a title: say in a few words what happened, without naming anyone.")
    exercise = _exercise(session, said.exercise_id)
    now = clock.now(exercise)
    incident = _incident(desk, session, said, exercise, now)
    session.flush()
    _key(desk, session, incident, now)
    journal.append(
        session, journal.HOUSE, desk.entry("declare", now, str(incident.id), {"reference": incident.reference})
    )
    journal.append(session, str(incident.id), _first_entry(desk, session, incident, said, now))
    known = [
        Known(name, value, said.source, known_at=said.known_at) for name, value in _with_defaults(desk, said).items()
    ]
    append_facts(desk, session, incident, known, now)
    first_members(desk, session, incident, now)
    begin(desk, session, incident, now, said.told_at or said.facts.get("events.detected"))
    trigger = _first_trigger(incident)
    session.add(trigger)
    return Declared(incident.id, incident.reference, (trigger,))


def _exercise(session: Session, exercise_id: UUID | None) -> Exercise | None:
    if exercise_id is None:
        return None
    exercise = session.get(Exercise, exercise_id)
    if exercise is None or exercise.ended_at:
        raise NotFound("There is no exercise of that id under way; start one with 'forthwith exercise run'.")
    return exercise


def _incident(desk: Desk, session: Session, said: Declaration, exercise: Exercise | None, now: datetime) -> Incident:
    head = session.get(
        JournalHead, journal.HOUSE, with_for_update=True
    )  # one declaration at a time: references follow each other
    if head is None:
        raise Conflict("This database was never founded; run 'forthwith up' once.")
    settings = desk.settings
    incident = Incident(
        id=uuid4(),
        reference=next_reference(session, now.year, sealed=exercise is not None),
        title=said.title.strip(),
        sealed=exercise is not None,
        exercise_id=exercise.id if exercise else None,
        law_as_of=exercise.law_as_of if exercise else None,
        time_zone=said.time_zone or settings.time_zone,
        declared_at=now,
        declared_by=desk.actor,
        owner=said.owner or settings.owner,
        deputy=said.deputy or settings.deputy,
        executive=said.executive or settings.executive,
        data_protection_officer=said.data_protection_officer or settings.data_protection_officer,
        restricted=said.restricted,
    )
    session.add(incident)
    return incident


def _key(desk: Desk, session: Session, incident: Incident, now: datetime) -> None:
    _, wrapped = desk.master.new_incident_key(str(incident.id))
    session.add(IncidentKey(incident_id=incident.id, wrapped=wrapped, master_key_id=desk.master.key_id, made_at=now))


def _first_entry(desk: Desk, session: Session, incident: Incident, said: Declaration, now: datetime) -> dict[str, Any]:
    house = session.get_one(JournalHead, journal.HOUSE)
    details = {
        "title": incident.title,
        "sealed": incident.sealed,
        "law_as_of": incident.law_as_of,
        "after": house.hash,
        "source": said.source,
    }
    return desk.entry("declare", now, incident.reference, details) | {"incident": incident.reference}


def _with_defaults(desk: Desk, said: Declaration) -> dict[str, Any]:
    """What every incident knows from the start: who the organisation is."""
    settings = desk.settings
    own = {
        "organisation.roles": list(settings.roles),
        "organisation.sectors": list(settings.sectors),
        "organisation.establishments": list(settings.establishments),
        "organisation.time_zone": said.time_zone or settings.time_zone,
    }
    return own | said.facts


def _first_trigger(incident: Incident) -> Trigger:
    key = f"{incident.id}:respond:declared"
    return Trigger(
        id=uuid4(), flow="respond", incident_id=incident.id, key=key, because="declared", requested_at=clock.now()
    )
