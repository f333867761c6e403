"""`forthwith up` as a person starts it: what runs, what may call it, and what Prefect comes to know."""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa

from actions.check_deadlines import check_deadlines
from actions.declare import Declared
from actions.desk import Desk
from actions.prepare_reports import prepare_reports
from actions.triggers import PATIENCE, mark_started
from db.models import Trigger
from db.queries.heartbeat import last_heartbeat
from db.queries.journal import entries
from db.types import Table
from flows.api import Prefect
from flows.ask import ask
from flows.deployments import DEPLOYMENTS
from flows.environment import environment
from settings import __version__
from tests.builders import an_incident
from tests.cli.call import call
from tests.flows.house import House
from tests.flows.parts import until
from tests.ledger import an_incident_with, customers, launched

pytestmark = [pytest.mark.prefect, pytest.mark.xdist_group("prefect")]

MARKER = "Wilhelmina-Marker"


def test_it_says_where_everything_is(house: House) -> None:
    said = "".join(house.said)
    home = house.settings.home
    for place in (f"sqlite:///{home}/forthwith.db", home / "master.key", home / "outbox", home / "log"):
        assert str(place) in said
    assert f"http://127.0.0.1:{house.settings.prefect_port}" in said
    assert "without it nobody can, ever again" in " ".join(said.split())


def test_everything_in_the_home_is_its_owners_only(house: House) -> None:
    open_to_others = [path for path in house.settings.home.rglob("*") if path.stat().st_mode & 0o077]
    assert open_to_others == []


def test_a_second_one_on_the_same_home_is_refused_in_one_sentence(house: House) -> None:
    assert house.up is not None
    second = subprocess.run(
        [sys.executable, "-m", "cli", "up"], env=house.environment, capture_output=True, text=True, check=False
    )
    assert (second.returncode, second.stdout) == (2, "")
    assert f"as process {house.up.pid}" in second.stderr
    assert len(second.stderr.splitlines()) == 1


def test_a_port_that_is_taken_is_refused_in_one_sentence(house: House, tmp_path: Path) -> None:
    around = {**house.environment, "FORTHWITH_HOME": str(tmp_path)}
    second = subprocess.run(
        [sys.executable, "-m", "cli", "up"], env=around, capture_output=True, text=True, check=False
    )
    assert second.returncode == 2
    assert f"Port {house.settings.prefect_port} of 127.0.0.1 cannot be used" in second.stderr
    assert not (tmp_path / "prefect.pid").exists()


def test_the_deadlines_are_checked_at_once_and_the_doctor_finds_all_well(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def beats() -> bool:
        with house.desk() as desk, desk.reading() as session:
            return last_heartbeat(session) is not None

    until(beats, 120)
    for name, value in house.environment.items():
        monkeypatch.setenv(name, value)
    looked = call("doctor")
    assert (looked.code, looked.err) == (0, ""), looked.out
    assert "All is well." in looked.out


def test_every_deployment_is_there_and_every_schedule_brings_about_runs(house: House) -> None:
    with Prefect(house.settings.api_url) as prefect:
        known = {one["name"]: one for one in prefect.deployments()}
    assert set(known) == {one.name for one in DEPLOYMENTS}
    assert not any(one["paused"] for one in known.values())
    scheduled = {known[one.name]["id"] for one in DEPLOYMENTS if one.scheduled}

    def brought_about() -> bool:
        _, runs = house.call("POST", "/flow_runs/filter", {})
        return scheduled <= {run["deployment_id"] for run in runs if run["auto_scheduled"]}

    until(brought_about, 120)


@dataclass(frozen=True)
class Answered:
    """An incident that a run of respond has answered."""

    incident: Declared
    wish: Trigger
    run: dict[str, Any]


@pytest.fixture(scope="module")
def answered(house: House) -> Answered:
    with house.desk() as desk:
        incident = an_incident(desk)
        wish = next(one for one in desk.asked if one.flow == "respond")
        run_id = ask(house.settings, wish)
        assert run_id is not None
        mark_started(desk, wish.id, run_id)
    return Answered(incident, wish, house.ended(run_id))


def test_an_act_is_followed_by_a_run_that_a_manager_can_read(answered: Answered) -> None:
    run, incident = answered.run, answered.incident
    assert (run["state_type"], run["name"]) == ("COMPLETED", f"respond {incident.reference}")
    assert run["parameters"] == {"incident_id": str(incident.id)}
    assert {"incident", f"incident:{incident.id}"} <= set(run["tags"])


def test_a_wish_asked_for_twice_is_started_once(house: House, answered: Answered) -> None:
    assert ask(house.settings, answered.wish) == answered.run["id"]


def test_each_step_is_in_the_journal_with_the_run_that_took_it(house: House, answered: Answered) -> None:
    with house.desk() as desk, desk.reading() as session:
        assert session.get_one(Trigger, answered.wish.id).done_at is not None
        journal = [body for *_, body in entries(session, str(answered.incident.id))]
    steps = [one for one in journal if one["act"].startswith("step ") and one["flow_run_id"] == answered.run["id"]]
    assert [one["subject"] for one in steps] == ["assess", "contain", "report_to_regulator", "notify_victims"]
    assert {one["details"]["outcome"] for one in steps} == {"done"}
    assert all(one["details"]["started_at"] <= one["details"]["ended_at"] for one in steps)
    assert {(one["actor"], one["version"]) for one in steps} == {("system", __version__)}


def test_running_respond_again_changes_nothing_that_is_done(house: House, answered: Answered) -> None:
    with house.desk() as desk:
        check_deadlines(desk)  # the watch tells people meanwhile, and the report says who was told
        prepare_reports(desk, answered.incident.id)
        before = everything(desk)
        again = house.ended(house.ask("respond", incident_id=str(answered.incident.id)))
        assert again["state_type"] == "COMPLETED"
        assert everything(desk) == before


def test_each_step_is_a_flow_of_its_own(house: House, answered: Answered) -> None:
    steps = ("assess", "contain", "report_to_regulator", "notify_victims")
    runs = [house.ask(step, incident_id=str(answered.incident.id)) for step in steps]
    told = [(run["state_type"], run["name"]) for run in map(house.ended, runs)]
    assert told == [("COMPLETED", f"{step} {answered.incident.reference}") for step in steps]


def test_an_id_that_is_nobodys_fails_with_a_sentence(house: House) -> None:
    unknown = str(uuid4())
    run = house.ended(house.ask("respond", incident_id=unknown))
    assert run["state_type"] == "FAILED"
    assert f"Refused: There is no incident {unknown}" in run["state"]["message"]


def test_a_name_in_the_place_of_an_id_is_refused_and_not_kept(house: House) -> None:
    _, deployment = house.call("GET", "/deployments/name/respond/respond")
    body = {"parameters": {"incident_id": MARKER}}
    assert house.call("POST", f"/deployments/{deployment['id']}/create_flow_run", body)[0] == 409
    assert found_in(house.settings.home, MARKER) == []


def test_a_wish_that_was_lost_on_the_way_is_found_by_the_check(house: House, answered: Answered) -> None:
    with house.desk() as desk:
        with desk.act("decide", answered.incident.id) as act:
            wish = act.ask_for("contain", "a test")
        with desk.writing() as session:
            session.get_one(Trigger, wish.id).requested_at -= PATIENCE
        assert house.ended(house.ask("check_deadlines"))["state_type"] == "COMPLETED"
        with desk.reading() as session:
            run_id = session.get_one(Trigger, wish.id).flow_run_id
    assert run_id is not None
    assert house.ended(run_id)["name"] == f"contain {answered.incident.reference}"


@pytest.mark.parametrize("header", [{"host": "attacker.example.com"}, {"origin": "https://attacker.example.com"}])
def test_a_foreign_web_page_cannot_reach_prefect(house: House, header: dict[str, str]) -> None:
    assert house.call("POST", "/deployments/filter", {}, **header)[0] == 403
    assert house.call("POST", "/deployments/filter", {})[0] == 200


def test_prefects_own_page_is_shown(house: House) -> None:
    assert house.call("GET", "/../")[0] == 200


BREAK_AND_RUN = """
import asyncio, sys
from uuid import UUID
import actions.assess

def broken(desk, incident_id):
    name = sys.argv[2]
    try:
        int(name)
    except ValueError as error:
        raise RuntimeError(f"{name} cannot be told") from error

actions.assess.assess = broken
from flows.respond import respond
asyncio.run(respond(UUID(sys.argv[1]), return_state=True))
"""


@pytest.fixture(scope="module")
def broken(house: House, answered: Answered) -> str:
    """What a run of respond said whose first step failed, with somebody's name in the exception's text.

    The real engine, server and database; the step is broken in the run's own process.
    """
    around = environment(house.settings, house.environment)
    command = [sys.executable, "-c", BREAK_AND_RUN, str(answered.incident.id), MARKER]
    done = subprocess.run(command, env=around, cwd=house.settings.home, capture_output=True, text=True, check=True)
    return done.stdout + done.stderr


def test_what_an_exception_says_reaches_neither_prefect_nor_a_log(house: House, broken: str) -> None:
    reference = broken.split("under ref ")[1][:8]
    assert "builtins.RuntimeError" in broken, "the step did fail"
    assert reference in (house.settings.home / "log" / "errors.log").read_text()
    until(lambda: found_in(house.settings.home / "prefect", reference), 60)
    assert MARKER not in broken
    assert found_in(house.settings.home, MARKER) == []


def test_a_step_that_fails_holds_up_no_other_and_the_run_ends_failed(
    house: House, answered: Answered, broken: str
) -> None:
    with house.desk() as desk, desk.reading() as session:
        steps = [body for *_, body in entries(session, str(answered.incident.id)) if body["act"].startswith("step ")]
    run_id = next(one["flow_run_id"] for one in steps if one["details"]["outcome"] == "failed")
    outcomes = [(one["subject"], one["details"]["outcome"]) for one in steps if one["flow_run_id"] == run_id]
    assert outcomes == [
        *[("assess", "failed")] * 3,
        ("contain", "done"),
        ("report_to_regulator", "done"),
        ("notify_victims", "done"),
    ]
    assert house.run(run_id)["state_type"] == "FAILED"


def test_a_wave_goes_out_and_prefect_learns_of_nobody(house: House, tmp_path: Path) -> None:
    people = [
        {**one, "name": f"{MARKER} {place}", "email": f"{MARKER}{place}@example.org"}
        for place, one in enumerate(customers(3))
    ]
    with house.desk() as desk:
        incident = an_incident_with(desk, tmp_path, people)
        wave = next(one for one in launched(desk, incident) if one.state == "launched")
    run = house.ended(house.ask("deliver", wave_id=str(wave.id)))
    assert (run["state_type"], run["name"]) == ("COMPLETED", f"deliver {incident.reference} wave {wave.number}")
    home = house.settings.home
    assert len(found_in(home / "outbox", MARKER)) == len(people), "each was sent one, and would be found"
    assert [path for path in found_in(home, MARKER) if home / "outbox" not in path.parents] == []


def everything(desk: Desk) -> dict[str, list[object]]:
    """Every row but those that say that somebody looked."""
    looks = {"journal", "journal_heads", "heartbeats", "triggers", "alerts", "rungs"}  # the watch goes on meanwhile
    with desk.reading() as session:
        return {
            table.name: sorted(map(repr, session.execute(sa.select(table))))
            for table in Table.metadata.sorted_tables
            if table.name not in looks
        }


def found_in(folder: Path, marker: str) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and marker.encode() in path.read_bytes()]
