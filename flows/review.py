"""The daily look at the house itself: old rules, retention, keys to destroy, a checkpoint of the journal."""

from prefect import flow

from actions.review import review as look_over
from flows.guard import guarded
from flows.run import at_desk, readable


@flow(name="review", flow_run_name=readable, persist_result=False, log_prints=False)
@guarded
async def review() -> None:
    """Do what the day calls for. Safe to run at any time."""
    await at_desk(look_over)
