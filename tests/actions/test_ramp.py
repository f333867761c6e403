"""A new sender sends few at first; when a wave will be done is told against the law's limit, with what to do."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from actions import clock
from actions.deliver import deliver
from actions.desk import Desk
from actions.outlook import outlook
from actions.ramp import DAY, allowed_on, ends_at, pace_on
from actions.reconcile import reconcile
from db.models import Obligation
from db.queries.notices import counts_of
from settings.model import Settings
from tests.conftest import MANAGER, Time
from tests.delivery import a_wave, taken
from tests.fakes.sendgrid import FakeSendGrid

START = date(2026, 12, 1)
RAMP = Settings(ramp_from=START, ramp_per_day=(50, 100, 500), rate_per_second=10)
WARM = Settings(rate_per_second=10)


def test_each_day_has_its_number_and_after_the_last_the_rate_alone_counts() -> None:
    days = [START + timedelta(days=day) for day in (-3, 0, 1, 2, 3, 400)]
    assert [allowed_on(RAMP, day) for day in days] == [50, 50, 100, 500, None, None]
    assert allowed_on(WARM, START) is None


@given(st.integers(-6 * 86400, 9 * 86400), st.integers(1, 2000))
def test_what_leaves_until_the_forecast_end_is_exactly_what_was_left(seconds: int, left: int) -> None:
    """Added up day by day from the other side: the end is where the days' numbers reach what was left."""
    now = datetime(2026, 12, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    end = ends_at(RAMP, left, now)
    assert end is not None and end > now
    gone, at = 0.0, now
    while at < end:
        until = min(end, datetime.combine(at.date() + DAY, datetime.min.time(), UTC))
        gone += pace_on(RAMP, at.date()) * (until - at).total_seconds()
        at = until
    assert abs(gone - left) < 1e-3


def test_no_day_of_the_ramp_has_more_than_its_number() -> None:
    for day in range(3):
        today = START + timedelta(days=day)
        assert pace_on(RAMP, today) * 86400 <= (allowed_on(RAMP, today) or 0) + 1e-6


def test_a_ramp_that_would_miss_the_limit_is_said_with_what_to_do(desk: Desk, time: Time, tmp_path: Path) -> None:
    _, wave = a_wave(desk, tmp_path, 5)
    limit = time.now + timedelta(days=2)
    set_limit(desk, None)
    slow = desk.settings.model_copy(update={"ramp_from": time.now.date(), "ramp_per_day": (1,) * 9})
    with desk.reading() as session:
        counts = counts_of(session, wave.id)
        assert outlook(session, slow, wave, counts, time.now, time.now).advice == ""
    set_limit(desk, limit)
    with desk.reading() as session:
        found = outlook(session, slow, wave, counts, time.now, time.now)
        quick = outlook(session, desk.settings, wave, counts, time.now, time.now)
    assert (found.to_leave, found.today, found.limit_at) == (5, 1, limit)
    assert found.ends_at is not None and found.ends_at > limit
    assert "FORTHWITH_RAMP_PER_DAY" in found.advice
    assert quick.advice == "" and quick.ends_at is not None and quick.ends_at < limit


def test_a_new_sender_sends_no_more_than_its_day_allows(sender: Desk, fake: FakeSendGrid, tmp_path: Path) -> None:
    _, wave = a_wave(sender, tmp_path, 5)
    slow = {"ramp_from": clock.now().date(), "ramp_per_day": (2,) * 9}
    with Desk(sender.settings.model_copy(update=slow), MANAGER, database=sender.database) as new:
        for _ in range(3):
            deliver(new, wave.id)
            reconcile(new)
    assert 1 <= len(taken(fake)) <= 2


def set_limit(desk: Desk, at: datetime | None) -> None:
    """As if a law with this limit applied."""
    with desk.writing() as session:
        owed = sa.update(Obligation).where(Obligation.recipient == "individuals", Obligation.state == "open")
        session.execute(owed.values(due_at=at))
