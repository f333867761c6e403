"""Promise 1: a clock never stops for an internal inquiry; awareness moves later only by two people, and the first stays on view."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from actions.append_facts import Known
from actions.assess import assess
from actions.decide import decide, second
from actions.desk import Desk, find
from actions.errors import Conflict
from actions.record_facts import record_facts
from db.models import Obligation
from db.queries.facts import as_known, earliest
from rulebook.facts import BadFacts, assemble
from tests.builders import an_incident
from tests.conftest import Time

AWARE, LATER = "2026-11-20T10:00+00:00", "2026-11-20T13:00+00:00"
REF = "FW-2026-0001"


def limit(desk: Desk) -> datetime | None:
    with desk.reading() as session:
        return session.scalar(sa.select(Obligation.due_at).where(Obligation.duty == "uk-p3-67-1"))


@pytest.fixture
def owed(desk: Desk, time: Time) -> Desk:
    assess(desk, an_incident(desk).id)
    time.move(hours=5)
    return desk


def test_nothing_that_is_found_out_later_moves_the_limit(owed: Desk, time: Time) -> None:
    before = limit(owed)
    time.move(hours=30)
    record_facts(owed, REF, [Known("people.GB", 3, "inquiry"), Known("protection.recovered", True, "inquiry")])
    assess(owed, REF)
    assert before is not None and limit(owed) == before


@pytest.mark.parametrize("value", [LATER, None])
def test_awareness_is_neither_moved_later_nor_taken_back_by_recording_it(owed: Desk, value: str | None) -> None:
    with pytest.raises(Conflict, match="second person"):
        record_facts(owed, REF, [Known("events.aware", value, "inquiry")])
    with owed.reading() as session:
        assert as_known(session, find(session, REF).id)["events.aware"] == AWARE
    assert limit(owed) == datetime.fromisoformat(AWARE) + timedelta(hours=73)


def test_it_moves_later_by_reasons_and_a_second_person_and_the_first_stays_on_view(owed: Desk, officer: Desk) -> None:
    with pytest.raises(Conflict, match="reasons"):
        decide(owed, REF, "awareness_change", REF, LATER, " ")
    proposed = decide(owed, REF, "awareness_change", REF, LATER, "The first call was about another parcel.")
    assess(owed, REF)
    assert limit(owed) == datetime.fromisoformat(AWARE) + timedelta(hours=73), "proposed is not decided"
    with pytest.raises(Conflict, match="someone else"):
        second(owed, REF, proposed.number)
    second(officer, REF, proposed.number)
    assess(owed, REF)
    assert limit(owed) == datetime.fromisoformat(LATER) + timedelta(hours=73)
    with owed.reading() as session:
        assert earliest(session, proposed.incident_id, "events.aware") == datetime.fromisoformat(AWARE)


@given(st.integers(1, 10**6))
def test_awareness_is_never_before_detection(minutes: int) -> None:
    detected = datetime.fromisoformat(AWARE)
    aware = detected - timedelta(minutes=minutes)
    with pytest.raises(BadFacts, match="before detected"):
        assemble({"events.detected": detected.isoformat(), "events.aware": aware.isoformat()})
