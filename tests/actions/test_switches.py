"""The dead-man's switch: off until two people sign, announced twice, stopped by one, fired once, and never in an exercise."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from pydantic import ValidationError

from actions.approve_report import approve_report
from actions.assess import assess
from actions.check_deadlines import check_deadlines
from actions.decide import decide, second
from actions.declare import Declaration, declare
from actions.desk import Desk
from actions.errors import Conflict
from actions.exercise import start_exercise
from actions.file_report import file_report
from actions.filing_policy import readiness
from actions.hand_in import hand_in
from actions.hand_over import take_over
from actions.mind_switches import GAP, stop_switch
from actions.prepare_reports import prepare_reports
from db.models import Alert, Approval, Dispatch, Incident, JournalEntry, Switch
from settings.model import Settings
from tests.backup import Backup
from tests.builders import LOST_DISCS, an_incident
from tests.conftest import Time
from tests.filing import ANSWER, laid

REF, DUTY = "FW-2026-0001", "uk-p3-67-1@uk/ico"
LIMIT = datetime(2026, 11, 23, 11, tzinfo=UTC)
POLICY = "uk/ico=2;officer@example.org;executive@example.org;2026-11-01"
FIRES = LIMIT - timedelta(hours=2)


def signed(desk: Desk, **more: object) -> Desk:
    return Desk(
        desk.settings.model_copy(update={"file_by_itself": (POLICY,)} | more), desk.actor, database=desk.database
    )


@pytest.fixture
def covered(desk: Desk, officer: Desk, time: Time) -> Desk:
    """An incident with a draft to an authority that a policy covers."""
    incident = an_incident(desk)
    take_over(officer, incident.id)
    assess(desk, incident.id)
    prepare_reports(desk, incident.id)
    return signed(desk)


def watch(desk: Desk, time: Time, until: datetime, step: int = 10) -> None:
    """Look every few minutes, as the schedule does."""
    while time.now < until:
        time.move(minutes=step)
        check_deadlines(desk)


def start_at(desk: Desk, time: Time, moment: datetime) -> None:
    time.now = moment
    check_deadlines(desk)


def switch(desk: Desk) -> Switch | None:
    with desk.reading() as session:
        return session.scalars(sa.select(Switch)).first()


def sent(desk: Desk) -> list[Dispatch]:
    with desk.reading() as session:
        return list(session.scalars(sa.select(Dispatch)))


def announced(desk: Desk) -> list[Alert]:
    with desk.reading() as session:
        return list(session.scalars(sa.select(Alert).where(Alert.kind.like("switch%")).order_by(Alert.queued_at)))


def test_it_announces_itself_twice_and_then_files_the_preliminary_report_once_as_the_policys_act(
    covered: Desk, time: Time
) -> None:
    start_at(covered, time, FIRES - timedelta(hours=4, minutes=20))
    assert announced(covered) == [] and switch(covered) is None
    watch(covered, time, LIMIT - timedelta(minutes=1))
    assert sorted({one.queued_at for one in announced(covered)}) == [
        FIRES - timedelta(hours=4),
        FIRES - timedelta(hours=1),
    ]
    assert {one.recipient.partition("@")[0] for one in announced(covered)} == {
        "manager",
        "deputy",
        "executive",
        "officer",
    }
    assert "forthwith disarm FW-2026-0001 uk-p3-67-1@uk/ico" in announced(covered)[0].text
    (one,) = sent(covered)
    assert (one.asked_at, one.asked_by, one.address) == (FIRES, f"policy {POLICY}", "casework@ico.org.uk")
    hand_in(covered)
    assert len([path for path in laid(covered) if b"casework@ico.org.uk" in path.read_bytes()]) == 1
    with covered.reading() as session:
        approval = session.scalars(sa.select(Approval)).one()
        assert "officer@example.org" in approval.approved_by and "2026-11-01" in approval.approved_by
        journal = " ".join(session.scalars(sa.select(JournalEntry.body)))
        assert '"fired":true' in journal and '"preliminary":true' in journal
    fired = switch(covered)
    assert fired is not None and fired.state == "fired"
    watch(covered, time, LIMIT + timedelta(hours=1))
    assert len(sent(covered)) == 1


def test_it_is_off_until_two_people_signed(desk: Desk, covered: Desk, time: Time) -> None:
    start_at(desk, time, FIRES - timedelta(hours=5))
    watch(desk, time, LIMIT, 30)
    assert sent(desk) == [] and switch(desk) is None and announced(desk) == []


@pytest.mark.parametrize(
    "policy", ["uk/ico=2;a;a;2026-11-01", "uk/ico=2;a", "uk/ico=0;a;b;2026-11-01", "uk/ico=2;a;b", "=2;a;b;2026-11-01"]
)
def test_a_policy_without_two_people_a_time_and_a_day_is_refused(policy: str) -> None:
    with pytest.raises(ValidationError):
        Settings(file_by_itself=(policy,))


def test_one_person_stops_it_with_reasons_and_what_is_owed_stays_owed(covered: Desk, time: Time) -> None:
    start_at(covered, time, FIRES - timedelta(hours=4))
    with pytest.raises(Conflict, match="reasons"):
        stop_switch(covered, REF, DUTY, " ")
    stop_switch(covered, REF, DUTY, "We ring the authority ourselves")
    with pytest.raises(Conflict, match="stopped since"):
        stop_switch(covered, REF, DUTY, "again")
    watch(covered, time, LIMIT, 30)
    assert sent(covered) == []
    with covered.reading() as session:
        incident = session.scalars(sa.select(Incident)).one()
        (one,) = [each for each in readiness(session, covered.settings, incident) if each.about == DUTY]
        assert "stopped by manager@example.org: We ring the authority ourselves" in one.hindrance


def test_it_may_be_stopped_before_it_was_ever_announced(covered: Desk, time: Time) -> None:
    stop_switch(covered, REF, DUTY, "Not by itself")
    start_at(covered, time, FIRES - timedelta(hours=5))
    watch(covered, time, LIMIT, 30)
    assert sent(covered) == [] and announced(covered) == []


def waived(desk: Desk, officer: Desk) -> None:
    second(
        officer, REF, decide(desk, REF, "waiver", "uk-p3-67-1", "not required", "the other controller reports").number
    )


def filed(desk: Desk, officer: Desk) -> None:
    approve_report(officer, REF, 1)
    file_report(desk, REF, 1, ANSWER)


def kept_to_members(desk: Desk, officer: Desk) -> None:
    with desk.writing() as session:
        session.scalars(sa.select(Incident)).one().restricted = True


@pytest.mark.parametrize("settle", [waived, filed, kept_to_members])
@pytest.mark.parametrize("when", [timedelta(hours=-5), timedelta(hours=-2), timedelta(minutes=-1)])
def test_it_never_fires_once_it_is_filed_waived_or_restricted(
    covered: Desk, officer: Desk, time: Time, settle: object, when: timedelta
) -> None:
    start_at(covered, time, FIRES - timedelta(hours=4))
    time.now = FIRES + when if FIRES + when > time.now else time.now
    check_deadlines(covered)
    settle(covered, officer)  # type: ignore[operator]
    watch(covered, time, LIMIT, 30)
    found = switch(covered)
    assert sent(covered) == [] and (found is None or found.state == "armed")


def test_after_an_outage_it_still_announces_twice_and_leaves_a_person_time_before_it_files(
    covered: Desk, time: Time
) -> None:
    start_at(covered, time, FIRES - timedelta(hours=6))
    start_at(covered, time, FIRES + timedelta(minutes=30))
    assert sent(covered) == []
    watch(covered, time, LIMIT - timedelta(minutes=1), 1)
    (one,) = sent(covered)
    assert one.asked_at == FIRES + timedelta(minutes=30) + 2 * GAP


def test_after_the_limit_it_files_nothing_since_a_late_report_needs_a_persons_reasons(
    covered: Desk, time: Time
) -> None:
    start_at(covered, time, FIRES - timedelta(hours=6))
    start_at(covered, time, LIMIT + timedelta(minutes=1))
    watch(covered, time, LIMIT + timedelta(hours=1))
    assert sent(covered) == []


def test_where_only_a_person_can_file_it_rings_louder_and_says_so(
    covered: Desk, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("actions.filing_policy.mail_of", lambda _: "")
    start_at(covered, time, FIRES - timedelta(hours=4))
    watch(covered, time, LIMIT, 30)
    assert sent(covered) == []
    assert len({one.kind for one in announced(covered)}) == 2
    assert "CANNOT be filed by itself" in announced(covered)[0].subject
    assert "file it by hand" in announced(covered)[0].text


def test_never_in_an_exercise(covered: Desk, time: Time, tmp_path: Path) -> None:
    drill = start_exercise(covered, "drill", law_as_of=time.now.date(), at=time.now, folder=tmp_path, speed=1)
    declared = declare(covered, Declaration(title="Drill", facts=LOST_DISCS, exercise_id=drill.id))
    assess(covered, declared.id)
    prepare_reports(covered, declared.id)
    stop_switch(covered, REF, DUTY, "only the drill runs on")
    start_at(covered, time, FIRES - timedelta(hours=4))
    watch(covered, time, LIMIT, 30)
    assert sent(covered) == [] and announced(covered) == []
    with pytest.raises(Conflict):
        stop_switch(covered, declared.reference, DUTY, "there is none")


def test_a_change_of_the_policies_is_journalled_by_the_next_look_once(desk: Desk, covered: Desk, time: Time) -> None:
    for each in (desk, covered, covered, desk):
        check_deadlines(each)
    with desk.reading() as session:
        bodies = session.scalars(sa.select(JournalEntry.body).where(JournalEntry.chain == "house"))
        found = [body for body in map(json.loads, bodies) if body["act"] == "filing policies changed"]
    assert [one["details"] for one in found] == [{"before": [], "after": [POLICY]}, {"before": [POLICY], "after": []}]


def test_what_fired_before_the_database_was_put_back_is_not_filed_a_second_time(
    covered: Desk, time: Time, tmp_path: Path, server: str
) -> None:
    start_at(covered, time, FIRES - timedelta(hours=6))
    backup = Backup(covered, tmp_path, server)
    watch(covered, time, FIRES + timedelta(minutes=10), 30)
    hand_in(covered)
    backup.put_back()
    watch(covered, time, LIMIT - timedelta(minutes=1), 5)
    hand_in(covered)
    assert len([path for path in laid(covered) if b"casework@ico.org.uk" in path.read_bytes()]) == 1
    found = switch(covered)
    assert sent(covered) == [] and found is not None and found.state == "stopped"
    assert "ask the authority" in found.reasons
