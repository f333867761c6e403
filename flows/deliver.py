"""Sends a launched wave, in tasks of thousands of notices; which of several runs may send, the wave's lease decides."""

from uuid import UUID

from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from actions.deliver import deliver as send
from flows.guard import guarded
from flows.run import WaveId, at_desk, readable
from settings.model import load

A_TASK = 5000
"""Notices to a task: each task run costs Prefect about 26 ms and 20 KB, so one for each person would never end."""
A_BREATH = 10
"""Seconds of sending after which a stop is heard; a thread cannot be interrupted, and a kill leaves notices unknown."""


@flow(name="deliver", flow_run_name=readable, persist_result=False, log_prints=False)
@guarded
async def deliver(wave_id: WaveId) -> None:
    """Send until nothing is left that may go now. Safe to run at any time, twice, and to kill at any moment."""
    while await send_some(wave_id):
        pass


@task(name="send", task_run_name="send", cache_policy=NO_CACHE, persist_result=False, log_prints=False)
@guarded
async def send_some(wave_id: UUID) -> bool:
    """Send some thousands of notices; gives whether more could go at once."""
    breath = min(A_TASK, max(1, round(load().rate_per_second * A_BREATH)))
    for _ in range(A_TASK // breath):
        done = await at_desk(lambda desk: send(desk, wave_id, most=breath))
        if not done.go_on:
            return False
    return True
