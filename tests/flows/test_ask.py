"""Asking Prefect for a run, over real HTTP, from a server that misbehaves in every way that Prefect's was seen to."""

import logging
import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from urllib3.util import Timeout

from actions.desk import Desk
from actions.triggers import PATIENCE, Wish, to_start
from db.models import Trigger
from flows import api
from flows.ask import ask, start
from settings.model import Settings
from tests.builders import an_incident
from tests.conftest import Time
from tests.flows.fake_prefect import RUN, FakePrefect, fake_prefect

WISH = Wish(uuid4(), "respond", UUID("00000000-0000-4000-8000-000000000042"), None, "00000042:respond:1")


@pytest.fixture
def prefect() -> Iterator[FakePrefect]:
    with fake_prefect() as fake:
        yield fake


def at(prefect: FakePrefect) -> Settings:
    return Settings(home=Path("/nowhere"), prefect_api_url=prefect.url)


def a_closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def test_a_run_is_asked_for_with_ids_only(prefect: FakePrefect) -> None:
    assert ask(at(prefect), WISH) == RUN
    assert prefect.asked == [
        {
            "path": "/api/deployments/respond/create_flow_run",
            "parameters": {"incident_id": str(WISH.incident_id)},
            "idempotency_key": WISH.key,
            "tags": [f"incident:{WISH.incident_id}"],
            "state": {"type": "SCHEDULED"},
        }
    ]


def test_a_flow_is_given_only_the_ids_that_it_takes(prefect: FakePrefect) -> None:
    wave, prefect.takes = uuid4(), ("wave_id",)
    assert ask(at(prefect), replace(WISH, flow="deliver", wave_id=wave)) == RUN
    assert prefect.asked[0]["parameters"] == {"wave_id": str(wave)}
    assert prefect.asked[0]["tags"] == [f"incident:{WISH.incident_id}", f"wave:{wave}"]


@pytest.mark.parametrize("fault", [503, "reset"])
def test_a_stumble_is_followed_by_the_same_question_under_the_same_key(prefect: FakePrefect, fault: int | str) -> None:
    prefect.faults = [200, fault]
    assert ask(at(prefect), WISH) == RUN
    assert [one["idempotency_key"] for one in prefect.asked] == [WISH.key, WISH.key]


@pytest.mark.parametrize("fault", [503, 404, 500, 409, "reset", "garbage", "hang"])
def test_a_server_that_is_away_or_unwilling_stops_no_act(
    prefect: FakePrefect, fault: int | str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "PATIENCE", Timeout(0.1))
    prefect.faults = [fault] * 20
    assert ask(at(prefect), WISH) is None


def test_nobody_there_stops_no_act() -> None:
    assert ask(Settings(home=Path("/nowhere"), prefect_port=a_closed_port()), WISH) is None


def test_what_the_server_says_in_its_refusal_is_not_repeated(
    prefect: FakePrefect, caplog: pytest.LogCaptureFixture
) -> None:
    prefect.faults = [200, 409]
    with caplog.at_level(logging.DEBUG, "flows"):
        assert ask(at(prefect), WISH) is None
    assert "answered 409" in caplog.text
    assert RUN not in caplog.text


def test_a_wish_that_prefect_took_is_not_asked_for_again(desk: Desk, time: Time, prefect: FakePrefect) -> None:
    wish = wished(desk)
    time.move(seconds=PATIENCE.total_seconds() + 1)
    assert start(facing(desk, prefect), [wish]) == 1
    assert to_start(desk) == []
    assert kept(desk, wish.id).flow_run_id == RUN


def test_a_wish_made_while_prefect_was_away_is_found_by_the_watch(desk: Desk, time: Time, prefect: FakePrefect) -> None:
    wish = wished(desk)
    prefect.faults = [503] * 20
    assert start(facing(desk, prefect), [wish]) == 0
    assert to_start(desk) == [], "its door may still be asking"
    time.now += PATIENCE + timedelta(seconds=1)
    assert [one.id for one in to_start(desk)] == [wish.id]
    prefect.faults = []
    assert start(facing(desk, prefect), to_start(desk)) == 1
    assert to_start(desk) == []


def wished(desk: Desk) -> Trigger:
    incident = an_incident(desk)
    with desk.act("decide", incident.id) as act:
        return act.ask_for("respond", "a decision was made")


def facing(desk: Desk, prefect: FakePrefect) -> Desk:
    settings = desk.settings.model_copy(update={"prefect_api_url": prefect.url})
    return Desk(settings, desk.actor, database=desk.database)


def kept(desk: Desk, trigger_id: UUID) -> Trigger:
    with desk.reading() as session:
        return session.get_one(Trigger, trigger_id)
