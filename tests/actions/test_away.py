"""Whoever is away is stood in for; a gate that nobody takes passes down; and two people remain two minds."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from actions.approve_report import approve_report
from actions.assess import assess
from actions.away import away, back
from actions.decide import decide, second
from actions.desk import Desk
from actions.errors import Conflict
from actions.hand_over import give, take_over
from actions.pass_gate import pass_gate
from actions.prepare_reports import prepare_reports
from db.models import HandOver, Incident
from db.queries.absences import stands_in, stands_in_for, with_delegates
from db.queries.waiting import waits_for
from tests.builders import an_incident
from tests.conftest import MANAGER, OFFICER, Time

REF = "FW-2026-0001"
STAND, THIRD = "stand@example.org", "third@example.org"


def leaves(desk: Desk, time: Time, name: str, delegate: str, days: float = 3) -> None:
    away(desk, name, delegate, time.now + timedelta(days=days))


def test_whoever_is_away_is_stood_in_for_until_they_are_back(desk: Desk, time: Time) -> None:
    leaves(desk, time, MANAGER, STAND)
    leaves(desk, time, STAND, THIRD, days=1)
    with desk.reading() as session:
        assert stands_in(session, MANAGER, time.now) == THIRD, "the delegate is away too"
        assert stands_in_for(session, THIRD, time.now) == {MANAGER, STAND}
        assert stands_in(session, OFFICER, time.now) == OFFICER
        assert stands_in(session, MANAGER, time.now + timedelta(days=2)) == STAND
        assert stands_in(session, MANAGER, time.now + timedelta(days=3)) == MANAGER
    assert back(desk, MANAGER) == 1
    with desk.reading() as session:
        assert stands_in(session, MANAGER, time.now) == MANAGER


def test_two_who_stand_in_for_each_other_are_nobody(desk: Desk, time: Time) -> None:
    leaves(desk, time, MANAGER, STAND)
    leaves(desk, time, STAND, MANAGER)
    with desk.reading() as session:
        assert stands_in(session, MANAGER, time.now) == ""
        assert stands_in_for(session, MANAGER, time.now) == set()


def test_an_absence_that_cannot_be_is_refused(desk: Desk, time: Time) -> None:
    until = time.now + timedelta(days=1)
    for name, delegate, end, says in (
        (MANAGER, MANAGER, until, "themselves"),
        (MANAGER, " ", until, "stands in"),
        (MANAGER, STAND, time.now, "ends after"),
        (MANAGER, STAND, until.replace(tzinfo=None), "offset"),
    ):
        with pytest.raises(Conflict, match=says):
            away(desk, name, delegate, end)
    away(desk, MANAGER, STAND, until)
    with pytest.raises(Conflict, match="already"):
        away(desk, MANAGER, THIRD, until + timedelta(days=1))
    with pytest.raises(Conflict, match="not away"):
        back(desk, OFFICER)


def test_a_delegate_acknowledges_for_the_officer_and_nobody_else_does(desk: Desk, time: Time) -> None:
    an_incident(desk)
    with pytest.raises(Conflict, match="only they"):
        take_over(desk.acting_as(STAND), REF)
    leaves(desk, time, OFFICER, STAND)
    assert take_over(desk.acting_as(STAND), REF).taken_by == STAND


def test_a_delegate_approves_and_confirms_nothing_of_whoever_they_stand_in_for(desk: Desk, time: Time) -> None:
    an_incident(desk, risk="risk", story__what_happened="A parcel was lost.")
    assess(desk, REF)
    prepare_reports(desk, REF)
    made = decide(desk, REF, "risk", REF, "unlikely", "It was found.")
    leaves(desk, time, MANAGER, STAND)
    with pytest.raises(Conflict, match="third person"):
        approve_report(desk.acting_as(STAND), REF, 1)
    with pytest.raises(Conflict, match="third person"):
        second(desk.acting_as(STAND), REF, made.number)
    approve_report(desk.acting_as(THIRD), REF, 1)
    back(desk, MANAGER)
    second(desk.acting_as(STAND), REF, made.number)


def test_a_gate_that_nobody_takes_passes_down_and_never_to_who_wrote_it(desk: Desk, time: Time) -> None:
    an_incident(desk, story__what_happened="A parcel was lost.")
    with desk.act("give", REF) as act:
        give(act, "decision_to_approval", act.incident.owner)
        act.incident.executive = MANAGER  # who wrote the story
    with desk.act("pass", REF) as act:
        hop = act.session.scalars(sa.select(HandOver).where(HandOver.hop == "decision_to_approval")).one()
        assert pass_gate(act, hop, 1) == "", "the first step warns only"
        assert pass_gate(act, hop, 2) == "deputy@example.org" == hop.to
        assert pass_gate(act, hop, 3) == "", "the executive wrote it, and the deputy has it"
    leaves(desk, time, "deputy@example.org", STAND)
    with desk.act("pass", REF) as act:
        hop = act.session.scalars(sa.select(HandOver).where(HandOver.hop == "decision_to_approval")).one()
        assert pass_gate(act, hop, 3) == STAND
        assert with_delegates(act.session, ["deputy@example.org", OFFICER], time.now) == [
            "deputy@example.org",
            STAND,
            OFFICER,
        ]


def test_what_waits_for_someone_away_names_who_acts_for_them(desk: Desk, time: Time) -> None:
    declared = an_incident(desk)
    leaves(desk, time, OFFICER, STAND)

    def waited_on() -> set[str]:
        with desk.reading() as session:
            return {one.on for one in waits_for(session, session.get_one(Incident, declared.id), time.now)}

    assert f"{STAND}, for {OFFICER} who is away" in waited_on() and OFFICER not in waited_on()
    leaves(desk, time, STAND, OFFICER)
    assert f"{OFFICER}, who is away like whoever stands in" in waited_on()
    back(desk, OFFICER)
    assert OFFICER in waited_on()
