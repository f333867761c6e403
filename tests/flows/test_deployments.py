"""Every flow that can be started: what prefect.yaml says is what the code says, and each keeps the rules of this room."""

import inspect
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import yaml
from prefect import Flow
from prefect.flows import load_flow_from_entrypoint
from prefect.utilities.callables import parameter_schema

from actions.shards import MOST_SHARDS
from flows.deployments import DEPLOYMENTS, LANES, POOL, Deployment

ROOT = Path(__file__).parents[2]
WRITTEN = yaml.safe_load((ROOT / "prefect.yaml").read_text("utf-8"))

every = pytest.mark.parametrize("deployment", DEPLOYMENTS, ids=lambda one: one.name)


def loaded(deployment: Deployment) -> Flow[..., Any]:
    return load_flow_from_entrypoint(deployment.entrypoint, use_placeholder_flow=False)


def as_written(deployment: Deployment) -> dict[str, Any]:
    told: dict[str, Any] = {
        "name": deployment.name,
        "entrypoint": deployment.entrypoint,
        "tags": list(deployment.tags),
        "version_type": "prefect:simple",
        "work_pool": {"name": POOL, "work_queue_name": deployment.lane},
    }
    if deployment.every:
        told["schedules"] = [{"slug": deployment.name, "interval": deployment.every.total_seconds()}]
    if deployment.cron:
        told["schedules"] = [{"slug": deployment.name, "cron": deployment.cron, "timezone": "UTC"}]
    return told


def test_prefect_yaml_says_what_the_table_says() -> None:
    assert WRITTEN["deployments"] == [as_written(one) for one in DEPLOYMENTS]


def test_no_folder_is_pulled_or_set_so_that_a_worker_may_stand_anywhere() -> None:
    assert WRITTEN["pull"] == []


def test_prefect_yaml_tells_how_the_queues_come_about() -> None:
    text = (ROOT / "prefect.yaml").read_text("utf-8")
    for lane, priority in LANES.items():
        assert f"prefect work-queue create {lane} --pool {POOL} --priority {priority}\n" in text


@every
def test_a_deployment_bears_the_name_of_its_flow(deployment: Deployment) -> None:
    assert loaded(deployment).name == deployment.name


@every
def test_a_flow_says_what_it_does(deployment: Deployment) -> None:
    assert loaded(deployment).description


@every
def test_a_flow_is_async_and_keeps_nothing_in_prefect(deployment: Deployment) -> None:
    flow = loaded(deployment)
    assert inspect.iscoroutinefunction(flow.fn), "a sync flow costs a second more"
    assert (flow.log_prints, flow.persist_result) == (False, False)


@every
def test_a_flow_takes_ids_and_small_numbers_only_and_the_server_can_tell_an_id_from_a_name(
    deployment: Deployment,
) -> None:
    flow = loaded(deployment)
    properties = parameter_schema(flow).properties
    for name, parameter in inspect.signature(flow.fn).parameters.items():
        if name == "shard":  # one of a handful of numbers, which tells nothing of anybody
            assert properties[name]["anyOf"][0] == {"type": "integer", "minimum": 0, "exclusiveMaximum": MOST_SHARDS}
            continue
        assert name in ("incident_id", "wave_id")
        assert parameter.annotation.__origin__ is UUID
        assert properties[name]["pattern"].startswith("^[0-9a-fA-F]{8}")
    assert deployment.scheduled == (not properties), "the clock knows no id"


@every
def test_a_flow_is_guarded(deployment: Deployment) -> None:
    assert loaded(deployment).fn.__code__.co_qualname == "guarded.<locals>.inner"


def test_the_deadline_check_is_limited_by_nothing() -> None:
    """A limit on a deployment, a run orphaned while pending and a restart: every later check would be cancelled for ever."""
    assert all("concurrency_limit" not in one for one in WRITTEN["deployments"])
