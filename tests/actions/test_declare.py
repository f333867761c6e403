"""Declaring: everything an incident needs is there at once, or nothing is."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from actions.declare import Declaration, declare
from actions.desk import Desk
from actions.errors import Conflict
from actions.hand_over import take_over
from db.models import Fact, HandOver, Incident, IncidentKey, JournalEntry, Trigger
from db.queries.journal import verify_all
from tests.builders import LOST_DISCS, an_incident
from tests.conftest import Time


def test_an_incident_begins_with_its_key_facts_hand_overs_journal_and_a_wish_for_a_run(desk: Desk, time: Time) -> None:
    made = an_incident(desk)
    with desk.reading() as session:
        assert session.get(IncidentKey, made.id) is not None
        assert session.scalar(sa.select(sa.func.count()).select_from(Fact)) >= len(LOST_DISCS)
        assert set(session.scalars(sa.select(HandOver.hop))) == {"finder_to_manager", "manager_to_dpo"}
        assert session.scalars(sa.select(Trigger.flow)).all() == ["respond"]
        assert all(verdict.sound for verdict in verify_all(session))


@pytest.mark.parametrize(
    ("title", "facts", "says"),
    [
        (" ", {}, "needs a title"),
        ("x", {"events.aware": "2026-11-20T10:00"}, "offset"),
        (
            "x",
            {"events.detected": "2026-11-20T10:00+00:00", "events.aware": "2026-11-20T09:00+00:00"},
            "before detected",
        ),
        ("x", {"kinds": ["dragon"]}, "dragon"),
    ],
)
def test_a_declaration_that_cannot_stand_leaves_nothing_behind(
    desk: Desk, time: Time, title: str, facts: dict[str, object], says: str
) -> None:
    with pytest.raises(Conflict, match=says):
        declare(desk, Declaration(title, facts))
    with desk.reading() as session:
        for table in (Incident, Fact, HandOver, IncidentKey, Trigger):
            assert session.scalar(sa.select(sa.func.count()).select_from(table)) == 0
        assert (
            session.scalar(sa.select(sa.func.count()).select_from(JournalEntry).where(JournalEntry.chain != "house"))
            == 0
        )


def test_references_follow_each_other_when_many_declare_at_once(desk: Desk) -> None:
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda number: an_incident(desk, f"Incident {number}").reference, range(8)))
    assert sorted(one[-4:] for one in made) == [f"{number:04d}" for number in range(1, 9)]


def test_the_officer_alone_acknowledges_and_once(desk: Desk, officer: Desk, time: Time) -> None:
    made = an_incident(desk)
    with pytest.raises(Conflict, match="only they can acknowledge"):
        take_over(desk, made.id)
    time.move(minutes=30)
    assert take_over(officer, made.id).taken_at == time.now
    with pytest.raises(Conflict, match="taken already"):
        take_over(officer, made.id)


def test_the_finders_delay_is_on_record(desk: Desk, time: Time) -> None:
    an_incident(desk)
    with desk.reading() as session:
        first = session.scalars(sa.select(HandOver).where(HandOver.hop == "finder_to_manager")).one()
    assert first.taken_at is not None and (first.taken_at - first.given_at).total_seconds() == 3600
