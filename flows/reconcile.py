"""Settles what became of each notice and report: unknown sends by evidence, bounces to the next channel, silence to the ladder."""

from prefect import flow
from prefect.client.schemas.objects import State

from actions.hand_in import hand_in
from actions.reconcile import reconcile as settle
from flows.guard import guarded
from flows.run import look, readable


@flow(name="reconcile", flow_run_name=readable, persist_result=False, log_prints=False)
@guarded
async def reconcile() -> State[None] | None:
    """Settle what the evidence allows and leave the rest for a person. Safe to run at any time."""
    return await look(settle) or await look(hand_in)
