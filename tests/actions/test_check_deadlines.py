"""The watch: what is due is told once, what was missed is caught up, and it says how late it was."""

from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy

import pytest
import sqlalchemy as sa

from actions import check_deadlines as watch
from actions.assess import assess
from actions.check_deadlines import check_deadlines
from actions.decide import decide, second
from actions.desk import Desk
from actions.hand_over import take_over
from actions.plan_rungs import AGAIN
from actions.triggers import PATIENCE, RUN_PATIENCE, mark_started
from db.models import Alert, JournalEntry, Obligation, Rung, Trigger
from tests.builders import an_incident
from tests.conftest import Time


@pytest.fixture
def watched(desk: Desk, officer: Desk, time: Time) -> Desk:
    """An incident whose officer knows of it, assessed, with a first look of the watch."""
    incident = an_incident(desk)
    take_over(officer, incident.id)
    assess(desk, incident.id)
    check_deadlines(desk)
    return desk


REF = "FW-2026-0001"


def rungs(desk: Desk, duty: str = "uk-p3-67-1") -> dict[str, Rung]:
    with desk.reading() as session:
        mine = sa.select(Rung).join(Obligation, Obligation.id == Rung.subject_id).where(Obligation.duty == duty)
        return {rung.rung: rung for rung in session.scalars(mine) if AGAIN not in rung.rung}


def alerts(desk: Desk) -> list[Alert]:
    with desk.reading() as session:
        return list(session.scalars(sa.select(Alert).order_by(Alert.queued_at)))


def test_nothing_due_tells_nobody(watched: Desk) -> None:
    assert check_deadlines(watched).told == 0
    assert alerts(watched) == []


def test_each_rung_is_told_once_however_often_the_watch_looks(watched: Desk, time: Time) -> None:
    time.now = datetime(2026, 11, 21, 23, 0, tzinfo=UTC)
    first = check_deadlines(watched)
    told = len(alerts(watched))
    assert first.told > 0 and told > 0
    for _ in range(3):
        assert check_deadlines(watched).told == 0
    assert len(alerts(watched)) == told


def test_the_message_has_the_limit_in_the_authoritys_zone_and_what_to_do(watched: Desk, time: Time) -> None:
    time.now = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
    check_deadlines(watched)
    folder = watched.settings.outbox_folder / "email"
    letters = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in folder.glob("*.eml")]
    about = [letter for letter in letters if "Commissioner" in letter["subject"]]
    assert {letter["to"] for letter in about} >= {"manager@example.org", "deputy@example.org"}
    text = about[0].get_content()
    assert "23 November 2026" in text and "11:00" in text and "What to do next" in text


def test_two_days_without_a_check_lose_nothing_and_are_said_aloud(watched: Desk, time: Time) -> None:
    time.now = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    check_deadlines(watched)
    ladder = rungs(watched)
    assert all(rung.told_at == time.now for rung in ladder.values())
    assert [name for name, rung in ladder.items() if rung.outcome == "told"] == ["100%"]
    assert all("overtaken" in rung.outcome for name, rung in ladder.items() if name != "100%")
    with watched.reading() as session:
        due = session.scalars(sa.select(Obligation).where(Obligation.duty == "uk-p3-67-1")).one()
        assert due.overdue_at == due.due_at
        house = " ".join(session.scalars(sa.select(JournalEntry.body).where(JournalEntry.chain == "house")))
    assert "check was silent" in house and "silent_seconds" in house


def test_an_overdue_alarm_reaches_the_executive(watched: Desk, time: Time) -> None:
    time.now = datetime(2026, 11, 23, 11, 1, tzinfo=UTC)
    check_deadlines(watched)
    overdue = {alert.recipient for alert in alerts(watched) if "OVERDUE" in alert.subject}
    assert overdue >= {"manager@example.org", "deputy@example.org", "executive@example.org", "officer@example.org"}


def test_what_is_no_longer_owed_is_not_told(watched: Desk, officer: Desk, time: Time) -> None:
    second(
        officer,
        REF,
        decide(watched, REF, "waiver", "uk-p3-67-1", "not required", "reported by the other controller").number,
    )
    time.now = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    check_deadlines(watched)
    assert {rung.outcome for rung in rungs(watched).values()} == {"no longer owed"}
    assert not [alert for alert in alerts(watched) if "Commissioner" in alert.subject]


def test_a_hand_over_that_nobody_takes_is_told(desk: Desk, time: Time) -> None:
    an_incident(desk)
    time.move(hours=desk.settings.hand_over_target_hours, minutes=1)
    check_deadlines(desk)
    assert any("data protection officer" in alert.subject for alert in alerts(desk))


def test_a_trigger_that_no_door_asked_for_is_asked_for_by_the_watch(desk: Desk, time: Time) -> None:
    an_incident(desk)
    assert check_deadlines(desk).to_start == ()
    time.move(seconds=PATIENCE.total_seconds() + 1)
    (wish,) = check_deadlines(desk).to_start
    assert wish.flow == "respond" and wish.key.endswith(":declared:0")
    mark_started(desk, wish.id, "run-1")
    assert check_deadlines(desk).to_start == ()
    time.move(seconds=RUN_PATIENCE.total_seconds() + 1)
    (again,) = check_deadlines(desk).to_start
    assert again.key.endswith(":declared:1"), "a run that never ended is asked for again under a key of its own"


def test_a_clock_that_jumps_back_tells_nothing_twice(watched: Desk, time: Time) -> None:
    time.now = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    check_deadlines(watched)
    told = len(alerts(watched))
    time.now -= timedelta(days=2)
    check_deadlines(watched)
    time.now += timedelta(days=2)
    check_deadlines(watched)
    assert len(alerts(watched)) == told


def test_an_incident_that_cannot_be_checked_does_not_silence_the_others(
    watched: Desk, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    second_one = an_incident(watched, "Another")
    assess(watched, second_one.id)
    real = watch.escalate

    def broken(desk: Desk, incident_id: object, *more: object) -> int:
        if incident_id == second_one.id:
            raise RuntimeError("this one is broken")
        return real(desk, incident_id, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(watch, "escalate", broken)
    time.now = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
    with pytest.raises(ExceptionGroup):
        check_deadlines(watched)
    assert all(
        rung.told_at
        for rung in rungs(watched).values()
        if rung.fires_at <= time.now and rung.incident_id != second_one.id
    )


def test_wishes_for_the_same_run_are_one_until_it_starts(desk: Desk, time: Time) -> None:
    incident = an_incident(desk)
    with desk.act("a", incident.id) as act:
        act.ask_for("respond", "a")
    with desk.act("b", incident.id) as act:
        act.ask_for("respond", "b")
    with desk.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Trigger)) == 1


def test_a_duty_that_nobody_has_settled_is_told_like_one_that_is_owed(desk: Desk, officer: Desk, time: Time) -> None:
    an_incident(desk, risk=None)
    take_over(officer, REF)
    assess(desk, REF)
    time.now = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
    check_deadlines(desk)
    assert any(
        alert.subject.endswith("Undecided: Report the breach to the Information Commissioner") for alert in alerts(desk)
    )
