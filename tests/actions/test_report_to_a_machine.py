"""To an authority's machine: filed by its acknowledgement, once, whatever answer is lost on the way."""

import json
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest

from actions.approve_report import approve_report
from actions.assess import assess
from actions.declare import Declaration, declare
from actions.desk import Desk
from actions.errors import Conflict
from actions.exercise import start_exercise
from actions.file_report import Filing, file_report
from actions.hand_in import hand_in
from actions.prepare_reports import prepare_reports
from actions.send_report import Sending, send_report
from tests.builders import LOST_DISCS
from tests.conftest import MANAGER, Time
from tests.fakes.authority import FakeAuthority
from tests.filing import REF, dispatches, duty, laid, open_tasks, report, wire


def test_to_a_machine_it_is_filed_by_its_acknowledgement(wired: Desk, machine: FakeAuthority, time: Time) -> None:
    time.move(hours=2)
    send_report(wired, REF, 1, Sending("machine"))
    assert hand_in(wired) == {"accepted": 1}
    filed, [one] = report(wired), dispatches(wired)
    assert (filed.state, filed.channel, filed.authority_reference) == ("filed", "machine", "AUT-000001")
    assert (filed.filed_at, filed.late, filed.filed_by) == (one.handed_over_at, False, MANAGER)
    [(body, _)] = machine.taken.values()
    assert body == wire(wired, one) and json.loads(body)["form"] == filed.form
    assert duty(wired).state == "met"


@pytest.mark.parametrize("fault", ["accept-then-drop", "accept-then-500"])
def test_a_lost_answer_is_unknown_and_evidence_files_it_once(
    wired: Desk, machine: FakeAuthority, time: Time, fault: str
) -> None:
    machine.faults = ["503" if fault == "accept-then-500" else fault]
    send_report(wired, REF, 1, Sending("machine"))
    assert hand_in(wired) == {"unknown": 1}
    assert open_tasks(wired) == ["arrived"]
    with pytest.raises(Conflict, match="never sent twice"):
        send_report(wired, REF, 1, Sending("machine"))
    time.move(minutes=61)
    found = hand_in(wired)
    if fault == "accept-then-drop":
        assert found == {"accepted": 1} and report(wired).state == "filed"
        assert open_tasks(wired) == []
    else:
        assert found == {"rejected": 1} and open_tasks(wired) == ["another_way"], "their records say that it never came"
        send_report(wired, REF, 1, Sending("machine"))
        hand_in(wired)
    assert len(machine.taken) == 1 and duty(wired).state == "met"


def test_nothing_is_known_to_be_absent_too_soon(wired: Desk, machine: FakeAuthority, time: Time) -> None:
    machine.faults = ["drop-before-accept"]
    send_report(wired, REF, 1, Sending("machine"))
    hand_in(wired)
    time.move(minutes=30)
    assert hand_in(wired) == {"unknown": 1}


def test_a_tired_machine_is_tried_again_and_the_delay_is_explained(
    wired: Desk, machine: FakeAuthority, time: Time
) -> None:
    time.move(hours=70)
    machine.faults = ["429"]
    send_report(wired, REF, 1, Sending("machine"))
    assert hand_in(wired) == {"queued": 1}
    time.move(hours=3)
    assert hand_in(wired) == {"accepted": 1}
    met = duty(wired)
    assert met.late is True and "could be reached only at" in met.late_reasons


def test_a_refusal_goes_to_a_person(wired: Desk, machine: FakeAuthority, time: Time) -> None:
    machine.faults = ["422"]
    send_report(wired, REF, 1, Sending("machine"))
    assert hand_in(wired) == {"rejected": 1}
    assert open_tasks(wired) == ["another_way"] and duty(wired).state == "open"
    file_report(wired, REF, 1, Filing("portal", "IC-1", "page.pdf", b"x"))
    assert open_tasks(wired) == []


def test_a_worker_that_dies_while_sending_leaves_an_unknown_and_no_second_copy(
    wired: Desk, machine: FakeAuthority, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def dies(*_: object) -> None:
        raise Killed

    send_report(wired, REF, 1, Sending("machine"))
    monkeypatch.setattr("actions.hand_in.settle_dispatch", dies)
    with pytest.raises(Killed):
        hand_in(wired)
    monkeypatch.undo()
    monkeypatch.setattr("actions.clock.real_now", lambda: time.now)
    assert hand_in(wired) == {}, "it may still be alive"
    time.move(minutes=6)
    assert hand_in(wired) == {"unknown": 1}
    assert hand_in(wired) == {"accepted": 1}
    assert len(machine.taken) == 1


@pytest.mark.parametrize("way", ["email", "machine"])
def test_an_exercises_report_leaves_by_sealed_channels_alone(
    wired: Desk, officer: Desk, machine: FakeAuthority, time: Time, tmp_path: Path, way: str
) -> None:
    drill = start_exercise(wired, "Lost discs", law_as_of=date(2026, 11, 21), at=time.now, folder=tmp_path / "drill")
    from_drill = an_incident_in(wired, officer, drill.id)
    send_report(wired, from_drill, 1, Sending(way))
    hand_in(wired)
    assert not machine.server.requests
    assert laid(wired) == []
    assert len(list((tmp_path / "drill").rglob("*.eml"))) == 1


def an_incident_in(desk: Desk, officer: Desk, exercise_id: UUID) -> str:
    declared = declare(desk, Declaration("Lost discs", dict(LOST_DISCS), exercise_id=exercise_id))
    assess(desk, declared.id)
    prepare_reports(desk, declared.id)
    approve_report(officer, declared.id, 1)
    return declared.reference
