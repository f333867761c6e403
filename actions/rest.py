"""Ends a run of respond: records what the incident now waits for, and that the wishes for the run are fulfilled."""

from uuid import UUID

from actions import clock
from actions.desk import Desk
from actions.triggers import mark_done
from db.queries.waiting import Waiting, waits_for


def record_waiting(desk: Desk, incident: UUID | str) -> list[Waiting]:
    """Journal what waits for whom. Titles of tasks name no affected person, so neither does this."""
    with desk.act("rest", incident, closed_too=True) as act:
        waiting = waits_for(act.session, act.incident, clock.real_now())
        act.journal("waits for", waits_for=[one.as_json() for one in waiting])
        mark_done(act.session, "respond", incident_id=act.incident.id)
    return waiting
