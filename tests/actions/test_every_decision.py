"""Every kind of decision has reasons, a decider, the second person that it needs, the facts it rested on, and its journal entry."""

from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import sqlalchemy as sa

from actions import clock
from actions.append_facts import Known
from actions.decide import decide, second
from actions.desk import Desk
from actions.errors import Conflict
from actions.hold_back import Terms, hold_back
from actions.record_facts import record_facts
from db.models import Decision, JournalEntry, Task
from db.models.decision import DECISION_KINDS, NEEDS_SECOND
from db.queries.balance import balance
from db.queries.facts import as_known
from tests.conftest import Time
from tests.ledger import an_incident_with, customers, drafted

REF = "FW-2026-0001"
WHY = "The contract says so."


class Kind(NamedTuple):
    """How a decision of one kind is put, whether it takes two, and whether it re-opens."""

    about: str
    choice: Any
    two: bool
    reopens: bool = True


TABLE = {
    "risk": Kind(REF, "unlikely", two=True),
    "awareness_change": Kind(REF, "2026-11-20T10:45+00:00", two=True),
    "waiver": Kind("uk-p3-67-1", "not_required", two=True),
    "exemption": Kind("people 1", "exempt", two=True),
    "narrowing": Kind("people 1-2", "not_affected", two=True),
    "second_copy": Kind("wave 1", "other_way", two=False, reopens=False),
    "substitute_notice": Kind("people 1", "a notice in the newspaper", two=False),
    "release": Kind("person 4", "visit", two=True),
    "law_enforcement_restriction": Kind("hold 1", "held back", two=True),
    "close": Kind(REF, "close", two=False, reopens=False),
}
CHANGED = {
    "awareness_change": Known("events.detected", "2026-11-20T09:00+00:00", "a mail was found"),
    "": Known("people.GB", 16, "one more disc"),
}


@pytest.fixture
def house(desk: Desk, tmp_path: Path, time: Time) -> Desk:
    """An incident with three customers and a victim on its ledger, and waves drafted."""
    rows = [*customers(3), {"reference": "V1", "kind": "victim"}]
    drafted(desk, an_incident_with(desk, tmp_path, rows, kinds=["customer", "victim"]))
    return desk


def proposed(desk: Desk, kind: str, reasons: str = WHY) -> Decision:
    """Decide by the table. A restriction is put with its ground and extent; the house closes by an act of its own."""
    if kind == "law_enforcement_restriction":
        terms = Terms(
            "uk-68-7-a", "Only these, only until then.", reasons, clock.now() + timedelta(days=7), people=(1,)
        )
        hold_back(desk, REF, terms)
        return latest(desk)
    until = clock.now() + timedelta(days=7) if kind == "release" else None
    return decide(desk, REF, kind, TABLE[kind].about, TABLE[kind].choice, reasons, review_at=until)


def journalled(desk: Desk, made: Decision) -> bool:
    """Whether an entry of the journal says what was decided and why."""
    with desk.reading() as session:
        entries = session.scalars(sa.select(JournalEntry.body)).all()
    return any(f'"subject":"decision {made.number}"' in str(one) and WHY in str(one) for one in entries)


def latest(desk: Desk) -> Decision:
    with desk.reading() as session:
        return session.scalars(sa.select(Decision).order_by(Decision.number.desc()).limit(1)).one()


def test_the_table_knows_every_kind_and_who_needs_a_second_person() -> None:
    assert set(TABLE) == set(DECISION_KINDS)
    assert {kind for kind, row in TABLE.items() if row.two} == {*NEEDS_SECOND, "risk"}


@pytest.mark.parametrize("kind", TABLE)
def test_each_kind_keeps_its_promises(house: Desk, officer: Desk, kind: str) -> None:
    row = TABLE[kind]
    with pytest.raises(Conflict, match="reasons"):
        proposed(house, kind, "  ")
    made = proposed(house, kind)
    assert (made.reasons, made.decided_by, made.needs_second) == (WHY, house.actor, row.two)
    assert made.rests_on, "the facts of the moment are kept"
    assert made.state == ("proposed" if row.two else "stands")
    if row.two:
        with pytest.raises(Conflict, match="is yours"):
            second(house, REF, made.number)
        second(officer, REF, made.number)
    assert journalled(house, made)
    record_facts(house, REF, [CHANGED.get(kind, CHANGED[""])])
    with house.reading() as session:
        after = session.get_one(Decision, made.id)
        asked = session.scalars(sa.select(Task.key).where(Task.kind == "decide", Task.state == "open")).all()
    assert after.state == ("reopened" if row.reopens else "stands")
    if row.reopens and kind != "risk":
        assert f"again:{made.id}" in asked, "someone is asked to decide again"


def test_people_who_are_not_affected_after_all_stay_in_the_count_and_wait_again_when_facts_change(
    house: Desk, officer: Desk
) -> None:
    made = proposed(house, "narrowing")
    second(officer, REF, made.number)
    with house.reading() as session:
        numbers = balance(session, made.incident_id).as_json()
        keys = session.scalars(sa.select(Task.key).where(Task.state == "open")).all()
    assert (numbers["affected"], numbers["exempt"], numbers["pending"]) == (4, 2, 2)
    assert f"narrowed:{made.id}" in keys
    record_facts(house, REF, [CHANGED[""]])
    with house.reading() as session:
        assert balance(session, made.incident_id).as_json()["pending"] == 4


def test_a_later_awareness_falls_back_when_what_it_rested_on_changes(house: Desk, officer: Desk) -> None:
    made = proposed(house, "awareness_change")
    second(officer, REF, made.number)
    with house.reading() as session:
        assert as_known(session, made.incident_id)["events.aware"].startswith("2026-11-20T10:45")
    record_facts(house, REF, [CHANGED[""]])
    with house.reading() as session:
        assert session.get_one(Decision, made.id).state == "stands", "how many people there are says nothing of when"
    record_facts(house, REF, [CHANGED["awareness_change"]])
    with house.reading() as session:
        assert as_known(session, made.incident_id)["events.aware"].startswith("2026-11-20T10:00")
    again = proposed(house, "awareness_change")
    second(officer, REF, again.number)
    with house.reading() as session:
        asked = session.scalars(sa.select(Task.state).where(Task.key == f"again:{made.id}")).one()
    assert asked == "done"
