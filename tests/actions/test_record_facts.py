"""Facts are appended, checked against each other, and asked for as of any moment."""

from datetime import datetime

import pytest

from actions.append_facts import Known
from actions.decide import decide, second
from actions.desk import Desk
from actions.errors import Conflict
from actions.record_facts import record_facts
from db.queries.facts import as_known, history
from tests.builders import an_incident
from tests.conftest import Time


def known(desk: Desk, incident: object, at: datetime | None = None) -> dict[str, object]:
    with desk.reading() as session:
        return as_known(session, incident.id, at)  # type: ignore[attr-defined]


def test_what_was_known_at_an_hour_is_not_changed_by_what_came_later(desk: Desk, time: Time) -> None:
    incident = an_incident(desk)
    then = time.now
    time.move(hours=5)
    record_facts(desk, incident.id, [Known("people.GB", 43, "second count")])
    assert known(desk, incident, then)["people.GB"] == 15
    assert known(desk, incident)["people.GB"] == 43


def test_the_same_fact_said_again_is_not_written_again(desk: Desk, time: Time) -> None:
    incident = an_incident(desk)
    assert record_facts(desk, incident.id, [Known("people.GB", 15, "again")]) == []
    with desk.reading() as session:
        assert len(history(session, incident.id, "people.GB")) == 1


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("people.XX", 3, "XX"),
        ("dta", ["name"], "did you mean data"),
        ("story.what_hapened", "x", "did you mean story.what_happened"),
        ("story.records", -1, "whole number"),
        ("story.consequences", "one", "list of texts"),
        ("events.detected", "2026-11-20T10:00", "offset"),
        ("risk", "enormous", "risk"),
    ],
)
def test_a_fact_that_cannot_be_is_refused_in_one_sentence_and_nothing_is_written(
    desk: Desk, time: Time, name: str, value: object, says: str
) -> None:
    incident = an_incident(desk)
    before = known(desk, incident)
    with pytest.raises(Conflict, match=says):
        record_facts(desk, incident.id, [Known("story.how", "It fell.", "test"), Known(name, value, "test")])
    assert known(desk, incident) == before


def test_nothing_is_known_before_it_happens(desk: Desk, time: Time) -> None:
    incident = an_incident(desk)
    with pytest.raises(Conflict, match="future"):
        record_facts(desk, incident.id, [Known("story.how", "It fell.", "test", known_at=time.now.replace(year=2027))])


def test_awareness_moves_earlier_freely_and_later_only_by_two_people(desk: Desk, officer: Desk, time: Time) -> None:
    incident = an_incident(desk, events__detected="2026-11-19T09:00+00:00")
    record_facts(desk, incident.id, [Known("events.aware", "2026-11-20T08:00+00:00", "log")])
    with pytest.raises(Conflict, match="second person"):
        record_facts(desk, incident.id, [Known("events.aware", "2026-11-20T09:00+00:00", "wish")])
    decision = decide(
        desk, incident.id, "awareness_change", "events.aware", "2026-11-20T09:30+00:00", "the log was misread"
    )
    assert known(desk, incident)["events.aware"] == "2026-11-20T08:00+00:00"
    with pytest.raises(Conflict, match="someone else"):
        second(desk, incident.id, decision.number)
    second(officer, incident.id, decision.number)
    assert known(desk, incident)["events.aware"] == "2026-11-20T09:30+00:00"
    with desk.reading() as session:
        told = [fact.value for fact in history(session, incident.id, "events.aware")]
    assert min(told) == "2026-11-20T08:00+00:00", "the earliest defensible awareness stays on record"


def test_awareness_is_never_before_detection(desk: Desk, time: Time) -> None:
    incident = an_incident(desk)
    with pytest.raises(Conflict, match="before detected"):
        record_facts(desk, incident.id, [Known("events.aware", "2026-11-20T09:59+00:00", "wish")])
