"""What happens in the middle of sending: another worker, a flag, a stop, a fault; nothing is sent twice and nothing is lost."""

import time as wall
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from actions import clock
from actions.deliver import deliver
from actions.desk import Desk
from actions.details import Details
from actions.enter_people import details_of
from actions.errors import Conflict
from actions.flag_person import flag_person
from actions.lease import LASTS, Busy, LostLease, give_back, hold, sweep, take
from actions.shards import bounds, divide
from actions.stop_wave import stop_wave
from channels.exchange import Answer
from channels.outcome import Accepted
from channels.sendgrid import SendGrid
from db.models import Notice, Person, Shard, Trigger, Wave
from tests.delivery import a_wave, claim_all, expire, states, taken
from tests.fakes.sendgrid import FakeSendGrid
from tests.ledger import an_incident_with, launched


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
        assert session.get_one(Shard, (wave.id, 0)).lease_owner == "next"


def test_holding_renews_the_lease(sender: Desk, tmp_path: Path) -> None:
    _, wave = a_wave(sender, tmp_path)
    lease = take(sender, wave.id, "me")
    expire(sender)
    with sender.writing() as session:
        hold(session, lease)
    with sender.reading() as session:
        until = session.get_one(Shard, (wave.id, 0)).lease_until
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
        sweep(session, session.get_one(Wave, wave.id, with_for_update=True), session.get_one(Shard, (wave.id, 0)))


def meanwhile(monkeypatch: pytest.MonkeyPatch, happens: Callable[[], object]) -> None:
    """Let something happen once, after the first notice was handed over and before its answer is written."""
    real, done = SendGrid.understood, list[bool]()

    def understood(self: SendGrid, answer: Answer) -> Accepted:
        if not done:
            done.append(True)
            happens()
        return real(self, answer)

    monkeypatch.setattr(SendGrid, "understood", understood)


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


@pytest.mark.parametrize(("breaks", "left", "then"), [("request", 0, "queued"), ("understood", 3, "unknown")])
def test_a_channel_with_a_fault_of_its_own_loses_nothing(
    sender: Desk, fake: FakeSendGrid, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, breaks: str, left: int, then: str
) -> None:
    """Before anything left, it waits for a person; afterwards, nobody knows but the provider."""
    _, wave = a_wave(sender, tmp_path, 3)
    monkeypatch.setattr(SendGrid, breaks, lambda *_: 1 / 0)
    with pytest.raises(Conflict, match="ZeroDivisionError"):
        deliver(sender, wave.id)
    assert states(sender, wave) == {then: 3}
    assert sum(taken(fake).values()) == left


def test_a_full_disk_lets_the_wave_rest_with_nothing_lost(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, wave = a_wave(desk, tmp_path, 3)

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("channels.outbox.Outbox._lay", full)
    done = deliver(desk, wave.id)
    assert (done.left, done.go_on, states(desk, wave)) == (True, False, {"queued": 3})
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


def test_shards_hold_every_notice_once_and_each_has_one_sender(
    sender: Desk, fake: FakeSendGrid, tmp_path: Path
) -> None:
    _, wave = a_wave(sender, tmp_path, 12)
    with sender.writing() as session:
        divide(session, session.get_one(Wave, wave.id), 3)
    first = take(sender, wave.id, "another", 1)
    with pytest.raises(Busy):
        take(sender, wave.id, "a third", 1)
    with pytest.raises(Busy):
        deliver(sender, wave.id, shard=1)
    while deliver(sender, wave.id).go_on:
        pass
    with sender.reading() as session:
        open_ones = session.scalars(sa.select(Notice.nid).where(Notice.state == "queued")).all()
    assert all(first.range[0] <= nid <= first.range[1] for nid in open_ones) and 0 < len(open_ones) < 12
    give_back(sender, first)
    deliver(sender, wave.id, shard=1)
    assert states(sender, wave) == {"accepted": 12} and set(taken(fake).values()) == {1}


@pytest.mark.parametrize("of", [1, 3, 7, 16])
def test_the_ranges_of_shards_leave_no_id_out(of: int) -> None:
    edges = [bounds(number, of) for number in range(of)]
    assert edges[0][0].int == 0 and edges[-1][1].int == (1 << 128) - 1
    assert all(before[1].int + 1 == after[0].int for before, after in pairwise(edges))


@pytest.mark.parametrize(
    "change",
    [
        {"email": "new@example.org"},
        {"birth_date": "2016-01-01"},
        {"deceased": "yes"},
        {"email": "", "address": "1 Sample Street;Sampletown", "postcode": "SW1A 1AA"},
    ],
)
def test_whoever_would_be_told_another_way_by_now_gets_nothing(
    sender: Desk, fake: FakeSendGrid, tmp_path: Path, change: dict[str, str]
) -> None:
    """However the ledger came to say so: here behind the back of the act that calls notices back."""
    incident, wave = a_wave(sender, tmp_path, 3)
    with sender.act("test", incident.id) as act:
        person = act.session.scalars(sa.select(Person).where(Person.number == 2)).one()
        cells = {**details_of(act, person).cells, **change}
        sealed = act.vault.seal(Details(cells).to_bytes(), f"people/details/{person.id}")
        act.session.execute(
            sa.update(Person)
            .where(Person.id == person.id)
            .values(details=sealed, deceased=change.get("deceased") == "yes")
        )
        act.session.execute(sa.update(Trigger).values(asked_at=clock.now(), done_at=clock.now()))
    assert deliver(sender, wave.id).notices == {"accepted": 2}
    assert states(sender, wave) == {"accepted": 2, "cancelled": 1}
    assert sum(taken(fake).values()) == 2
    with sender.reading() as session:
        wish = sa.select(Trigger.because).where(Trigger.flow == "respond", Trigger.because.contains("another way"))
        assert session.scalars(wish).all()


def test_a_letter_does_not_go_to_an_address_that_has_changed_since_it_was_set(desk: Desk, tmp_path: Path) -> None:
    rows = [{"reference": "L1", "address": "1 Sample Street;Sampletown", "postcode": "SW1A 1AA"}]
    incident = an_incident_with(desk, tmp_path, rows)
    [wave] = launched(desk, incident)
    with desk.act("test", incident.id) as act:
        person = act.session.scalars(sa.select(Person)).one()
        cells = {**details_of(act, person).cells, "address": "2 Other Street;Sampletown"}
        sealed = act.vault.seal(Details(cells).to_bytes(), f"people/details/{person.id}")
        act.session.execute(sa.update(Person).values(details=sealed))
    assert deliver(desk, wave.id).notices == {}
    assert states(desk, wave) == {"cancelled": 1}


def test_one_recipient_that_hangs_holds_up_nobody_else(
    sender: Desk, fake: FakeSendGrid, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, wave = a_wave(sender, tmp_path, 20)
    monkeypatch.setattr(sender, "settings", sender.settings.model_copy(update={"window": 4}))
    fake.faults.then("held")
    with ThreadPoolExecutor(1) as others:
        run = others.submit(deliver, sender, wave.id)
        while sum(taken(fake).values()) < 19 and not run.done():
            wall.sleep(0.005)
        fake.server.release.set()
        assert run.result().notices == {"accepted": 20}
    assert set(taken(fake).values()) == {1}
