"""Joins an intake to an incident that is there: more was said about it, or it was said before anyone declared it."""

from datetime import datetime, timedelta
from uuid import UUID

from actions import journal
from actions.append_facts import Known, append_facts
from actions.desk import Act, Desk
from actions.errors import Conflict
from actions.hand_over import find_hop
from actions.promote import DETECTED
from actions.read_intake import settle, take_new, waits
from actions.reopen import reopen_decisions
from db.models import Incident, Intake, JournalHead
from db.queries.facts import as_known


def join(desk: Desk, reference: str, incident: UUID | str) -> Incident:
    """Join it. Where it was noticed, or said, before the incident's own times, those move back: clocks count from them.

    Raises NotFound, and Conflict where it was settled already, or the incident is closed or an exercise.
    """
    with desk.act("join", incident) as act:
        if act.incident.sealed:
            raise Conflict(
                f"{act.incident.reference} is an exercise, and what was said is real; choose another incident."
            )
        act.session.get(JournalHead, journal.HOUSE, with_for_update=True)  # in the order of every act on intakes
        intake = take_new(act.session, reference)
        settle(intake, "joined", desk.actor, act.now)
        intake.incident_id = act.incident.id
        times = waits(intake, act.now)
        act.journal(intake.reference, **times)
        entry = desk.entry("join", act.now, intake.reference, {"incident": act.incident.reference, **times})
        journal.append(act.session, journal.HOUSE, entry)
        _move_back(act, intake)
        act.ask_for("respond", because=f"{intake.reference} was joined to it")
    return act.incident


def _move_back(act: Act, intake: Intake) -> None:
    known = as_known(act.session, act.incident.id).get(DETECTED)
    if known is None or intake.noticed_at < datetime.fromisoformat(known):
        fact = Known(DETECTED, intake.noticed_at.isoformat(), f"intake {intake.reference}", known_at=intake.received_at)
        append_facts(act.desk, act.session, act.incident, [fact], act.now)
        reopen_decisions(act, {DETECTED})
    hop = find_hop(act, "finder_to_manager")
    if hop is not None and intake.received_at < hop.given_at:
        hop.given_at = intake.received_at
        hop.target_at = hop.given_at + timedelta(hours=act.desk.settings.hand_over_target_hours)
        act.journal(hop.hop, given_at=hop.given_at, because=intake.reference)
