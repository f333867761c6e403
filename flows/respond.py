"""Answers one incident: work out what is owed, contain, report and notify until nothing can move without a person."""

from uuid import UUID

from prefect import flow

from actions.desk import Desk, find
from actions.rest import record_waiting
from flows.guard import StepFailed, guarded
from flows.run import IncidentId, at_desk, readable
from flows.steps import Step, assess_incident, contain_incident, prepare_notices, prepare_reports


@flow(name="respond", flow_run_name=readable, persist_result=False, log_prints=False)
@guarded
async def respond(incident_id: IncidentId) -> None:
    """Move the incident as far as it can go now and record what it waits for. Safe to run again at any time."""
    await at_desk(lambda desk: _known(desk, incident_id))
    failures = [failure for step in STEPS if (failure := await _failure(step, incident_id))]
    if failures:
        raise StepFailed("; ".join(dict.fromkeys(failures)))


def _known(desk: Desk, incident_id: UUID) -> None:
    with desk.reading() as session:
        find(session, incident_id)


@guarded
async def _rest(incident_id: UUID) -> None:
    await at_desk(lambda desk: record_waiting(desk, incident_id))


# The order helps, it does not gate: each step takes what it needs from the database, and a report or a notice
# drafted from the last good assessment is worth more than none, since a person approves both. So containment
# never holds up a report, and a step that fails holds up nothing but the run's good name.
STEPS = (assess_incident, contain_incident, prepare_reports, prepare_notices, _rest)


async def _failure(step: Step, incident_id: UUID) -> str:
    """Why the step failed, in words that Prefect may keep; empty when it did not."""
    try:
        await step(incident_id)
    except StepFailed as failure:
        return str(failure)
    return ""
