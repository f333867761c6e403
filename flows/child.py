"""The one process that holds the Prefect server and a runner for each lane, with every schedule; kept alive by the supervisor."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Callable, Iterator
from uuid import uuid4

import uvicorn
from prefect._internal.versioning import VersionType  # Prefect names it nowhere else
from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.objects import FlowRun
from prefect.deployments.runner import RunnerDeployment
from prefect.runner import Runner
from prefect.schedules import Cron, Interval, Schedule
from prefect.server.api.server import create_app

from flows.deployments import DEPLOYMENTS, LANES, Deployment, Lane
from flows.one_writer import take_turns
from flows.recovery import take_up, under_way
from flows.same_origin import SameOrigin
from settings import __version__
from settings.model import load

STOPPING_SECONDS = 20


class _Server(uvicorn.Server):
    """Uvicorn that leaves signals alone: the runners stop first, while the server still answers them."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def main(ready: int) -> None:
    """Serve until a signal or the end of the supervisor; *ready* is the pipe on which to say that all is up."""
    server, serving = await _serve(load().prefect_port)
    async with get_client() as client:
        await take_up(client, await under_way(client))
        runners = [await _runner(lane) for lane in LANES]
        running = [asyncio.create_task(runner.start()) for runner in runners]
        await _until(lambda: all(runner.started for runner in runners), serving, *running)
        stop = await _stop_asked_for()
        os.write(ready, b"ready")
        os.close(ready)
        check = asyncio.create_task(_check_at_once(client))
        ended, _ = await asyncio.wait({serving, stop, *running}, return_when=asyncio.FIRST_COMPLETED)
        check.cancel()
        await _stop(client, runners, running)
    server.should_exit = True
    await serving
    if stop not in ended:
        sys.exit("A part of the child ended by itself.")


async def _serve(port: int) -> tuple[_Server, "asyncio.Task[None]"]:
    take_turns()
    app = SameOrigin(create_app(final=True))
    server = _Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning", access_log=False))
    serving = asyncio.create_task(server.serve())
    await _until(lambda: server.started, serving)
    return server, serving


async def _runner(lane: Lane) -> Runner:
    runner = Runner(name=lane, limit=1, pause_on_shutdown=False)
    for deployment in DEPLOYMENTS:
        if deployment.lane == lane:
            await runner.aadd_deployment(_for_prefect(deployment))
    return runner


def _for_prefect(deployment: Deployment) -> RunnerDeployment:
    made = RunnerDeployment.from_entrypoint(
        deployment.entrypoint,
        deployment.name,
        schedule=_schedule(deployment),
        tags=list(deployment.tags),
        version=__version__,
        paused=False,
    )
    # Marked as set, or a work pool that 'prefect deploy' gave it would stay, and a worker would be waited for.
    made.work_pool_name = None
    made.work_queue_name = None
    made.version_type = VersionType.SIMPLE  # our own version; Prefect would look for a git repository to name instead
    return made


def _schedule(deployment: Deployment) -> Schedule | None:
    if deployment.every:
        return Interval(deployment.every, slug=deployment.name)
    if deployment.cron:
        return Cron(deployment.cron, timezone="UTC", slug=deployment.name)
    return None


async def _check_at_once(client: PrefectClient) -> None:
    """The deadline check need not wait for its first minute: much may have fallen due during the stop."""
    deployment = await client.read_deployment_by_name("check_deadlines/check_deadlines")
    await client.create_flow_run_from_deployment(deployment.id, idempotency_key=f"start:{uuid4()}")


async def _stop_asked_for() -> "asyncio.Task[bool]":
    """Ends at SIGINT, SIGTERM, or when the supervisor is gone, whose pipe then closes. Runners set handlers too: call it last."""
    asked = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, asked.set)
    loop.add_reader(sys.stdin.fileno(), asked.set)
    return asyncio.create_task(asked.wait())


async def _stop(client: PrefectClient, runners: list[Runner], running: "list[asyncio.Task[None]]") -> None:
    """End the runs under way and leave them so that the next start takes them up."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(STOPPING_SECONDS):
            cut = await under_way(client)
            for runner in runners:
                await runner.astop()
            await asyncio.gather(*running, return_exceptions=True)
            await take_up(client, [run for run in cut if await _was_cut(client, run)])


async def _was_cut(client: PrefectClient, run: FlowRun) -> bool:
    now = await client.read_flow_run(run.id)
    return now.state is not None and not (now.state.is_completed() or now.state.is_failed())


async def _until(reached: Callable[[], bool], *tasks: "asyncio.Task[None]") -> None:
    while not reached():
        for task in tasks:
            if task.done():
                task.result()
        await asyncio.sleep(0.05)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
