"""Warnings leave in batches, each way on its own: a slow one holds up no other, and a process that dies loses and repeats nothing."""

from collections import Counter
from threading import Event, Lock
from typing import Any

import pytest
import sqlalchemy as sa
from pydantic import SecretStr

from actions import alert_ways, send_alerts
from actions.alert_claims import AT_ONCE, DEAD_AFTER, lanes, settle, take_up
from actions.desk import Desk
from actions.targets import labels_of
from channels.outcome import Halt
from channels.push import Push
from db.models import Alert
from tests.builders import an_incident
from tests.conftest import Time

MANY = 3 * AT_ONCE + 1


@pytest.fixture
def queued(desk: Desk, time: Time) -> Desk:
    """Many warnings that wait, to one person each; nothing else was told."""
    with desk.act("warn", an_incident(desk).id) as act:
        for number in range(MANY):
            act.session.add(warning(act.incident.id, f"person{number}@example.org", number, act.now))
    return desk


def warning(incident_id: object, recipient: str, number: int, at: object) -> Alert:
    return Alert(
        incident_id=incident_id,
        sealed=False,
        kind=f"warning {number}",
        recipient=recipient,
        subject="Act now",
        text="This falls due.",
        state="queued",
        queued_at=at,
    )


def states(desk: Desk) -> Counter[str]:
    with desk.reading() as session:
        return Counter(session.scalars(sa.select(Alert.state)))


def letters(desk: Desk) -> int:
    return len(list((desk.settings.outbox_folder / "email").glob("*.eml")))


class Killed(BaseException):
    """The process ends here."""


def test_many_are_told_by_few_transactions_and_each_once(queued: Desk) -> None:
    begun = []
    sa.event.listen(queued.database.engine, "commit", begun.append)
    assert send_alerts.send_alerts(queued) == MANY == letters(queued)
    assert states(queued) == {"accepted": MANY}
    assert len(begun) < MANY / 2
    assert send_alerts.send_alerts(queued) == 0


class Gate:
    """Opens when this many warnings have left."""

    def __init__(self, many: int) -> None:
        self.left, self.opened, self.lock, self.many = 0, Event(), Lock(), many

    def one_left(self) -> None:
        with self.lock:
            self.left += 1
        if self.left == self.many:
            self.opened.set()


def aimed(desk: Desk, urls: tuple[str, ...]) -> tuple[Desk, list[str]]:
    """A desk with these targets, for each of which five warnings wait."""
    targets = tuple(SecretStr(f"1={url}") for url in urls)
    made = Desk(desk.settings.model_copy(update={"alarm_targets": targets}), desk.actor, database=desk.database)
    labels = labels_of(made.settings, 1, ())
    with made.act("warn", "FW-2026-0001") as act:
        for number in range(5):
            act.session.add_all(warning(act.incident.id, label, number, act.now) for label in labels)
    return made, labels


def test_a_target_that_hangs_holds_up_no_other_way(queued: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """It answers only when every e-mail and the other target's warnings have left; were they behind it, they never would."""
    desk, (hangs, _) = aimed(queued, ("json://127.0.0.1:1/hangs", "json://127.0.0.1:1/quick"))
    gate, real = Gate(MANY + 5), alert_ways._mail

    def push(target: Push, subject: str, text: str) -> None:
        if hangs.endswith(target.name):
            assert gate.opened.wait(60), "the others wait for the one that hangs"
        else:
            gate.one_left()

    def mail(*given: Any) -> None:
        real(*given)
        gate.one_left()

    monkeypatch.setattr(Push, "send", push)
    monkeypatch.setattr(alert_ways, "_mail", mail)
    assert send_alerts.send_alerts(desk) == MANY + 10


@pytest.mark.parametrize("after", [0, 1, AT_ONCE, AT_ONCE + 3])
def test_a_process_that_dies_while_it_sends_loses_none_and_repeats_none_that_left(
    queued: Desk, time: Time, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    """What left has its mark, though nothing of the batch was settled."""
    tried: list[str] = []
    real = alert_ways._mail

    def dies(*given: Any) -> None:
        if len(tried) == after:
            raise Killed
        tried.append(given[2].recipient)
        real(*given)

    with monkeypatch.context() as dying:
        dying.setattr(send_alerts, "HANDS", 1)
        dying.setattr(alert_ways, "_mail", dies)
        dying.setattr(send_alerts, "settle", lambda *_: None)  # a killed process settles nothing
        with pytest.raises(Killed):
            send_alerts.send_alerts(queued)
    assert states(queued)["sending"] >= min(AT_ONCE, MANY - after)
    time.now += DEAD_AFTER * 2
    assert send_alerts.send_alerts(queued) == MANY - after
    assert states(queued) == {"accepted": MANY} and letters(queued) == MANY


def test_a_fault_in_one_leaves_it_as_it_is_settles_those_before_and_gives_back_those_behind(
    queued: Desk, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, tried = alert_ways._mail, []

    def breaks(*given: Any) -> None:
        tried.append(given)
        if len(tried) == 3:
            raise RuntimeError("a fault of ours")
        real(*given)

    monkeypatch.setattr(send_alerts, "HANDS", 1)
    monkeypatch.setattr(alert_ways, "_mail", breaks)
    with pytest.raises(RuntimeError):
        send_alerts.send_alerts(queued)
    assert states(queued) == {"accepted": 2, "sending": 1, "queued": MANY - 3}
    send_alerts.send_alerts(queued)
    assert states(queued) == {"accepted": MANY - 1, "sending": 1}, "who may have it is not told again at once"


def test_whoever_was_taken_for_dead_settles_nothing_any_more(queued: Desk, time: Time) -> None:
    (lane,) = lanes(queued)
    slow = lane.claim(queued)
    time.now += DEAD_AFTER * 2
    take_up(queued)
    (lane,) = lanes(queued)
    fresh = lane.claim(queued)
    assert [one.alert.id for one in fresh] == [one.alert.id for one in slow]
    settle(queued, [one.became("rejected", "by the dead") for one in slow])
    assert states(queued) == {"sending": AT_ONCE, "queued": MANY - AT_ONCE}
    settle(queued, [one.became("accepted") for one in fresh])
    settle(queued, [one.became("queued", "by the dead") for one in slow])
    assert states(queued) == {"accepted": AT_ONCE, "queued": MANY - AT_ONCE}


def test_a_way_that_needs_a_person_is_tried_once_in_a_look_and_what_waits_stays_queued(
    queued: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = []

    def halts(*given: object) -> None:
        tried.append(given)
        raise Halt("the login is wrong")

    with monkeypatch.context() as now:
        now.setattr(send_alerts, "HANDS", 1)
        now.setattr(alert_ways, "_mail", halts)
        assert send_alerts.send_alerts(queued) == 0
    assert len(tried) == 1 and states(queued) == {"queued": MANY}
    assert send_alerts.send_alerts(queued) == MANY


def test_a_look_that_lasts_too_long_leaves_the_rest_to_the_next_one(
    queued: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(send_alerts, "LONGEST_LOOK_SECONDS", 0.0)
    ticks = iter([0.0, 0.0, 0.0, 0.0, *([1.0] * 100)])
    monkeypatch.setattr(send_alerts, "HANDS", 1)
    monkeypatch.setattr("actions.clock.ticks", lambda: next(ticks))
    sent = send_alerts.send_alerts(queued)
    assert 0 < sent < AT_ONCE and states(queued) == {"accepted": sent, "queued": MANY - sent}
