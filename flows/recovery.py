"""Takes up, at a start, the runs that the last stop cut off: Prefect itself would show them as running for ever."""

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterState, FlowRunFilterStateType
from prefect.client.schemas.objects import FlowRun, State, StateType
from prefect.states import AwaitingRetry, Cancelled, Crashed

_UNDER_WAY = [StateType.PENDING, StateType.RUNNING, StateType.CANCELLING]
# A run that was cut off this often may itself be what brings the machine down.
MOST_STARTS = 5


async def under_way(client: PrefectClient) -> list[FlowRun]:
    """Runs that Prefect believes to be under way here; those of a work pool belong to its workers."""
    state = FlowRunFilterState(type=FlowRunFilterStateType(any_=_UNDER_WAY))
    runs = await client.read_flow_runs(flow_run_filter=FlowRunFilter(state=state), limit=200)
    return [run for run in runs if run.work_pool_name is None]


async def take_up(client: PrefectClient, runs: list[FlowRun]) -> None:
    """Let each run begin again from its top, which every flow here allows; one of a schedule leaves it to the next."""
    for run in runs:
        await client.set_flow_run_state(run.id, _after_the_cut(run), force=True)


def _after_the_cut(run: FlowRun) -> State:
    if run.state_type == StateType.CANCELLING:
        return Cancelled(message="Somebody asked for this before the stop.")
    if run.auto_scheduled:
        return Crashed(message="Cut off by a stop; the next run of the schedule does its work.")
    if run.run_count >= MOST_STARTS:
        return Crashed(message=f"Cut off by a stop {run.run_count} times; start it by hand when the cause is found.")
    return AwaitingRetry(message="Cut off by a stop; begins again.")
