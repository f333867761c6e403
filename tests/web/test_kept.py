"""What is kept of costly answers is never older than the record it was asked of, and never lives long without one."""

from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from actions import clock
from actions.desk import Desk
from db.queries.numbers import numbers_by_kind
from tests.builders import an_incident
from web.kept import LASTS, MOST, Kept


@pytest.fixture
def ticks(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A clock that a test moves."""
    now = [100.0]
    monkeypatch.setattr(clock, "ticks", lambda: now[0])
    return now


class Counter:
    """A question that says how often it was asked, and how long that took."""

    def __init__(self, ticks: list[float], cost: float = 0.0) -> None:
        self.asked, self._ticks, self._cost = 0, ticks, cost
        self.__qualname__ = "counted"

    def __call__(self, _session: Session, _incident_id: UUID) -> int:
        self.asked += 1
        self._ticks[0] += self._cost
        return self.asked


def test_the_same_record_is_asked_once(desk: Desk, ticks: list[float]) -> None:
    incident, kept, question = an_incident(desk), Kept(), Counter(ticks)
    with desk.reading() as session:
        assert [kept.ask(session, incident.id, question) for _ in range(3)] == [1, 1, 1]


def test_a_record_that_moved_on_is_asked_anew_at_once(desk: Desk, ticks: list[float]) -> None:
    incident, kept, question = an_incident(desk), Kept(), Counter(ticks)
    with desk.reading() as session:
        kept.ask(session, incident.id, question)
    with desk.act("try", incident.id) as act:
        act.journal("something changed")
    with desk.reading() as session:
        assert kept.ask(session, incident.id, question) == 2


def test_what_moves_without_a_record_is_seen_in_seconds(desk: Desk, ticks: list[float]) -> None:
    incident, kept, question = an_incident(desk), Kept(), Counter(ticks)
    with desk.reading() as session:
        kept.ask(session, incident.id, question)
        ticks[0] += LASTS
        assert kept.ask(session, incident.id, question) == 2


def test_a_costly_answer_outlives_a_record_that_moves_each_second(desk: Desk, ticks: list[float]) -> None:
    incident, kept, question = an_incident(desk), Kept(), Counter(ticks, cost=2.0)
    for seconds, answer in ((1.0, 1), (18.0, 1), (0.0, 2)):
        with desk.reading() as session:
            assert kept.ask(session, incident.id, question) == answer
        with desk.act("try", incident.id) as act:
            act.journal("something changed")
        ticks[0] += seconds


def test_no_more_is_kept_than_fits(desk: Desk, ticks: list[float]) -> None:
    kept, question = Kept(), Counter(ticks)
    incident = an_incident(desk)
    with desk.reading() as session:
        for number in range(MOST + 1):
            kept.ask(session, UUID(int=number), question)
        asked = question.asked
        kept.ask(session, UUID(int=0), question)
        assert question.asked == asked + 1
        assert kept.ask(session, incident.id, numbers_by_kind) == {}
