"""From draft to launch: someone else approves exactly what leaves, and it can be paused and stopped."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from actions import clock
from actions.approve_wave import approve_wave
from actions.correct_person import correct_person
from actions.declare import Declared
from actions.desk import Desk
from actions.draft_wave import Audience, draft_wave
from actions.errors import Conflict, NotFound, Stale
from actions.flag_person import flag_person
from actions.launch import launch
from actions.prepare_notices import prepare_notices
from actions.stop_wave import pause_wave, resume_wave, stop_wave
from db.models import Approval, Notice, Task, Trigger, Wave
from db.queries.notices import progress
from tests.ledger import APPROVER, WRITER, an_incident_with, approved, customers, drafted, launched, tell_story


@pytest.fixture
def approver(desk: Desk) -> Desk:
    return desk.acting_as(APPROVER)


@pytest.fixture
def incident(desk: Desk, tmp_path: Path) -> Declared:
    """Three customers, drafted."""
    made = an_incident_with(desk, tmp_path, customers(3))
    prepare_notices(desk, made.id)
    return made


def wave(desk: Desk, number: int = 1) -> Wave:
    with desk.reading() as session:
        return session.scalars(sa.select(Wave).where(Wave.number == number)).one()


def states(desk: Desk, number: int = 1) -> dict[str, int]:
    with desk.reading() as session:
        return progress(session, wave(desk, number).id)


def wishes(desk: Desk, flow: str) -> int:
    with desk.reading() as session:
        return session.scalar(sa.select(sa.func.count()).where(Trigger.flow == flow, Trigger.done_at.is_(None))) or 0


def tamper(desk: Desk, table: type[Any], **values: Any) -> None:
    """Change rows behind the house's back."""
    with desk.database.engine.begin() as connection:
        connection.execute(sa.update(table.__table__).values(**values))


def test_approval_binds_the_hash_of_everything_in_the_wave(desk: Desk, approver: Desk, incident: Declared) -> None:
    approval = approve_wave(approver, incident.id, 1, wave(desk).content_sha256)
    assert wave(desk).state == "approved"
    assert (approval.content_sha256, approval.approved_by) == (wave(desk).content_sha256, APPROVER)
    assert approval.author == WRITER


def test_whoever_wrote_a_word_of_it_cannot_approve_it(desk: Desk, incident: Declared) -> None:
    with pytest.raises(Conflict, match="wrote words"):
        approve_wave(desk.acting_as(WRITER), incident.id, 1)
    assert wave(desk).state == "draft"


def test_whoever_drafted_it_by_hand_cannot_approve_it(desk: Desk, tmp_path: Path) -> None:
    incident = an_incident_with(desk, tmp_path, customers(2))
    draft_wave(desk, incident.id, Audience(["customer"]), "breach-notice")
    with pytest.raises(Conflict, match="wrote words"):
        approve_wave(desk, incident.id, 1)


def test_what_changed_since_it_was_read_cannot_be_approved(desk: Desk, approver: Desk, incident: Declared) -> None:
    with pytest.raises(Stale, match="not what you read"):
        approve_wave(approver, incident.id, 1, "0" * 64)


def test_words_that_changed_since_the_draft_cannot_be_approved(desk: Desk, approver: Desk, incident: Declared) -> None:
    tell_story(desk, incident, story__measures=["We found the parcel."])
    with pytest.raises(Stale, match="words of wave 1 have changed"):
        approve_wave(approver, incident.id, 1)


def test_a_notice_that_is_not_the_one_drafted_cannot_be_approved(
    desk: Desk, approver: Desk, incident: Declared
) -> None:
    with desk.writing() as session:
        extra = session.scalars(sa.select(Notice)).first()
        assert extra is not None
        session.execute(sa.update(Notice).where(Notice.nid == extra.nid).values(state="cancelled"))
        columns = {column.key: getattr(extra, column.key) for column in Notice.__table__.columns}
        session.execute(sa.insert(Notice).values(**columns | {"nid": extra.wave_id, "state": "drafted"}))
    with pytest.raises(Stale, match="not the one that was drafted"):
        approve_wave(approver, incident.id, 1)


def test_a_draft_cannot_be_launched(desk: Desk, incident: Declared) -> None:
    with pytest.raises(Conflict, match="must approve it first"):
        launch(desk, incident.id, 1)


def test_a_wave_that_is_not_what_was_approved_cannot_be_launched(
    desk: Desk, approver: Desk, incident: Declared
) -> None:
    approve_wave(approver, incident.id, 1)
    tamper(desk, Wave, contents=["nature"])
    with pytest.raises(Conflict, match="not what was approved"):
        launch(desk, incident.id, 1)


def test_launching_queues_messages_and_wishes_for_the_run_that_sends_them(desk: Desk, incident: Declared) -> None:
    before = wishes(desk, "deliver")
    launched(desk, incident)
    assert states(desk) == {"queued": 3}
    assert wishes(desk, "deliver") == before + 1
    with desk.reading() as session:
        assert all(session.scalars(sa.select(Notice.dated_at)))


def test_nothing_is_launched_while_telling_people_is_restricted(
    desk: Desk, approver: Desk, incident: Declared, tmp_path: Path
) -> None:
    approve_wave(approver, incident.id, 1)
    tell_story(desk, incident, findings__telling_restricted=True)
    with pytest.raises(Conflict, match="restricts telling people"):
        launch(desk, incident.id, 1)


def test_a_call_or_a_visit_becomes_a_task_with_a_limit_and_without_a_name(desk: Desk, tmp_path: Path) -> None:
    incident = an_incident_with(desk, tmp_path, [{"kind": "victim", "name": "Vera Vale"}])
    launched(desk, incident)
    with desk.reading() as session:
        task = session.scalars(sa.select(Task).where(Task.kind == "contact")).one()
        launched_at = session.scalars(sa.select(Wave.launched_at)).one()
    assert task.title == "Tell person 1 in person, through whoever owns their case: agree on a safe way first"
    assert launched_at is not None and task.due_at == launched_at + timedelta(hours=48)
    assert task.notice_id is not None
    assert "Vale" not in f"{task.title}{task.why}{task.details}"


def test_someone_who_is_flagged_between_approval_and_launch_is_left_out(desk: Desk, incident: Declared) -> None:
    approved(desk, incident)
    flag_person(desk, incident.id, 2, "victim_of_abuse", "their case worker rang")
    launch(desk, incident.id, 1)
    assert states(desk) == {"queued": 2, "cancelled": 1}


def test_a_safe_contact_that_ran_out_between_approval_and_launch_is_left_out(desk: Desk, tmp_path: Path) -> None:
    tomorrow = clock.now().date() + timedelta(days=1)
    safe = {
        "safe_channel": "phone",
        "safe_number": "07700 900123",
        "safe_confirmed_by": "x",
        "safe_confirmed_on": "2026-11-01",
    }
    incident = an_incident_with(
        desk, tmp_path, [{"kind": "victim", "reference": "V1", **safe, "safe_until": tomorrow.isoformat()}]
    )
    approved(desk, incident)
    _launch_later(desk, incident, timedelta(days=3))
    assert states(desk) == {"cancelled": 1}


def _launch_later(desk: Desk, incident: Declared, by: timedelta) -> None:
    """Launch as it will be some days from now."""
    real = clock.now
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("actions.desk.clock.now", lambda exercise=None: real(exercise) + by)
        launch(desk, incident.id, 1)


def test_a_paused_wave_sends_nothing_until_it_is_resumed(desk: Desk, incident: Declared) -> None:
    launched(desk, incident)
    pause_wave(desk, incident.id, 1, "the hotline is overrun")
    assert wave(desk).state == "paused"
    tamper(desk, Trigger, done_at=clock.now())  # the run that was wished for is over
    resume_wave(desk, incident.id, 1)
    assert wave(desk).state == "launched"
    assert wishes(desk, "deliver") == 1


def test_launching_a_paused_wave_resumes_it(desk: Desk, incident: Declared) -> None:
    launched(desk, incident)
    pause_wave(desk, incident.id, 1, "the hotline is overrun")
    assert launch(desk, incident.id, 1).state == "launched"


def test_a_stopped_wave_cancels_what_has_not_left_and_its_tasks(desk: Desk, tmp_path: Path) -> None:
    incident = an_incident_with(desk, tmp_path, [{"kind": "victim"}])
    launched(desk, incident)
    stop_wave(desk, incident.id, 1, "the wrong people were on the list")
    assert states(desk) == {"cancelled": 1}
    with desk.reading() as session:
        assert session.scalars(sa.select(Task.state).where(Task.kind == "contact")).all() == ["cancelled"]
    with pytest.raises(Conflict, match="stopped already"):
        stop_wave(desk, incident.id, 1, "again")


def test_whoever_was_in_a_stopped_wave_is_drafted_anew_and_waits_for_approval(desk: Desk, incident: Declared) -> None:
    launched(desk, incident)
    stop_wave(desk, incident.id, 1, "a word was wrong")
    assert [one.state for one in drafted(desk, incident)] == ["stopped", "draft"]
    assert states(desk, 2) == {"drafted": 3}


@pytest.mark.parametrize("act", [pause_wave, stop_wave])
def test_pausing_and_stopping_need_reasons(desk: Desk, incident: Declared, act: Any) -> None:
    launched(desk, incident)
    with pytest.raises(Conflict, match="why"):
        act(desk, incident.id, 1, "  ")


def test_each_wave_that_is_not_there_is_named(desk: Desk, approver: Desk, incident: Declared) -> None:
    with pytest.raises(NotFound, match="has no wave 9"):
        launch(desk, incident.id, 9)
    with pytest.raises(NotFound, match="has no wave 9"):
        approve_wave(approver, incident.id, 9)


def test_a_wave_is_approved_and_launched_once(desk: Desk, approver: Desk, incident: Declared) -> None:
    launched(desk, incident)
    with pytest.raises(Conflict, match="only a draft"):
        approve_wave(approver, incident.id, 1)
    with pytest.raises(Conflict, match="launched already"):
        launch(desk, incident.id, 1)
    with desk.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Approval)) == 1


def test_a_corrected_address_calls_the_old_message_back(desk: Desk, incident: Declared) -> None:
    launched(desk, incident)
    correct_person(desk, incident.id, 1, {"email": "moved@example.org"}, "they wrote to us")
    assert states(desk) == {"queued": 2, "cancelled": 1}
    assert states(desk, len(drafted(desk, incident))) == {"drafted": 1}
