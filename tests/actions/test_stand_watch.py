"""The watchdog: it alarms when nobody watches, again and again, whatever else is broken, and says when the watch is back."""

from collections.abc import Iterator
from email import message_from_bytes, policy

import pytest
import sqlalchemy as sa
from pydantic import SecretStr

from actions import stand_watch as watchdog
from actions.assess import assess
from actions.check_deadlines import check_deadlines
from actions.desk import Desk
from actions.stand_watch import stand_watch
from tests.builders import an_incident
from tests.conftest import Time
from tests.fakes import alarm_target
from tests.fakes.alarm_target import Webhook


@pytest.fixture
def fake() -> Iterator[Webhook]:
    with alarm_target.running() as running:
        yield running


@pytest.fixture
def watched(desk: Desk, time: Time, fake: Webhook) -> Desk:
    """An incident that is watched, with an alarm target."""
    assess(desk, an_incident(desk).id)
    check_deadlines(desk)
    targets = {"alarm_targets": (SecretStr(f"3={fake.url}"),)}
    return Desk(desk.settings.model_copy(update=targets), desk.actor, database=desk.database)


def letters(desk: Desk, subject: str = "Nobody is watching") -> list[str]:
    found = (
        message_from_bytes(path.read_bytes(), policy=policy.default)
        for path in sorted((desk.settings.outbox_folder / "email").glob("*.eml"))
    )
    return [one.get_content() for one in found if subject in one["subject"]]


def test_while_the_deadlines_are_watched_nobody_hears_of_it(watched: Desk, fake: Webhook, time: Time) -> None:
    for _ in range(3):
        time.move(minutes=1)
        look = stand_watch(watched)
        assert (look.trouble, look.told, look.back) == ("", (), False)
    assert fake.told == [] and letters(watched) == []


def test_a_silent_watch_is_told_by_mail_and_to_every_target_with_what_comes_next(
    watched: Desk, fake: Webhook, time: Time
) -> None:
    time.move(minutes=6)
    look = stand_watch(watched)
    assert "silent for 6 min" in look.trouble
    people = {"manager@example.org", "deputy@example.org", "executive@example.org", "officer@example.org"}
    assert set(look.told) > people and len(fake.told) == 1
    assert "break-glass card" in fake.told[0]["message"]
    text = letters(watched)[0]
    assert "FW-2026-0001" in text and "23 November 2026" in text and "Last check" in text


def test_the_alarm_is_repeated_at_its_interval_however_often_one_looks_and_its_end_is_told_once(
    watched: Desk, fake: Webhook, time: Time
) -> None:
    time.move(minutes=6)
    heard = []
    for _ in range(31):
        heard.append(bool(stand_watch(watched).told))
        time.move(minutes=1)
    assert [minute for minute, told in enumerate(heard) if told] == [0, 15, 30]
    check_deadlines(watched)
    assert [stand_watch(watched).back for _ in range(3)] == [True, False, False]
    assert len(letters(watched, "watched again")) == 4
    time.move(minutes=6)
    assert stand_watch(watched).told, "the next silence is a new one"


def test_a_database_that_is_gone_is_an_alarm_and_the_watchdog_lives_on(
    watched: Desk, fake: Webhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: object) -> None:
        raise sa.exc.OperationalError("SELECT", {}, Exception("gone"))

    monkeypatch.setattr(watchdog, "last_heartbeat", gone)
    look = stand_watch(watched)
    assert "database" in look.trouble and look.told


def test_one_way_that_fails_keeps_no_other_from_its_alarm(watched: Desk, fake: Webhook, time: Time) -> None:
    time.move(minutes=6)
    watched.settings.outbox_folder.mkdir(exist_ok=True)
    (watched.settings.outbox_folder / "email").write_text("in the way")
    assert len(stand_watch(watched).told) == 1 == len(fake.told)
    time.move(minutes=16)
    fake.wrong = "500"
    (watched.settings.outbox_folder / "email").unlink()
    assert len(stand_watch(watched).told) == 4


def test_a_card_that_cannot_be_written_is_said_and_keeps_no_alarm_from_sounding(
    watched: Desk, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(watchdog, "keep_card", full)
    time.move(minutes=6)
    look = stand_watch(watched)
    assert look.told and "could not be written" in look.card


def test_a_clock_behind_the_last_check_is_an_alarm(watched: Desk, time: Time) -> None:
    time.move(hours=-2)
    assert "clock is 2 h 0 min behind" in stand_watch(watched).trouble


def test_what_it_remembers_may_be_damaged(watched: Desk, time: Time) -> None:
    stand_watch(watched)
    watchdog._path(watched.settings).write_text("{not json")
    time.move(minutes=6)
    assert stand_watch(watched).told
