"""Ladders: quiet hours, acknowledgement, repeats, alarm targets, and what a warning says to whom."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr, ValidationError

from actions.acknowledge import acknowledge
from actions.assess import assess
from actions.check_deadlines import check_deadlines
from actions.declare import Declaration, declare
from actions.desk import Desk
from actions.errors import Conflict
from actions.exercise import start_exercise
from actions.hand_over import take_over
from actions.plan_rungs import rungs
from actions.prepare_reports import prepare_reports
from db.models import Alert, JournalEntry, Rung
from db.queries.warnings import not_acknowledged
from settings.model import Settings
from tests.builders import LOST_DISCS, an_incident
from tests.conftest import Time
from tests.fakes import alarm_target
from tests.fakes.alarm_target import SECRET, Webhook

REF, DUTY = "FW-2026-0001", "uk-p3-67-1"
LIMIT = datetime(2026, 11, 23, 11, tzinfo=UTC)


@pytest.fixture
def fake() -> Iterator[Webhook]:
    with alarm_target.running() as running:
        yield running


def with_settings(desk: Desk, **changes: object) -> Desk:
    return Desk(desk.settings.model_copy(update=changes), desk.actor, database=desk.database)


@pytest.fixture
def aimed(desk: Desk, officer: Desk, time: Time, fake: Webhook) -> Desk:
    """An assessed incident, its officer knowing of it, and a target that hears the last rungs."""
    made = with_settings(desk, alarm_targets=(SecretStr(f"3={fake.url}"),), web_address="https://breaches.example.org")
    incident = an_incident(made)
    take_over(officer, incident.id)
    assess(made, incident.id)
    prepare_reports(made, incident.id)
    check_deadlines(made)
    return made


def alerts(desk: Desk, about: str = "Commissioner") -> list[Alert]:
    with desk.reading() as session:
        found = session.scalars(sa.select(Alert).order_by(Alert.queued_at))
        return [one for one in found if about in one.subject]


@given(
    start=st.integers(0, 525_000).map(lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)),
    hours=st.integers(1, 2000),
    begins=st.times(),
    ends=st.times(),
    zone=st.sampled_from(["Europe/London", "America/New_York", "Asia/Kathmandu", "Pacific/Auckland"]),
)
def test_quiet_hours_delay_early_rungs_to_the_morning_and_nothing_else(
    start: datetime, hours: int, begins: object, ends: object, zone: str
) -> None:
    plain = Settings(time_zone=zone)
    quiet = Settings(time_zone=zone, quiet_hours=f"{begins:%H:%M}-{ends:%H:%M}")
    end = start + timedelta(hours=hours)
    loud, held = dict(rungs(plain, start, end)), dict(rungs(quiet, start, end))
    assert loud.keys() == held.keys()
    for name, (level, moment) in loud.items():
        later = held[name][1]
        assert moment <= later <= max(moment, end) and later - moment < timedelta(hours=25)
        if level >= 3:
            assert later == moment, "a last rung is never kept back"
        if later != moment:
            assert f"{later.astimezone(ZoneInfo(zone)):%H:%M}" in (f"{ends:%H:%M}", "03:00") or later == moment


def test_a_rung_at_night_waits_for_the_morning_unless_the_limit_is_nearer() -> None:
    quiet = Settings(quiet_hours="22:00-07:00")
    long = dict(rungs(quiet, datetime(2026, 11, 20, 2, tzinfo=UTC), datetime(2026, 11, 22, 2, tzinfo=UTC)))
    assert long["50%"][1] == datetime(2026, 11, 21, 7, tzinfo=UTC)
    short = dict(rungs(quiet, datetime(2026, 11, 21, 0, tzinfo=UTC), datetime(2026, 11, 21, 6, tzinfo=UTC)))
    assert short["50%"][1] == datetime(2026, 11, 21, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    "wrong",
    [
        {"quiet_hours": "22-7"},
        {"quiet_hours": "25:00-07:00"},
        {"alarm_targets": ["json://x"]},
        {"alarm_targets": ["9=json://x"]},
    ],
)
def test_a_setting_that_cannot_be_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError) as refused:
        Settings(**wrong)  # type: ignore[arg-type]
    assert "json://" not in str(refused.value.errors(include_input=False, include_url=False))


def test_a_last_rung_that_nobody_acknowledges_comes_again_to_more_people_at_set_minutes(
    aimed: Desk, time: Time
) -> None:
    heard: list[int] = []
    for minutes in range(0, 300, 10):
        time.now = LIMIT + timedelta(minutes=minutes)
        before = len(alerts(aimed))
        check_deadlines(aimed)
        heard += [minutes] * (len(alerts(aimed)) > before)
    assert heard == [0, 30, 60, 120, 240]
    assert any("nobody acknowledged it within 30 min" in one.text for one in alerts(aimed))


def test_an_acknowledged_rung_comes_no_more_and_the_later_ones_come_all_the_same(aimed: Desk, time: Time) -> None:
    time.now = LIMIT - timedelta(minutes=55)
    check_deadlines(aimed)
    told = acknowledge(aimed, REF, DUTY)
    assert told == [f"{DUTY}@uk/ico -1h"]
    with pytest.raises(Conflict, match="waits to be acknowledged"):
        acknowledge(aimed, REF, DUTY)
    before = len(alerts(aimed))
    time.now = LIMIT - timedelta(minutes=5)
    check_deadlines(aimed)
    assert len(alerts(aimed)) == before
    time.now = LIMIT
    check_deadlines(aimed)
    assert len(alerts(aimed)) > before
    with aimed.reading() as session:
        again = session.scalars(sa.select(Rung).where(Rung.rung == "-1h again after 30 min")).all()
        assert {one.outcome for one in again if one.told_at} >= {"acknowledged by manager@example.org"}
        body = " ".join(session.scalars(sa.select(JournalEntry.body)))
        assert '"acknowledged":["uk-p3-67-1@uk/ico -1h"]' in body
        assert [one.about for one in not_acknowledged(session, again[0].incident_id)].count(f"{DUTY}@uk/ico") == 1


def test_a_new_look_at_the_facts_does_not_take_the_repeats_away(aimed: Desk, time: Time) -> None:
    time.now = LIMIT
    check_deadlines(aimed)
    assess(aimed, REF)
    with aimed.reading() as session:
        repeats = sa.select(sa.func.count()).select_from(Rung).where(Rung.rung.like("100\\%% again%", escape="\\"))
        assert session.scalar(repeats)


def test_what_goes_outside_the_house_names_incident_duty_limit_and_next_step_and_nobody(
    aimed: Desk, fake: Webhook, time: Time
) -> None:
    time.now = LIMIT - timedelta(hours=5)
    check_deadlines(aimed)
    (told,) = [one for one in fake.told if "Commissioner" in one["title"]]
    text = f"{told['title']}\n{told['message']}"
    assert "FW-2026-0001" in text and "23 November 2026" in text and "11:00 GMT" in text
    assert "'forthwith approve FW-2026-0001 report 1'" in text
    assert "https://breaches.example.org/incidents/FW-2026-0001" in text
    assert "@example.org" not in text and "Lost discs" not in text
    states = {one.recipient: one.state for one in alerts(aimed) if one.recipient.startswith("target:")}
    assert set(states.values()) == {"accepted"} and SECRET not in "".join(states)


def test_the_message_to_people_has_the_exact_command_and_the_links(aimed: Desk, time: Time) -> None:
    time.now = LIMIT - timedelta(hours=5)
    check_deadlines(aimed)
    text = next(one.text for one in alerts(aimed) if "@" in one.recipient)
    assert "'forthwith approve FW-2026-0001 report 1'" in text
    assert (
        "'forthwith acknowledge FW-2026-0001' or https://breaches.example.org/incidents/FW-2026-0001/do/acknowledge"
        in text
    )


def test_early_rungs_do_not_reach_a_target_of_the_last_ones(aimed: Desk, fake: Webhook, time: Time) -> None:
    time.now = LIMIT - timedelta(hours=35)
    check_deadlines(aimed)
    assert alerts(aimed) and not [one for one in fake.told if "Commissioner" in one["title"]]


def test_a_target_that_fails_is_tried_for_ten_minutes_and_holds_up_nobody(
    aimed: Desk, fake: Webhook, time: Time
) -> None:
    fake.wrong = "500"
    time.now = LIMIT - timedelta(hours=5)
    check_deadlines(aimed)
    assert {one.state for one in alerts(aimed) if "@" in one.recipient} == {"accepted"}
    assert {one.state for one in alerts(aimed) if "@" not in one.recipient} == {"queued"}
    assert len(fake.told) == 1, "one failure in a look is enough"
    fake.wrong = ""
    time.move(minutes=1)
    check_deadlines(aimed)
    assert {one.state for one in alerts(aimed)} == {"accepted"}


def test_a_target_that_never_takes_it_is_given_up_and_kept_on_record(aimed: Desk, fake: Webhook, time: Time) -> None:
    fake.wrong = "500"
    time.now = LIMIT - timedelta(hours=5)
    for _ in range(20):  # each look tries a target that fails once, and which of its warnings, chance says
        check_deadlines(aimed)
        time.move(minutes=1)
    (lost,) = [one for one in alerts(aimed) if "@" not in one.recipient]
    assert lost.state == "unknown" and SECRET not in lost.detail


def test_a_target_of_a_person_hears_what_that_person_hears(aimed: Desk, fake: Webhook, time: Time) -> None:
    only = with_settings(aimed, alarm_targets=(SecretStr(f"Deputy@example.org={fake.url}"),))
    time.now = LIMIT - timedelta(hours=35)
    check_deadlines(only)
    assert not [one for one in fake.told if "Commissioner" in one["title"]]
    time.now = LIMIT - timedelta(hours=17)
    check_deadlines(only)
    assert [one for one in fake.told if "Commissioner" in one["title"]]


def test_an_exercise_reaches_no_target(aimed: Desk, fake: Webhook, time: Time, tmp_path: Path) -> None:
    drill = start_exercise(aimed, "drill", law_as_of=time.now.date(), at=time.now, folder=tmp_path, speed=1)
    declared = declare(aimed, Declaration(title="Drill", facts=LOST_DISCS, exercise_id=drill.id))
    assess(aimed, declared.id)
    time.now = LIMIT - timedelta(hours=5)
    check_deadlines(aimed)
    assert [one for one in alerts(aimed, declared.reference) if one.state == "accepted"]
    assert not [one for one in fake.told if declared.reference in one["title"]]


def test_a_hand_over_climbs_from_whom_it_waits_for_to_the_executive(desk: Desk, time: Time) -> None:
    an_incident(desk)
    heard = []
    for _ in range(10):
        time.move(hours=1)
        check_deadlines(desk)
        heard.append({one.recipient.partition("@")[0] for one in alerts(desk, "data protection officer")})
    assert heard[3] == {"officer", "manager"}
    assert heard[5] == {"officer", "manager", "deputy"}
    assert heard[7] == {"officer", "manager", "deputy", "executive"}
