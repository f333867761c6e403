"""What became of each notice: evidence first, a second copy only after it, and never for those whom it could endanger."""

import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from actions import clock
from actions.decide import decide
from actions.declare import Declared
from actions.deliver import deliver
from actions.desk import Desk
from actions.errors import Conflict
from actions.flag_person import flag_person
from actions.prepare_notices import prepare_notices
from actions.reconcile import Reconciled, reconcile
from actions.stop_wave import stop_wave
from actions.ways import channels_of
from db.models import Attempt, Notice, Receipt, Trigger, Wave
from db.queries.notices import progress
from tests.delivery import a_wave, claim_all, expire, later, open_tasks, states, taken
from tests.fakes.sendgrid import FakeSendGrid
from tests.ledger import an_incident_with, drafted, launched

NOTHING = Reconciled(0, 0, 0, 0, 0, 0)


def an_unknown(sender: Desk, fake: FakeSendGrid, folder: Path, *faults: str) -> tuple[Declared, Wave]:
    """A wave of as many people as faults, each of whose notices met one."""
    incident, wave = a_wave(sender, folder, len(faults))
    fake.faults.then(*faults)
    deliver(sender, wave.id)
    return incident, wave


def second_copies(desk: Desk) -> list[bool]:
    with desk.reading() as session:
        return list(session.scalars(sa.select(Attempt.possible_second_copy).order_by(Attempt.number)))


def test_with_nothing_to_settle_nothing_happens(sender: Desk, tmp_path: Path) -> None:
    _, wave = a_wave(sender, tmp_path)
    deliver(sender, wave.id)
    assert reconcile(sender) == NOTHING


def test_evidence_settles_at_once_what_was_taken(sender: Desk, fake: FakeSendGrid, tmp_path: Path) -> None:
    _, wave = an_unknown(sender, fake, tmp_path, "accept-then-drop", "accept-then-500", "")
    done = reconcile(sender)
    assert (done.accepted, done.done) == (2, 1)
    assert states(sender, wave) == {"accepted": 3}
    with sender.reading() as session:
        kinds = Counter(session.scalars(sa.select(Receipt.kind)))
        assert session.get_one(Wave, wave.id).state == "done"
    assert kinds == {"accepted_by_channel": 1, "found_by_evidence": 2}
    assert set(taken(fake).values()) == {1}


def test_what_evidence_does_not_show_waits_before_it_goes_again(
    sender: Desk, fake: FakeSendGrid, tmp_path: Path
) -> None:
    _, wave = an_unknown(sender, fake, tmp_path, "drop-before-accept")
    assert reconcile(sender).still_unknown == 1
    assert states(sender, wave) == {"unknown": 1}
    later(sender)
    assert reconcile(sender).queued_again == 1
    assert deliver(sender, wave.id).notices == {"accepted": 1}
    assert second_copies(sender) == [False, True]
    assert set(taken(fake).values()) == {1}


def test_a_second_copy_carries_the_message_id_of_the_first(sender: Desk, fake: FakeSendGrid, tmp_path: Path) -> None:
    _, wave = an_unknown(sender, fake, tmp_path, "accept-then-drop")
    later(sender)
    fake.logs = "behind"
    assert reconcile(sender).queued_again == 1
    deliver(sender, wave.id)
    first, again = fake.ledger.records()
    assert first["message_id"] == again["message_id"]
    assert second_copies(sender) == [False, True]


def test_logs_that_may_not_be_read_leave_the_question_to_a_person(
    sender: Desk, fake: FakeSendGrid, tmp_path: Path
) -> None:
    _, wave = an_unknown(sender, fake, tmp_path, "accept-then-drop", "drop-before-accept")
    fake.logs = "forbidden"
    later(sender)
    assert reconcile(sender).for_a_person == 2
    assert states(sender, wave) == {"unknown": 2}
    assert open_tasks(sender) == ["Decide about notices of wave 1 that may have arrived: send_again or other_way"]
    assert reconcile(sender).for_a_person == 2
    assert len(open_tasks(sender)) == 1


@pytest.mark.parametrize(("choice", "state"), [("send_again", "queued"), ("other_way", "rejected")])
def test_a_person_s_decision_settles_what_evidence_could_not(
    sender: Desk, fake: FakeSendGrid, tmp_path: Path, choice: str, state: str
) -> None:
    incident, wave = an_unknown(sender, fake, tmp_path, "accept-then-drop")
    fake.logs = "forbidden"
    later(sender)
    reconcile(sender)
    decide(sender, incident.id, "second_copy", "wave 1", choice, "They did not answer the telephone.")
    assert states(sender, wave) == {state: 1}
    assert open_tasks(sender) == []


def test_nothing_is_ever_sent_again_to_someone_flagged(sender: Desk, fake: FakeSendGrid, tmp_path: Path) -> None:
    incident, _ = an_unknown(sender, fake, tmp_path, "drop-before-accept")
    flag_person(sender, incident.id, 1, "victim_of_abuse", "they rang")
    later(sender)
    assert reconcile(sender).for_a_person == 1
    with pytest.raises(Conflict, match="flagged since"):
        decide(sender, incident.id, "second_copy", "wave 1", "send_again", "why not")
    decide(sender, incident.id, "second_copy", "wave 1", "other_way", "A person tells them.")
    assert drafted(sender, incident)[-1].state == "draft"
    assert taken(fake) == {}
    with sender.reading() as session:
        assert session.scalars(sa.select(Notice.channel).where(Notice.state == "drafted")).all() == ["in_person"]


def test_a_dead_worker_s_notices_are_settled_by_evidence(sender: Desk, fake: FakeSendGrid, tmp_path: Path) -> None:
    _, wave = a_wave(sender, tmp_path, 3)
    claim_all(sender, wave)
    assert reconcile(sender).swept == 0
    expire(sender)
    swept = reconcile(sender)
    assert (swept.swept, swept.still_unknown) == (3, 3)
    later(sender)
    assert reconcile(sender).queued_again == 3
    deliver(sender, wave.id)
    assert set(taken(fake).values()) == {1}
    assert states(sender, wave) == {"accepted": 3}


def test_an_empty_outbox_proves_that_nothing_left(desk: Desk, tmp_path: Path) -> None:
    _, wave = a_wave(desk, tmp_path, 2)
    claim_all(desk, wave, email="outbox")
    expire(desk)
    assert reconcile(desk).queued_again == 0  # a folder that is not there proves nothing
    channels_of(desk.settings, None)["email"].check()
    assert reconcile(desk).queued_again == 2
    deliver(desk, wave.id)
    assert second_copies(desk) == [False] * 4


def test_what_a_stopped_wave_left_unknown_is_never_sent_again(sender: Desk, fake: FakeSendGrid, tmp_path: Path) -> None:
    incident, wave = an_unknown(sender, fake, tmp_path, "drop-before-accept", "accept-then-drop")
    stop_wave(sender, incident.id, 1, "wrong list")
    later(sender)
    reconcile(sender)
    assert states(sender, wave) == {"cancelled": 1, "accepted": 1}


def test_a_notice_is_looked_for_where_it_went_not_where_the_next_would_go(
    sender: Desk, desk: Desk, fake: FakeSendGrid, tmp_path: Path
) -> None:
    """The settings name another channel since: its records prove nothing."""
    _, wave = an_unknown(sender, fake, tmp_path, "accept-then-drop")
    later(desk)
    assert reconcile(desk).for_a_person == 1
    assert states(desk, wave) == {"unknown": 1}


def test_a_run_that_was_lost_is_wished_for_again(sender: Desk, tmp_path: Path) -> None:
    a_wave(sender, tmp_path, 2)
    with sender.writing() as session:
        session.execute(sa.update(Trigger).values(asked_at=clock.now(), done_at=clock.now()))
    reconcile(sender)
    reconcile(sender)
    with sender.reading() as session:
        wished = sa.select(sa.func.count()).where(Trigger.flow == "deliver", Trigger.done_at.is_(None))
        assert session.scalar(wished) == 1


def test_a_refused_address_leads_to_the_next_rung_under_a_new_approval(
    sender: Desk, fake: FakeSendGrid, tmp_path: Path
) -> None:
    row = {
        "reference": "C1",
        "email": "a@example.org",
        "email_2": "b@example.org",
        "address": "1 Sample Street;Sampletown",
    }
    incident = an_incident_with(sender, tmp_path, [row])
    seen: list[tuple[str, int]] = []
    for _ in range(3):
        wave = launched(sender, incident)[-1]
        with sender.reading() as session:
            seen.append(session.execute(sa.select(Notice.channel, Notice.rung).where(Notice.wave_id == wave.id)).one())
        fake.faults.then("400")
        deliver(sender, wave.id)
    assert seen == [("email", 1), ("email", 2), ("letter", 3)]
    assert [record["to"] for record in fake.ledger.records()] == []
    with sender.reading() as session:
        assert Counter(session.scalars(sa.select(Notice.state))) == {"rejected": 2, "accepted": 1}


def test_when_every_rung_has_failed_a_substitute_notice_is_a_question(
    sender: Desk, fake: FakeSendGrid, tmp_path: Path
) -> None:
    incident, wave = a_wave(sender, tmp_path, 1)
    fake.faults.then("400")
    deliver(sender, wave.id)
    prepare_notices(sender, incident.id)
    with sender.reading() as session:
        assert progress(session, wave.id) == {"unreached": 1}
    assert "Find another way to those whom none has reached, or decide on a substitute notice" in open_tasks(sender)
    decide(sender, incident.id, "substitute_notice", "unreachable", "public_notice", "Published in the local paper.")
    assert not any("substitute" in title for title in open_tasks(sender))


def test_one_wave_s_fault_does_not_keep_the_others_unsettled(
    sender: Desk, fake: FakeSendGrid, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    an_unknown(sender, fake, tmp_path, "accept-then-drop")
    _, other = an_unknown(sender, fake, tmp_path, "accept-then-drop")
    module = sys.modules[reconcile.__module__]
    real = module._look_at

    def faulty(desk: Desk, wave_id: Any, incident_id: Any) -> Any:
        if wave_id != other.id:
            raise RuntimeError("broken")
        return real(desk, wave_id, incident_id)

    monkeypatch.setattr(module, "_look_at", faulty)
    with pytest.raises(ExceptionGroup, match="could not be settled"):
        reconcile(sender)
    assert states(sender, other) == {"accepted": 1}


def test_a_contact_task_keeps_the_wave_open(desk: Desk, tmp_path: Path) -> None:
    incident = an_incident_with(desk, tmp_path, [{"kind": "victim"}])
    launched(desk, incident)
    assert reconcile(desk) == NOTHING
    with desk.reading() as session:
        assert session.scalars(sa.select(Wave.state)).one() == "launched"
