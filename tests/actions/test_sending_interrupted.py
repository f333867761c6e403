"""What happens in the middle of sending: another worker, a flag, a stop, a fault; nothing is sent twice and nothing is lost."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from actions import clock
from actions.deliver import deliver
from actions.desk import Desk
from actions.errors import Conflict
from actions.flag_person import flag_person
from actions.lease import LASTS, LostLease, give_back, hold, sweep, take
from actions.stop_wave import stop_wave
from channels.sendgrid import SendGrid
from db.models import Notice, Wave
from tests.delivery import a_wave, claim_all, expire, states, taken
from tests.fakes.sendgrid import FakeSendGrid


def test_one_worker_at_a_time_sends_a_wave(sender: Desk, tmp_path: Path) -> None:
    _, wave = a_wave(sender, tmp_path)
    lease = take(sender, wave.id, "another")
    with pytest.raises(Conflict, match="another worker"):
        deliver(sender, wave.id)
    give_back(sender, lease)
    assert deliver(sender, wave.id).notices == {"accepted": 3}


def test_what_a_dead_worker_had_in_flight_becomes_unknown_never_queued(
    sender: Desk, fake: FakeSendGrid, tmp_path: Path
) -> None:
    _, wave = a_wave(sender, tmp_path)
    claim_all(sender, wave)
    assert states(sender, wave) == {"sending": 3}
    expire(sender)
    take(sender, wave.id, "next")
    assert states(sender, wave) == {"unknown": 3}
    assert taken(fake) == {}


def test_a_worker_that_lost_its_lease_can_write_and_claim_nothing(sender: Desk, tmp_path: Path) -> None:
    _, wave = a_wave(sender, tmp_path)
    lease, _ = claim_all(sender, wave)
    expire(sender)
    take(sender, wave.id, "next")
    with pytest.raises(LostLease), sender.writing() as session:
        hold(session, lease)
    give_back(sender, lease)
    with sender.reading() as session:
        assert session.get_one(Wave, wave.id).lease_owner == "next"


def test_holding_renews_the_lease(sender: Desk, tmp_path: Path) -> None:
    _, wave = a_wave(sender, tmp_path)
    lease = take(sender, wave.id, "me")
    expire(sender)
    with sender.writing() as session:
        hold(session, lease)
    with sender.reading() as session:
        until = session.get_one(Wave, wave.id).lease_until
    assert until is not None and until > clock.now() + LASTS / 2


def test_a_worker_whose_wave_is_taken_over_in_mid_run_stops_and_writes_nothing_more(
    sender: Desk, fake: FakeSendGrid, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, wave = a_wave(sender, tmp_path, 5)
    meanwhile(monkeypatch, lambda: steal(sender, wave))
    with pytest.raises(LostLease):
        deliver(sender, wave.id)
    assert states(sender, wave) == {"unknown": 5}


def steal(desk: Desk, wave: Wave) -> None:
    """Take the wave over, as another worker does when this one has been silent for too long."""
    with desk.writing() as session:
        sweep(session, session.get_one(Wave, wave.id, with_for_update=True))


def meanwhile(monkeypatch: pytest.MonkeyPatch, happens: Callable[[], object]) -> None:
    """Let something happen once, after the first notice was handed over and before its answer is written."""
    real, done = SendGrid.send, list[bool]()

    def send(self: SendGrid, envelope: Any) -> Any:
        answer = real(self, envelope)
        if not done:
            done.append(True)
            happens()
        return answer

    monkeypatch.setattr(SendGrid, "send", send)


def test_someone_flagged_while_their_message_leaves_is_told_the_truth_about(
    sender: Desk, fake: FakeSendGrid, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It left: it counts as accepted. The flag stands all the same, and nothing more is sent."""
    incident, wave = a_wave(sender, tmp_path, 1)
    meanwhile(monkeypatch, lambda: flag_person(sender, incident.id, 1, "victim_of_abuse", "they rang"))
    assert deliver(sender, wave.id).notices == {"accepted": 1}
    assert sum(taken(fake).values()) == 1
    with sender.reading() as session:
        assert session.scalars(sa.select(Notice.flagged)).all() == [True]


def test_someone_flagged_while_their_message_waits_for_a_full_queue_gets_nothing(
    sender: Desk, fake: FakeSendGrid, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    incident, wave = a_wave(sender, tmp_path, 1)
    fake.faults.then("429-nonsense")
    real = fake.answer

    def answer(request: Any, fault: str) -> bytes:
        if fault:
            flag_person(sender, incident.id, 1, "victim_of_abuse", "they rang")
        return real(request, fault)

    monkeypatch.setattr(fake, "answer", answer)
    assert deliver(sender, wave.id).notices == {"cancelled": 1}
    assert taken(fake) == {}


def test_a_stop_in_mid_run_is_heard_before_the_next_message(
    sender: Desk, fake: FakeSendGrid, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    incident, wave = a_wave(sender, tmp_path, 30)
    slow = sender.settings.model_copy(update={"window": 2})
    monkeypatch.setattr(sender, "settings", slow)
    meanwhile(monkeypatch, lambda: stop_wave(sender, incident.id, wave.number, "wrong list"))
    deliver(sender, wave.id)
    assert states(sender, wave)["cancelled"] >= 28
    assert sum(taken(fake).values()) <= 2


def test_a_channel_with_a_fault_of_its_own_loses_nothing(
    sender: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, wave = a_wave(sender, tmp_path, 3)
    monkeypatch.setattr("channels.sendgrid.SendGrid.send", lambda *_: 1 / 0)
    with pytest.raises(Conflict, match="ZeroDivisionError"):
        deliver(sender, wave.id)
    assert "accepted" not in states(sender, wave) and "sending" not in states(sender, wave)


def test_a_full_disk_lets_the_wave_rest_with_nothing_lost(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, wave = a_wave(desk, tmp_path, 3)

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("channels.outbox.Outbox._lay", full)
    done = deliver(desk, wave.id)
    assert (done.left, done.go_on) == (3, False)
    assert done.resume_at is not None and done.resume_at > clock.now()


def test_a_lost_database_in_mid_run_leaves_what_is_in_flight_unknown_to_the_next(
    sender: Desk, fake: FakeSendGrid, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, wave = a_wave(sender, tmp_path, 5)

    def broken(*_: object) -> None:
        raise ConnectionError("the database went away")

    with monkeypatch.context() as patch:
        patch.setattr("actions.deliver.settle", broken)
        with pytest.raises(ConnectionError):
            deliver(sender, wave.id)
    expire(sender)
    deliver(sender, wave.id)
    counts = states(sender, wave)
    assert counts.keys() <= {"unknown", "accepted"} and sum(counts.values()) == 5
    assert max(taken(fake).values()) == 1
