"""Ladders as people see them: every rung with what became of it, and nothing passed over without its reason."""

from datetime import UTC, datetime, timedelta

import pytest

from actions.acknowledge import acknowledge
from actions.assess import assess
from actions.check_deadlines import check_deadlines
from actions.decide import decide, second
from actions.desk import Desk, find
from actions.hand_over import take_over
from actions.ladders import Ladder, ladders
from actions.plan_rungs import AGAIN
from db.models import Fact
from tests.builders import an_incident
from tests.conftest import Time

REF, DUTY = "FW-2026-0001", "uk-p3-67-1"
LIMIT = datetime(2026, 11, 23, 11, tzinfo=UTC)


def with_settings(desk: Desk, **changes: object) -> Desk:
    return Desk(desk.settings.model_copy(update=changes), desk.actor, database=desk.database)


def begun(desk: Desk) -> Desk:
    an_incident(desk)
    assess(desk, REF)
    check_deadlines(desk)
    return desk


def seen(desk: Desk, time: Time, about: str = DUTY) -> Ladder:
    with desk.reading() as session:
        found = ladders(session, desk.settings, find(session, REF), time.now)
    return next(one for one in found if one.about.partition("@")[0] == about)


@pytest.mark.parametrize("hours", [0, 20, 36, 47, 50, 64, 71, 72, 100])
def test_whenever_one_looks_each_rung_of_the_settings_is_there_once_and_what_nobody_was_told_has_its_reason(
    desk: Desk, time: Time, hours: int
) -> None:
    begun(desk)
    time.move(hours=hours)
    check_deadlines(desk)
    ladder = seen(desk, time)
    names = [one.rung for one in ladder.steps if AGAIN not in one.rung]
    assert sorted(names) == sorted(
        [f"{one}%" for one in desk.settings.escalation_shares] + [f"-{one}h" for one in desk.settings.escalation_hours]
    )
    assert all(one.says for one in ladder.steps if one.state in ("passed over", "not needed"))
    assert {one.state for one in ladder.steps if one.at > time.now} <= {"to come"}
    assert {one.state for one in ladder.steps if one.at <= time.now} <= {"told", "passed over"}


def test_what_was_overtaken_in_an_outage_says_for_how_long_nobody_looked_and_what_was_told_instead(
    desk: Desk, time: Time
) -> None:
    begun(desk)
    time.now = LIMIT - timedelta(hours=5)
    check_deadlines(desk)
    over = {one.rung: one.says for one in seen(desk, time).steps if one.state == "passed over"}
    assert set(over) == {"50%", "75%", "90%", "-24h"}
    assert "nobody looked at the deadlines for 1 d 7 h" in over["50%"] and "overtaken by -6h" in over["50%"]
    (told,) = [one for one in seen(desk, time).steps if one.state == "told"]
    assert (told.rung, told.says) == ("-6h", "1 h 0 min late")


def test_a_rung_before_the_clock_began_is_shown_as_passed_over_because_of_the_limit(desk: Desk, time: Time) -> None:
    wide = begun(with_settings(desk, escalation_hours=(96, 6, 1)))
    (over,) = [one for one in seen(wide, time).steps if one.state == "passed over"]
    assert over.rung == "-96h" and over.at == LIMIT - timedelta(hours=96)
    assert "before the clock began, 2026-11-20" in over.says and "leaves no more time" in over.says
    assert seen(wide, time).passed_over == 1


def test_a_rung_that_was_set_since_is_shown_until_the_duty_is_looked_at_again(desk: Desk, time: Time) -> None:
    begun(desk)
    more = with_settings(desk, escalation_hours=(24, 12, 6, 1))
    (over,) = [one for one in seen(more, time).steps if one.state == "passed over"]
    assert over.rung == "-12h" and "'forthwith assess'" in over.says


def test_a_rung_that_the_quiet_hours_keep_back_says_so(desk: Desk, time: Time) -> None:
    quiet = begun(with_settings(desk, quiet_hours="20:00-07:00"))
    step = next(one for one in seen(quiet, time).steps if one.rung == "50%")
    assert step.at == datetime(2026, 11, 22, 7, tzinfo=UTC) and "quiet hours" in step.says
    assert next(one for one in seen(quiet, time).steps if one.rung == "100%").says == ""


def test_what_somebody_has_is_named_and_its_repeats_are_not_needed(desk: Desk, officer: Desk, time: Time) -> None:
    begun(desk)
    time.now = LIMIT - timedelta(minutes=55)
    check_deadlines(desk)
    acknowledge(officer, REF, DUTY)
    time.now = LIMIT - timedelta(minutes=20)
    check_deadlines(desk)
    steps = {one.rung: one for one in seen(desk, time).steps}
    assert "officer@example.org has it" in steps["-1h"].says
    assert steps[f"-1h{AGAIN}30 min"].says == "acknowledged by officer@example.org"


def test_what_is_no_longer_owed_waits_for_nothing(desk: Desk, officer: Desk, time: Time) -> None:
    begun(desk)
    second(officer, REF, decide(desk, REF, "waiver", DUTY, "not required", "the other controller reports").number)
    assert {one.state for one in seen(desk, time).steps} <= {"not needed"}


def test_a_hand_over_shows_the_hours_that_were_lost_beyond_its_target(desk: Desk, officer: Desk, time: Time) -> None:
    begun(desk)
    time.move(hours=7)
    check_deadlines(desk)
    assert seen(desk, time, "manager_to_dpo").lost == timedelta(hours=3)
    take_over(officer, REF)
    time.move(hours=9)
    ladder = seen(desk, time, "manager_to_dpo")
    assert ladder.lost == timedelta(hours=3), "what was lost stays lost, and grows no more"
    assert {one.says for one in ladder.steps if one.state == "not needed"} == {"it was taken"}


def test_a_story_told_before_its_form_had_options_keeps_nobody_from_their_ladders(desk: Desk, time: Time) -> None:
    begun(desk)
    with desk.writing() as session:
        incident = find(session, REF)
        when = {"known_at": time.now, "recorded_at": time.now}
        old = {"number": 999, "name": "story.cyber_impact", "value": "rather bad", "source": "x", "recorded_by": "x"}
        session.add(Fact(incident_id=incident.id, **when, **old))
    assert seen(desk, time).steps
