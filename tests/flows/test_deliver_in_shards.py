"""A wave of several shards asks for a run for each; without Prefect, one run sends them all."""

import asyncio
from pathlib import Path
from uuid import uuid4

import pytest

from actions.desk import Desk
from actions.lease import Busy, take
from actions.shards import divide
from db.models import Wave
from db.session import DatabaseBusy
from flows.deliver import ask_for_help, send_some
from tests.delivery import a_wave
from tests.flows.fake_prefect import FakePrefect, fake_prefect


@pytest.fixture
def wave(desk: Desk, tmp_path: Path) -> Wave:
    _, made = a_wave(desk, tmp_path, 12)
    with desk.writing() as session:
        divide(session, session.get_one(Wave, made.id), 3)
    return made


def at(prefect: FakePrefect, desk: Desk) -> Desk:
    settings = desk.settings.model_copy(update={"prefect_api_url": prefect.url})
    return Desk(settings, desk.actor, database=desk.database)


def test_a_run_is_asked_for_for_each_further_shard_that_nobody_sends(desk: Desk, wave: Wave) -> None:
    with fake_prefect() as prefect:
        assert ask_for_help(at(prefect, desk), wave.id, "run") == 2
        runs = [asked for asked in prefect.asked if "parameters" in asked]
    assert [run["parameters"] for run in runs] == [{"wave_id": str(wave.id), "shard": number} for number in (1, 2)]
    assert [run["idempotency_key"] for run in runs] == ["run:1", "run:2"]


def test_a_shard_that_is_being_sent_needs_no_help(desk: Desk, wave: Wave) -> None:
    take(desk, wave.id, "another", 1)
    with fake_prefect() as prefect:
        assert ask_for_help(at(prefect, desk), wave.id, "run") == 1


def test_without_prefect_nobody_is_asked(desk: Desk, wave: Wave) -> None:
    with fake_prefect() as prefect:
        prefect.faults = [500] * 5
        assert ask_for_help(at(prefect, desk), wave.id, "run") == 0


@pytest.mark.parametrize(("trouble", "goes_on"), [(DatabaseBusy(), True), (Busy("others send it"), False)])
def test_a_busy_database_is_tried_again_and_what_others_send_is_left_to_them(
    monkeypatch: pytest.MonkeyPatch, trouble: Exception, goes_on: bool
) -> None:
    async def fails(_: object) -> None:
        raise trouble

    monkeypatch.setattr("flows.deliver.at_desk", fails)
    assert asyncio.run(send_some.fn(uuid4(), None)) is goes_on
