"""Promise 4: "not required" needs a reason, a named decider and a second person, in the database too; it re-opens with its facts."""

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from actions.append_facts import Known
from actions.assess import assess
from actions.decide import decide, second
from actions.desk import Desk
from actions.errors import Conflict
from actions.record_facts import record_facts
from db.models import Decision, Obligation
from tests.builders import an_incident
from tests.conftest import Time

REF = "FW-2026-0001"


def test_one_person_alone_lifts_no_duty(desk: Desk, time: Time) -> None:
    an_incident(desk)
    assess(desk, REF)
    with pytest.raises(Conflict, match="reasons"):
        decide(desk, REF, "waiver", "uk-p3-67-1", "not required", "")
    proposal = decide(desk, REF, "waiver", "uk-p3-67-1", "not required", "someone else reported it")
    with pytest.raises(Conflict, match="someone else"):
        second(desk, REF, proposal.number)
    with desk.reading() as session:
        assert session.scalars(sa.select(Obligation.state).where(Obligation.duty == "uk-p3-67-1")).one() == "open"


def test_the_database_refuses_a_waiver_that_stands_alone(desk: Desk, time: Time) -> None:
    an_incident(desk)
    assess(desk, REF)
    decide(desk, REF, "waiver", "uk-p3-67-1", "not required", "someone else reported it")
    for wrong in (
        sa.update(Decision).values(state="stands"),
        sa.update(Decision).values(state="stands", seconded_by="manager@example.org", seconded_at=time.now),
        sa.update(Decision).values(needs_second=False),
        sa.update(Decision).values(reasons=" "),
        sa.update(Obligation).where(Obligation.duty == "uk-p3-67-1").values(state="waived"),
    ):
        with pytest.raises(IntegrityError), desk.writing() as session:
            session.execute(wrong)


@pytest.mark.parametrize("changed", [("people.GB", 16), ("protection.encrypted", None), ("kinds", ["victim"])])
def test_it_re_opens_with_any_fact_that_it_rested_on(
    desk: Desk, officer: Desk, time: Time, changed: tuple[str, object]
) -> None:
    an_incident(desk)
    assess(desk, REF)
    second(officer, REF, decide(desk, REF, "waiver", "uk-p3-67-1", "not required", "someone else reported it").number)
    record_facts(desk, REF, [Known(*changed, "a second look")])
    with desk.reading() as session:
        assert session.scalars(sa.select(Obligation.state).where(Obligation.duty == "uk-p3-67-1")).one() == "open"
        assert session.scalars(sa.select(Decision.state)).one() == "reopened"
