"""Decisions carry reasons, grave ones a second person, and re-open when what they rested on changes."""

import pytest
import sqlalchemy as sa

from actions.append_facts import Known
from actions.assess import assess
from actions.decide import decide, second
from actions.desk import Desk
from actions.errors import Conflict
from actions.record_facts import record_facts
from db.models import Decision, HandOver, Obligation
from db.queries.facts import as_known
from tests.builders import an_incident
from tests.conftest import Time


def state_of(desk: Desk, number: int) -> str:
    with desk.reading() as session:
        return session.scalars(sa.select(Decision.state).where(Decision.number == number)).one()


def obligation(desk: Desk, duty: str) -> Obligation:
    with desk.reading() as session:
        return session.scalars(sa.select(Obligation).where(Obligation.duty == duty)).one()


def test_a_decision_without_reasons_is_refused(desk: Desk, time: Time) -> None:
    incident = an_incident(desk, risk=None)
    with pytest.raises(Conflict, match="reasons"):
        decide(desk, incident.id, "risk", "risk", "high", "  ")


def test_a_high_risk_is_one_persons_decision_and_starts_the_peoples_clock(desk: Desk, time: Time) -> None:
    incident = an_incident(desk, risk=None)
    decide(desk, incident.id, "risk", "risk", "high", "children's interviews")
    with desk.reading() as session:
        facts = as_known(session, incident.id)
    assert facts["risk"] == "high"
    assert facts["events.high_risk_determined"] == time.now.isoformat()


def test_that_nothing_need_be_told_takes_two_people(desk: Desk, officer: Desk, time: Time) -> None:
    incident = an_incident(desk, risk=None)
    decision = decide(desk, incident.id, "risk", "risk", "unlikely", "encrypted, key safe")
    with desk.reading() as session:
        assert as_known(session, incident.id).get("risk") is None
    second(officer, incident.id, decision.number)
    with desk.reading() as session:
        assert as_known(session, incident.id)["risk"] == "unlikely"


def test_a_lowered_risk_re_opens_when_the_facts_it_rested_on_change(desk: Desk, officer: Desk, time: Time) -> None:
    incident = an_incident(desk, risk=None, protection__encrypted=True, protection__key_compromised=False)
    second(officer, incident.id, decide(desk, incident.id, "risk", "risk", "unlikely", "encrypted, key safe").number)
    record_facts(desk, incident.id, [Known("protection.key_compromised", True, "the key was on a note in the bag")])
    assert state_of(desk, 1) == "reopened"
    with desk.reading() as session:
        assert as_known(session, incident.id)["risk"] == "unknown", "nobody may go on relying on it"


def test_a_waived_duty_is_owed_again_when_its_facts_change(desk: Desk, officer: Desk, time: Time) -> None:
    incident = an_incident(desk)
    assess(desk, incident.id)
    decision = decide(desk, incident.id, "waiver", "uk-p3-67-1", "not required", "reported by the other controller")
    assert obligation(desk, "uk-p3-67-1").state == "open", "a proposal changes nothing"
    second(officer, incident.id, decision.number)
    assert obligation(desk, "uk-p3-67-1").state == "waived"
    record_facts(desk, incident.id, [Known("people.GB", 16, "one more disc")])
    assert obligation(desk, "uk-p3-67-1").state == "open"


def test_a_refused_proposal_leaves_everything_as_it_was(desk: Desk, officer: Desk, time: Time) -> None:
    incident = an_incident(desk, risk=None)
    decision = decide(desk, incident.id, "risk", "risk", "unlikely", "looks fine")
    second(officer, incident.id, decision.number, agree=False, because="nobody has looked at the discs")
    assert state_of(desk, 1) == "refused"
    with pytest.raises(Conflict, match="not waiting"):
        second(officer, incident.id, decision.number)


def test_one_question_waits_for_one_second_person_at_a_time(desk: Desk, time: Time) -> None:
    incident = an_incident(desk, risk=None)
    decide(desk, incident.id, "risk", "risk", "unlikely", "looks fine")
    with pytest.raises(Conflict, match="Decision 1"):
        decide(desk, incident.id, "risk", "risk", "high", "looks bad")


def test_the_decision_ends_its_hand_over_and_begins_the_next(desk: Desk, time: Time) -> None:
    incident = an_incident(desk, risk=None)
    time.move(hours=2)
    decide(desk, incident.id, "risk", "risk", "high", "children's interviews")
    with desk.reading() as session:
        hops = {row.hop: row for row in session.scalars(sa.select(HandOver))}
    assert hops["dpo_to_decision"].taken_at == time.now
    assert hops["decision_to_approval"].given_at == time.now
