"""Promise 5: an incident cannot close with a duty, a follow-up, a containment or a person left undecided or undone."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from actions.close import close
from actions.contain import contain
from actions.decide import decide, second
from actions.desk import Desk, find
from actions.end_task import end_task, verify_task
from actions.errors import Conflict
from actions.hand_over import take_over
from db.models import Incident, Obligation, Task
from db.queries.balance import Balance, balance
from db.queries.blockers import blockers
from tests.conftest import OFFICER
from tests.ledger import an_incident_with, customers

REF = "FW-2026-0001"


@pytest.fixture
def under_way(desk: Desk, tmp_path: Path) -> Desk:
    incident = an_incident_with(desk, tmp_path, customers(3))
    contain(desk, incident.id)
    return desk


def standing(desk: Desk) -> str:
    with desk.reading() as session:
        return "\n".join(blockers(session, find(session, REF)))


def settle(desk: Desk, *, but: str) -> None:
    """Do everything that stands in the way, but one kind of it."""
    other = desk.acting_as(OFFICER)
    if but != "officer":
        take_over(other, REF)
    if but != "duties":
        for duty in _rows(desk, sa.select(Obligation.duty).where(Obligation.state == "open")):
            second(other, REF, decide(desk, REF, "waiver", duty, "not_required", "No longer.").number)
    if but != "people":
        second(other, REF, decide(desk, REF, "exemption", "people 1-3", "exempt", "The data was unreadable.").number)
    for number in _rows(desk, sa.select(Task.number).where(Task.state == "open")):
        if but != "tasks":
            end_task(desk, REF, number, "done")
    for number in _rows(desk, sa.select(Task.number).where(Task.state == "done", Task.kind == "containment")):
        if but not in ("verification", "tasks"):
            verify_task(other, REF, number, "looked")


def _rows(desk: Desk, query: sa.Select[tuple[str]] | sa.Select[tuple[int]]) -> list[str | int]:
    with desk.reading() as session:
        return list(session.scalars(query))


@pytest.mark.parametrize(
    ("left", "says"),
    [
        ("officer", "data protection officer"),
        ("duties", "is owed and neither met nor waived"),
        ("tasks", "is open"),
        ("verification", "not verified"),
        ("people", "not accounted for"),
    ],
)
def test_one_thing_left_undone_keeps_it_open_and_is_named(under_way: Desk, left: str, says: str) -> None:
    settle(under_way, but=left)
    with pytest.raises(Conflict, match=says):
        close(under_way, REF, "done")
    with under_way.reading() as session:
        assert session.scalars(sa.select(Incident.closed_at)).one() is None


def test_with_nothing_left_it_closes_and_its_record_stays(under_way: Desk) -> None:
    settle(under_way, but="nothing")
    assert "undecided" in standing(under_way) or standing(under_way) == ""
    for duty, missing in _undecided(under_way):
        assert missing, duty


def _undecided(desk: Desk) -> list[tuple[str, list[str]]]:
    with desk.reading() as session:
        rows = session.execute(
            sa.select(Obligation.duty, Obligation.missing_facts).where(
                Obligation.state == "watching", Obligation.answer == "unknown"
            )
        )
        return [(duty, missing) for duty, missing in rows]


def test_a_closed_incident_takes_no_further_act(under_way: Desk) -> None:
    with under_way.writing() as session:
        session.execute(sa.update(Incident).values(closed_at=Incident.declared_at, closed_by="x"))
    with pytest.raises(Conflict, match="is closed"):
        contain(under_way, REF)


PEOPLE = st.frozensets(st.uuids(), max_size=8)


@given(st.lists(PEOPLE, min_size=5, max_size=5))
def test_everyone_affected_is_counted_once_and_nobody_is_lost(sets: list[frozenset[object]]) -> None:
    """The balance is over people, not over counters: whoever is in no set is pending."""
    affected, told, substitute, exempt, unreachable = sets
    pending = Balance(affected, told, substitute, exempt, unreachable).pending  # type: ignore[arg-type]
    assert pending == {one for one in affected if not any(one in group for group in sets[1:])}


def test_the_numbers_of_a_real_ledger_add_up(under_way: Desk) -> None:
    settle(under_way, but="people")
    with under_way.reading() as session:
        numbers = balance(session, find(session, REF).id).as_json()
    assert numbers.pop("affected") == sum(numbers.values()) == 3
