"""Sending a wave: exactly what was approved, once to each, and whatever goes wrong is written down as what it is."""

import json
from collections import Counter
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
import sqlalchemy as sa

from actions import clock
from actions.deliver import deliver
from actions.desk import Desk
from actions.errors import Conflict
from actions.read_script import read_notices
from actions.stop_wave import pause_wave
from db.models import JournalEntry, Notice, Receipt, Trigger, Wave
from tests.delivery import a_wave, attempts, open_tasks, states, taken
from tests.fakes.sendgrid import FakeSendGrid
from tests.ledger import an_incident_with, launched


def test_each_person_gets_exactly_the_bytes_that_were_approved(desk: Desk, tmp_path: Path) -> None:
    incident, wave = a_wave(desk, tmp_path)
    assert deliver(desk, wave.id).notices == {"accepted": 3}
    for number in (1, 2, 3):
        [(notice, content)] = read_notices(desk, incident.id, number)
        file = desk.settings.outbox_folder / "email" / f"{notice.nid}.eml"
        message = message_from_bytes(file.read_bytes(), policy=default)
        text, html = (part.get_content().replace("\r\n", "\n") for part in message.iter_parts())
        assert (message["To"].addresses[0].addr_spec, message["Subject"]) == (content.to_address, content.subject)
        assert (text, html) == (content.text, content.html)


def test_a_letter_is_laid_out_as_the_very_pdf_that_was_approved(desk: Desk, tmp_path: Path) -> None:
    row = {"address": "1 Sample Street;Sampletown", "postcode": "SW1A 1AA"}
    incident = an_incident_with(desk, tmp_path, [row])
    [wave] = launched(desk, incident)
    assert deliver(desk, wave.id).notices == {"accepted": 1}
    [(notice, content)] = read_notices(desk, incident.id, 1)
    assert (desk.settings.outbox_folder / "letters" / f"{notice.nid}.pdf").read_bytes() == content.letter_pdf


def test_a_wave_whose_notices_are_all_settled_is_done_and_each_has_a_receipt(desk: Desk, tmp_path: Path) -> None:
    _, wave = a_wave(desk, tmp_path)
    deliver(desk, wave.id)
    with desk.reading() as session:
        assert session.get_one(Wave, wave.id).state == "done"
        receipts = session.scalars(sa.select(Receipt)).all()
        hashes = set(session.scalars(sa.select(Notice.content_sha256)))
    assert {receipt.sha256 for receipt in receipts} == hashes
    assert len(receipts) == 3


def test_sending_again_sends_nothing(sender: Desk, fake: FakeSendGrid, tmp_path: Path) -> None:
    _, wave = a_wave(sender, tmp_path)
    deliver(sender, wave.id)
    assert deliver(sender, wave.id).notices == {}
    assert set(taken(fake).values()) == {1}


def test_a_draft_or_an_approved_wave_sends_nothing(sender: Desk, fake: FakeSendGrid, tmp_path: Path) -> None:
    incident, wave = a_wave(sender, tmp_path)
    pause_wave(sender, incident.id, wave.number, "wait")
    assert not deliver(sender, wave.id).left
    assert taken(fake) == {}


def test_a_run_stops_at_its_budget_and_says_that_it_could_go_on(sender: Desk, tmp_path: Path) -> None:
    _, wave = a_wave(sender, tmp_path, 7)
    done = deliver(sender, wave.id, most=5)
    assert (done.notices, done.left, done.go_on) == ({"accepted": 5}, True, True)
    assert states(sender, wave) == {"accepted": 5, "queued": 2}


def test_what_was_refused_is_rejected_with_a_task_and_the_others_go_on(
    sender: Desk, fake: FakeSendGrid, tmp_path: Path
) -> None:
    _, wave = a_wave(sender, tmp_path, 4)
    fake.faults.then("400")
    assert deliver(sender, wave.id).notices == {"accepted": 3, "rejected": 1}
    assert open_tasks(sender) == ["Look at the notices of wave 1 that were refused: are the addresses right?"]
    assert "example.org" not in json.dumps(attempts(sender))


@pytest.mark.parametrize("fault", ["500", "accept-then-drop", "drop-before-accept", "garbage", "truncated"])
def test_a_lost_answer_is_unknown_and_is_not_tried_again(
    sender: Desk, fake: FakeSendGrid, tmp_path: Path, fault: str
) -> None:
    _, wave = a_wave(sender, tmp_path, 3)
    fake.faults.then(fault)
    assert deliver(sender, wave.id).notices == {"accepted": 2, "unknown": 1}
    assert deliver(sender, wave.id).notices == {}
    assert states(sender, wave) == {"accepted": 2, "unknown": 1}


def test_a_full_queue_is_waited_for_and_counts_as_no_attempt(sender: Desk, fake: FakeSendGrid, tmp_path: Path) -> None:
    _, wave = a_wave(sender, tmp_path, 2)
    fake.faults.then(*["429-nonsense"] * 3)
    assert deliver(sender, wave.id).notices["accepted"] == 2
    assert Counter(state for state, _ in attempts(sender)) == {"not_sent": 3, "accepted": 2}
    assert set(taken(fake).values()) == {1}


def test_a_long_pause_ends_the_run_and_the_wave_rests(
    sender: Desk, fake: FakeSendGrid, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, wave = a_wave(sender, tmp_path, 2)
    monkeypatch.setattr("actions.deliver.PATIENCE", 0.1)
    fake.faults.then("429-retry-after", "429-retry-after")
    done = deliver(sender, wave.id)
    assert done.left and done.resume_at is not None and not done.go_on
    assert states(sender, wave) == {"queued": 2}
    assert deliver(sender, wave.id).notices == {}


@pytest.mark.parametrize("fault", ["401", "403"])
def test_a_key_that_is_refused_pauses_the_wave_with_a_task(
    sender: Desk, fake: FakeSendGrid, tmp_path: Path, fault: str
) -> None:
    _, wave = a_wave(sender, tmp_path, 3)
    fake.faults.always = fault
    with pytest.raises(Conflict, match="paused"):
        deliver(sender, wave.id)
    assert states(sender, wave) == {"queued": 3}
    assert open_tasks(sender) == ["Mend what stopped wave 1, then launch it again"]
    with sender.reading() as session:
        assert session.get_one(Wave, wave.id).state == "paused"


def test_a_missing_key_pauses_the_wave_before_anything_is_claimed(
    sender: Desk, fake: FakeSendGrid, tmp_path: Path
) -> None:
    _, wave = a_wave(sender, tmp_path, 2)
    fake.scopes = []
    with pytest.raises(Conflict, match="may not send mail"):
        deliver(sender, wave.id)
    assert states(sender, wave) == {"queued": 2}
    assert attempts(sender) == []


def test_a_redirect_is_not_followed_and_stops_the_run(sender: Desk, fake: FakeSendGrid, tmp_path: Path) -> None:
    _, wave = a_wave(sender, tmp_path, 2)
    fake.faults.always = "redirect"
    with pytest.raises(Conflict, match=r"paused|Nothing can be sent"):
        deliver(sender, wave.id)
    assert "accepted" not in states(sender, wave)
    assert taken(fake) == {}


def test_a_notice_that_is_not_the_one_approved_is_never_sent(sender: Desk, fake: FakeSendGrid, tmp_path: Path) -> None:
    """The database refuses the change; whoever takes its triggers away still does not get it sent."""
    _, wave = a_wave(sender, tmp_path, 1)
    on = " ON notices" if not sender.database.is_sqlite else ""
    with sender.database.engine.begin() as connection:
        connection.exec_driver_sql(f"DROP TRIGGER notices_keep_their_words{on}")
        connection.execute(sa.update(Notice.__table__).values(content_sha256="ab" * 32))
    with pytest.raises(Conflict, match="not the one that was approved"):
        deliver(sender, wave.id)
    assert taken(fake) == {}
    assert states(sender, wave) == {"queued": 1}


def test_the_journal_tells_each_batch_by_number_and_hash(sender: Desk, tmp_path: Path) -> None:
    incident, wave = a_wave(sender, tmp_path, 5)
    deliver(sender, wave.id)
    with sender.reading() as session:
        bodies = [
            json.loads(body)
            for body in session.scalars(sa.select(JournalEntry.body).where(JournalEntry.chain == str(incident.id)))
        ]
    batches = [body["details"] for body in bodies if body["act"] == "deliver" and "sha256" in body["details"]]
    assert sum(batch["notices"]["accepted"] for batch in batches) == 5
    assert all(len(batch["sha256"]) == 64 for batch in batches)
    assert "example.org" not in json.dumps(batches)


def test_the_wish_for_the_run_is_fulfilled_when_nothing_is_left(sender: Desk, tmp_path: Path) -> None:
    _, wave = a_wave(sender, tmp_path)
    with sender.writing() as session:
        session.execute(sa.update(Trigger).where(Trigger.flow == "deliver").values(asked_at=clock.now()))
    deliver(sender, wave.id)
    with sender.reading() as session:
        assert all(session.scalars(sa.select(Trigger.done_at).where(Trigger.flow == "deliver")))
