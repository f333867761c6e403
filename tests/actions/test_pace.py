"""The pace of sending: one bucket for all workers of a channel, and one pause."""

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions import clock
from actions.desk import Desk
from actions.pace import Allowance, Limits, draw, paces, pause, slow_down, speed_up
from db.session import Database
from db.transaction import writing
from settings.model import Settings
from tests.conftest import Time


def with_rate(desk: Desk, per_second: float, per_hour: float | None = None) -> Desk:
    changes = {"rate_per_second": per_second, "rate_per_hour": per_hour}
    return Desk(desk.settings.model_copy(update=changes), desk.actor, database=desk.database)


@pytest.mark.usefixtures("time")
def test_two_workers_together_send_no_more_than_one_may(desk: Desk) -> None:
    one, other = (Allowance(with_rate(desk, 40), "sendgrid") for _ in range(2))
    assert one.take(6) + other.take(1000) + one.take(1000) == 10
    assert other.take(1000) == 0 and other.wait() > 0


@pytest.mark.usefixtures("time")
def test_a_channel_has_a_bucket_of_its_own(desk: Desk) -> None:
    desk = with_rate(desk, 40)
    assert (Allowance(desk, "sendgrid").take(100), Allowance(desk, "letter").take(100)) == (10, 10)


@pytest.mark.usefixtures("time")
def test_what_one_is_asked_to_wait_for_all_wait_for(desk: Desk) -> None:
    desk = with_rate(desk, 40)
    other = Allowance(desk, "sendgrid")
    assert other.take(2) == 2
    with desk.writing() as session:
        pause(session, "sendgrid", 60, clock.now())
        pause(session, "sendgrid", 5, clock.now())
    assert Allowance(desk, "sendgrid").take(1) == 0
    with desk.reading() as session:
        other.heed(paces(session, ["sendgrid"])["sendgrid"])
    assert other.take(1) == 0 and 59 < other.wait() <= 60


def test_a_tired_provider_is_given_twice_as_long_each_time_and_once_for_all_that_hear_it(
    desk: Desk, time: Time
) -> None:
    waits = []
    for _ in range(4):
        with desk.writing() as session:
            for _ in range(3):
                slow_down(session, "sendgrid", 0, time.now)
            until = paces(session, ["sendgrid"])["sendgrid"].paused_until
        assert until is not None
        waits.append((until - time.now).total_seconds())
        time.move(seconds=waits[-1])
    assert waits == [0.5, 1, 2, 4]
    with desk.writing() as session:
        speed_up(session, "sendgrid", time.now)
        slow_down(session, "sendgrid", 0, time.now)
        until = paces(session, ["sendgrid"])["sendgrid"].paused_until
    assert until == time.now + timedelta(seconds=0.5)


def test_no_hour_ever_has_more_than_its_number(settings: Settings) -> None:
    """Whatever the workers ask for, and whenever."""
    database = Database(settings.url)

    @given(st.lists(st.tuples(st.integers(0, 900), st.integers(1, 400)), min_size=5, max_size=30), st.integers(12, 600))
    def holds(asked: list[tuple[int, int]], per_hour: int) -> None:
        now, sent = Time().now, []
        channel = f"c{clock.ticks()}"
        with writing(database) as session:
            for seconds, wanted in asked:
                now += timedelta(seconds=seconds)
                drawn, _ = draw(session, channel, wanted, Limits(1000, per_hour), now)
                sent.append((now, drawn))
            session.rollback()
        for began, _ in sent:
            hour = [count for at, count in sent if began <= at <= began + timedelta(hours=1)]
            assert sum(hour) <= per_hour
        assert all(earlier[0] <= later[0] for earlier, later in pairwise(sent))

    holds()
    database.close()
