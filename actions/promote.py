"""Promotes an intake to an incident: detected when it was noticed, handed to the manager when it was said."""

from dataclasses import replace

from actions import journal
from actions.declare import Declaration, Declared, declare_within
from actions.desk import Desk
from actions.house_act import house_act
from actions.read_intake import settle, take_new, waits

DETECTED, AWARE = "events.detected", "events.aware"


def promote(desk: Desk, reference: str, said: Declaration) -> Declared:
    """Declare the incident that it is. What was said stays sealed: title and story are the manager's own words.

    Raises NotFound, and Conflict where it was settled already or the declaration cannot stand; then nothing is done.
    """
    with house_act(desk, "promote") as act:
        intake = take_new(act.session, reference)
        noticed = intake.noticed_at.isoformat()
        facts = {AWARE: noticed} | said.facts | {DETECTED: noticed}
        source = f"intake {intake.reference}"
        whole = replace(said, facts=facts, source=source, told_at=intake.received_at, exercise_id=None)
        declared = declare_within(desk, act.session, whole)
        settle(intake, "promoted", desk.actor, act.now)
        intake.incident_id = declared.id
        times = waits(intake, act.now)
        act.journal(intake.reference, became=declared.reference, **times)
        entry = desk.entry("promote", act.now, intake.reference, times) | {"incident": declared.reference}
        journal.append(act.session, str(declared.id), entry)
    desk.asked.extend(declared.triggers)
    return declared
