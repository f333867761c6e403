"""What was under way when everything was killed, or stopped, is taken up again; nothing is left running."""

import os
import signal
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from actions import clock
from db.models import Trigger
from flows.processes import born
from tests.builders import an_incident
from tests.flows.house import READY, House
from tests.flows.parts import until

pytestmark = [pytest.mark.prefect, pytest.mark.slow, pytest.mark.xdist_group("prefect")]


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    house = House(tmp_path_factory.mktemp("own"))
    yield house
    house.end()


@pytest.fixture
def own(one: House) -> House:
    """A house that may be torn down, and is up when the test begins."""
    return one if one.is_up else one.start()


def under_way(house: House) -> str:
    """A run that is asked for, and that nothing stands before."""
    with house.desk() as desk:
        incident = an_incident(desk)
        with desk.writing() as session:  # or the watch would ask for its answer too
            session.execute(sa.update(Trigger).values(done_at=clock.now()))
    return house.ask("contain", incident_id=str(incident.id))


def test_a_run_that_a_kill_cut_off_is_taken_up(own: House) -> None:
    run, child = under_way(own), own.child
    with own.held_still():
        until(lambda: own.run(run)["state_type"] == "RUNNING", 120)
        os.kill(child, signal.SIGKILL)
    own.wait_for("ended by itself")
    own.wait_for(READY, times=2)
    assert own.child != child
    ended = own.ended(run)
    assert (ended["state_type"], ended["run_count"]) == ("COMPLETED", 2)


def test_ctrl_c_leaves_nothing_behind_and_what_it_cut_off_is_taken_up(own: House) -> None:
    assert own.up is not None
    run = under_way(own)
    with own.held_still():
        until(lambda: own.run(run)["state_type"] == "RUNNING", 120)
        everybody = own.processes()
        own.up.send_signal(signal.SIGINT)
        own.wait_for("stopping")
    assert own.up.wait() == 0
    assert len(everybody) > 2, "the supervisor, its child and a run"
    assert [pid for pid in everybody if born(pid)] == own.processes() == []
    own.start()
    assert own.ended(run)["state_type"] == "COMPLETED"


def test_a_killed_supervisor_takes_everything_with_it_and_the_next_one_can_start(own: House) -> None:
    assert own.up is not None
    own.up.kill()
    own.up.wait()
    own.start()
    assert own.stop() == 0
    assert own.processes() == []
