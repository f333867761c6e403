"""Outages: a check that was away, a clock that was set, a database put back from yesterday, two checks at once. Nothing is lost or told twice."""

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from actions.assess import assess
from actions.check_deadlines import check_deadlines
from actions.decide import decide, second
from actions.declare import Declaration, declare
from actions.desk import Desk
from actions.hand_over import take_over
from actions.plan_rungs import AGAIN, OF
from actions.steady_time import HELD_BACK_FOR, SLACK, Reading, Trust, read_steadily
from db.models import Alert, Heartbeat, JournalEntry, Obligation, Rung
from tests.backup import Backup
from tests.builders import LOST_DISCS, an_incident
from tests.conftest import Time

REF = "FW-2026-0001"
LIMIT = datetime(2026, 11, 23, 11, tzinfo=UTC)
NOW = datetime(2026, 11, 20, 11, tzinfo=UTC)


@pytest.fixture
def watched(desk: Desk, officer: Desk, time: Time) -> Desk:
    """An incident whose officer knows of it, assessed, with a first look of the watch."""
    an_incident(desk)
    take_over(officer, REF)
    assess(desk, REF)
    check_deadlines(desk)
    return desk


def letters(desk: Desk) -> int:
    return len(list((desk.settings.outbox_folder / "email").glob("*.eml")))


def house(desk: Desk) -> list[dict[str, Any]]:
    with desk.reading() as session:
        bodies = session.scalars(sa.select(JournalEntry.body).where(JournalEntry.chain == "house"))
        return [json.loads(body) for body in bodies]


def test_a_check_that_was_away_two_days_says_in_each_warning_how_late_it_is(watched: Desk, time: Time) -> None:
    time.now = NOW + timedelta(days=2)
    check_deadlines(watched)
    with watched.reading() as session:
        told = session.scalars(sa.select(Alert).where(Alert.subject.contains("Commissioner"))).all()
        assert len({(one.rung_id, one.recipient) for one in told}) == len(told) > 0
        late = session.scalars(sa.select(Rung).where(Rung.outcome.like("overtaken%"))).all()
        assert late and all(one.fires_at <= time.now for one in late)
    assert "nobody had looked at the deadlines since Friday 20 November 2026, 11:00 GMT" in told[0].text
    time.move(minutes=1)
    check_deadlines(watched)
    silences = [one for one in house(watched) if one["act"] == "check was silent"]
    assert [one["details"]["silent_seconds"] for one in silences] == [2 * 86400], "once, and with its length"


def test_a_forward_jump_tells_nothing_until_it_has_held_and_is_told_of_at_once(watched: Desk, time: Time) -> None:
    before = letters(watched)
    time.jump(days=30)
    check_deadlines(watched)
    with watched.reading() as session:
        assert session.scalars(sa.select(Rung).where(Rung.told_at.is_not(None))).all() == []
    assert letters(watched) == before + 4, "the alarm about the clock, to everyone who is named"
    (jump,) = [one for one in house(watched) if one["act"] == "clock jumped"]
    assert jump["details"]["seconds"] == 30 * 86400
    time.jump(days=-30)
    time.move(minutes=1)
    check_deadlines(watched)
    with watched.reading() as session:
        assert session.scalars(sa.select(Rung).where(Rung.told_at.is_not(None))).all() == [], "set right in time"


def test_a_forward_jump_that_holds_is_believed_and_nothing_is_lost(watched: Desk, time: Time) -> None:
    time.jump(days=30)
    for _ in range(12):
        check_deadlines(watched)
        time.move(minutes=1)
    with watched.reading() as session:
        assert session.scalars(sa.select(Rung).where(Rung.told_at.is_(None), ~Rung.rung.contains(AGAIN))).all() == []
    assert [one["act"] for one in house(watched) if "clock" in one["act"] or "believed" in one["act"]] == [
        "clock jumped",
        "new time believed",
    ]


def test_while_a_clock_is_doubted_what_is_due_by_the_steady_one_is_told_in_time(watched: Desk, time: Time) -> None:
    time.now = LIMIT - timedelta(hours=36, minutes=5)
    check_deadlines(watched)
    told = letters(watched)
    time.jump(days=-300)
    for _ in range(9):
        time.move(minutes=1)
        check_deadlines(watched)
    with watched.reading() as session:
        half = session.scalars(sa.select(Rung).where(Rung.rung == "50%", Rung.outcome == "told")).all()
        assert half and all(one.told_at and one.told_at.year == 2026 and one.told_at.month == 11 for one in half)
    assert letters(watched) > told


def test_a_machine_that_starts_with_a_clock_of_years_ago_counts_from_the_last_beat(
    watched: Desk, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    time.now = LIMIT - timedelta(minutes=2)
    check_deadlines(watched)
    time.jump(days=-2000)
    monkeypatch.setattr("actions.clock.machine", lambda: "another start")
    time.move(minutes=1)
    check_deadlines(watched)
    time.move(minutes=3)
    check_deadlines(watched)
    with watched.reading() as session:
        full = session.scalars(sa.select(Rung).where(Rung.rung == "100%", Rung.outcome == "told")).all()
        assert full
        beat = session.get_one(Heartbeat, "check_deadlines")
        assert beat.beat_at >= LIMIT


@given(
    jumps=st.lists(
        st.tuples(st.integers(1, 40), st.sampled_from([0, 0, 0, 45, 86_400, -86_400, 31_536_000])),
        min_size=1,
        max_size=40,
    )
)
def test_the_time_counted_by_never_stops_and_a_jump_counts_only_when_it_has_held(jumps: list[tuple[int, int]]) -> None:
    """Whatever is set how often: between two looks the counted time moves as the steady clock does, or is believed after it held."""
    wall, ticks, kept, last = NOW, 1000.0, None, None
    doubted_for = 0.0
    for minutes, set_by in jumps:
        wall, ticks = wall + timedelta(minutes=minutes, seconds=set_by), ticks + minutes * 60
        reading: Reading = read_steadily(wall, ticks, "m", kept, last)
        if last is not None:
            drift = abs((reading.now - last).total_seconds() - minutes * 60)
            doubted_for = doubted_for + minutes * 60 if reading.trust.doubted_since or reading.accepted else 0.0
            if reading.accepted:
                assert doubted_for >= HELD_BACK_FOR.total_seconds()
            else:
                assert drift <= 2 * SLACK.total_seconds()
        kept, last = reading.trust.as_json(), reading.now
    assert Trust(**kept or {}).machine == "m"


def test_a_database_put_back_from_yesterday_tells_nothing_a_second_time(
    watched: Desk, time: Time, tmp_path: Path, server: str
) -> None:
    """What was told since the backup is told no more, what falls due afterwards is."""
    time.now = LIMIT - timedelta(hours=30)
    check_deadlines(watched)
    backup = Backup(watched, tmp_path, server)
    time.now = LIMIT - timedelta(hours=5)
    check_deadlines(watched)
    told = letters(watched)
    backup.put_back()
    time.move(minutes=10)
    check_deadlines(watched)
    assert letters(watched) == told
    with watched.reading() as session:
        again = session.scalars(sa.select(Alert).where(Alert.detail.contains("outside the database"))).all()
        assert again and {one.state for one in again} == {"accepted"}
    time.now = LIMIT - timedelta(minutes=59)
    check_deadlines(watched)
    assert letters(watched) > told, "what falls due afterwards is told"


@pytest.mark.parametrize("told_until", [timedelta(hours=-20), timedelta(minutes=-50), timedelta(hours=3)])
def test_a_limit_that_is_moved_later_has_its_whole_ladder_once_again(
    watched: Desk, officer: Desk, time: Time, told_until: timedelta
) -> None:
    """However much of the ladder was told before: none of the new limit's warnings may be missing because the old one's were told."""
    time.now = LIMIT + told_until
    check_deadlines(watched)
    later = "2026-11-22T10:00+00:00"
    second(
        officer, REF, decide(watched, REF, "awareness_change", REF, later, "The first call was another parcel.").number
    )
    assess(watched, REF)
    limit = LIMIT + timedelta(hours=48)
    heard = []
    for hours in (24, 6, 1, 0):
        time.now = limit - timedelta(hours=hours)
        before = letters(watched)
        check_deadlines(watched)
        heard += [hours] * (letters(watched) > before)
        assert check_deadlines(watched).told == 0
    assert heard == [24, 6, 1, 0]
    with watched.reading() as session:
        mine = sa.select(Rung).join(Obligation, Obligation.id == Rung.subject_id).where(Obligation.duty == "uk-p3-67-1")
        told = [one.rung for one in session.scalars(mine) if one.outcome == "told" and one.fires_at == limit]
    assert [one.partition(OF)[0] for one in told] == ["100%"], "no repeat of an earlier one stands in for it"


CHECK = """
import sys
from datetime import datetime
from actions import clock
from actions.check_deadlines import check_deadlines
from actions.desk import Desk
from settings.model import Settings

clock.real_now = lambda: datetime.fromisoformat(sys.argv[2])
clock.steady = lambda: datetime.fromisoformat(sys.argv[2]).timestamp()
settings = Settings.model_validate_json(sys.argv[1])
with Desk(settings, "watch") as desk:
    sys.stdin.readline()
    try:
        print(check_deadlines(desk).told)
    except ExceptionGroup as group:
        print(*(type(one).__name__ for one in group.exceptions))
"""


def test_two_checks_at_once_in_two_processes_tell_each_rung_once(watched: Desk, time: Time) -> None:
    for number in range(4):
        declared = declare(watched, Declaration(title=f"Another {number}", facts=LOST_DISCS))
        assess(watched, declared.id)
    before = letters(watched)
    time.now = LIMIT - timedelta(hours=5)
    given_ = json.dumps(json.loads(watched.settings.model_dump_json()))
    command = [sys.executable, "-c", CHECK, given_, time.now.isoformat()]
    both = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    said = []
    for process in both:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    for process in both:
        said.append(int(process.communicate(timeout=120)[0]))
    with watched.reading() as session:
        rungs = session.scalars(sa.select(Rung).where(Rung.outcome == "told")).all()
        alerts = session.scalars(sa.select(Alert)).all()
    assert sum(said) == len(rungs) > 0
    assert len({(one.rung_id, one.recipient) for one in alerts}) == len(alerts) == letters(watched) - before
    assert {one.state for one in alerts} == {"accepted"}
