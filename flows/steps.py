"""The four steps of an answer, each a task of `respond` and a flow of its own for a manager to run by itself."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from actions.assess import assess as answer_duties
from actions.contain import contain as open_measures
from actions.desk import Desk
from actions.hand_in import hand_in
from actions.prepare_notices import prepare_notices as draft_notices
from actions.prepare_reports import prepare_reports as draft_reports
from actions.step import step
from flows.guard import StepRefused, guarded
from flows.run import IncidentId, at_desk, readable

Step = Callable[[UUID], Awaitable[None]]


def _worth_another_try(_task: Any, _run: Any, state: Any) -> bool:
    """A locked database may be free in a second; a refusal stays one."""
    return not isinstance(state.data, StepRefused)


def _a_step(name: str, action: Callable[[Desk, UUID], object]) -> Step:
    """The task around one action: journalled from start to end, tried three times, nothing of it kept by Prefect."""

    @task(
        name=name,
        task_run_name=name,
        retries=2,
        retry_delay_seconds=[1, 5],
        retry_condition_fn=_worth_another_try,
        cache_policy=NO_CACHE,
        persist_result=False,
        log_prints=False,
    )
    @guarded
    async def a_step(incident_id: UUID) -> None:
        def work(desk: Desk) -> None:
            with step(desk, name, incident_id):
                action(desk, incident_id)

        await at_desk(work)

    return a_step


def _reports(desk: Desk, incident_id: UUID) -> None:
    """What is owed is drawn up; what was approved and is to be sent is handed over, or asked after."""
    draft_reports(desk, incident_id)
    hand_in(desk, incident_id)


assess_incident = _a_step("assess", answer_duties)
contain_incident = _a_step("contain", open_measures)
prepare_reports = _a_step("report_to_regulator", _reports)
prepare_notices = _a_step("notify_victims", draft_notices)


@flow(name="assess", flow_run_name=readable, persist_result=False, log_prints=False)
@guarded
async def assess(incident_id: IncidentId) -> None:
    """Work out anew what is owed to whom by when, from the facts as they stand. Safe to run at any time."""
    await assess_incident(incident_id)


@flow(name="contain", flow_run_name=readable, persist_result=False, log_prints=False)
@guarded
async def contain(incident_id: IncidentId) -> None:
    """Set the containment tasks that the incident calls for. Safe to run at any time."""
    await contain_incident(incident_id)


@flow(name="report_to_regulator", flow_run_name=readable, persist_result=False, log_prints=False)
@guarded
async def report_to_regulator(incident_id: IncidentId) -> None:
    """Draft or refresh the reports that are owed; a person approves and files them. Safe to run at any time."""
    await prepare_reports(incident_id)


@flow(name="notify_victims", flow_run_name=readable, persist_result=False, log_prints=False)
@guarded
async def notify_victims(incident_id: IncidentId) -> None:
    """Draft or refresh the notices and set the personal contacts; a person approves and launches. Safe to run at any time."""
    await prepare_notices(incident_id)
