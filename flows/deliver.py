"""Sends a launched wave, in tasks of thousands of notices; a large one by a run for each shard. Who may send, each shard's lease decides."""

from typing import Annotated
from uuid import UUID

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.runtime import flow_run
from pydantic import Field

from actions.deliver import deliver as send
from actions.desk import Desk
from actions.lease import Busy
from actions.shards import MOST_SHARDS, free_shards
from db.session import DatabaseBusy
from flows.api import Away, Prefect, Unwilling
from flows.guard import guarded
from flows.run import WaveId, at_desk, readable
from settings.model import load

A_TASK = 5000
"""Notices to a task: each task run costs Prefect about 26 ms and 20 KB, so one for each person would never end."""
A_BREATH = 10
"""Seconds of sending after which a stop is heard; a thread cannot be interrupted, and a kill leaves notices unknown."""

ShardNumber = Annotated[
    int | None, Field(ge=0, lt=MOST_SHARDS, description="The shard to send; empty for whatever nobody else is sending.")
]


@flow(name="deliver", flow_run_name=readable, persist_result=False, log_prints=False)
@guarded
async def deliver(wave_id: WaveId, shard: ShardNumber = None) -> None:
    """Send until nothing is left that may go now. Safe to run at any time, by any number at once, and to kill at any moment."""
    if shard is None:
        run_id = str(flow_run.id)
        await at_desk(lambda desk: ask_for_help(desk, wave_id, run_id))
    while await send_some(wave_id, shard):
        pass


@task(name="send", task_run_name="send", cache_policy=NO_CACHE, persist_result=False, log_prints=False)
@guarded
async def send_some(wave_id: UUID, shard: int | None) -> bool:
    """Send some thousands of notices; gives whether more could go at once."""
    breath = min(A_TASK, max(1, round(load().rate_per_second * A_BREATH)))
    for _ in range(A_TASK // breath):
        try:
            done = await at_desk(lambda desk: send(desk, wave_id, most=breath, shard=shard))
        except Busy:
            return False  # others send it: that is what was wanted
        except DatabaseBusy:
            return True  # a write waited its half minute for another's; a wave is not to wait a quarter of an hour for that
        if not done.go_on:
            return False
    return True


def ask_for_help(desk: Desk, wave_id: UUID, run_id: str) -> int:
    """Ask Prefect for a run for each shard beyond the first that waits; gives how many. This run sends whatever nobody takes up."""
    with desk.writing() as session:
        others = free_shards(session, wave_id)[1:]
    if not others:
        return 0
    try:
        with Prefect(desk.settings.api_url) as prefect:
            deployment = prefect.deployment("deliver")["id"]
            for number in others:
                asked: dict[str, str | int] = {"wave_id": str(wave_id), "shard": number}
                prefect.start(deployment, asked, f"{run_id}:{number}", [f"wave:{wave_id}"])
    except (Away, Unwilling):
        return 0
    return len(others)
