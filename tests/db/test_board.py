"""The front page's order: along an index over limits, or by asking each incident; both give the same, and read little."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given
from hypothesis import settings as how
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from db.models import Incident, Person
from db.queries import board
from db.queries.balance import among
from db.queries.board import Wanted, by_incident, by_limit
from db.queries.mine import given_to, nearest_drafts
from db.session import Database, reading
from tests.db.world import INCIDENT, NOW, an_id, fill, insert, valid

STATES = (("open", "applies"), ("watching", "unknown"), ("watching", "does_not_apply"), ("met", "applies"))
DUTY = st.tuples(st.sampled_from(STATES), st.sampled_from((None, 0, 1, 2)))
INCIDENTS = st.lists(st.tuples(st.lists(DUTY, max_size=4), st.integers(0, 2), st.booleans()), max_size=7)
ALL = (Incident.closed_at.is_(None), Incident.restricted.is_(False))


def put_in(
    connection: sa.Connection, number: int, duties: list[tuple[tuple[str, str], int | None]], **said: object
) -> None:
    incident_id = an_id(500 + number)
    insert(connection, "incidents", valid("incidents", id=incident_id, reference=f"FW-2026-1{number:03d}", **said))
    for place, ((state, answer), hours) in enumerate(duties):
        limit = None if hours is None else NOW + timedelta(hours=hours)
        met = {"met_at": NOW, "late": False} if state == "met" else {}
        of = {"id": an_id(10_000 + 100 * number + place), "incident_id": incident_id, "duty": f"duty-{place}"}
        insert(connection, "obligations", valid("obligations", state=state, answer=answer, due_at=limit, **of, **met))


@how(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(incidents=INCIDENTS, page=st.integers(1, 4))
def test_both_ways_to_a_page_give_the_same_incidents_in_the_same_order(
    database_url: str, incidents: list[tuple[list[tuple[tuple[str, str], int | None]], int, bool]], page: int
) -> None:
    database = Database(database_url)
    try:
        with database.engine.connect() as connection, connection.begin() as act, pytest.MonkeyPatch.context() as patch:
            fill(connection)
            for number, (duties, days, restricted) in enumerate(incidents):
                put_in(connection, number, duties, declared_at=NOW + timedelta(days=days), restricted=restricted)
            with Session(bind=connection) as session:
                everything = session.scalars(by_incident(ALL)).all()
                walked = session.scalars(by_limit(ALL)).all()
                assert list(everything[: len(walked)]) == list(walked)
                assert len(set(everything)) == len(everything)
                patch.setattr(board, "PAGE", 2)
                lines, total = board.board(session, ALL[1], Wanted(page=page))
                here = session.scalars(sa.select(Incident.id).where(*ALL, Incident.sealed.is_(False))).all()
                order = [one for one in everything if one in set(here)]
                assert (total, [line.incident.id for line in lines]) == (len(order), order[2 * page - 2 : 2 * page])
            act.rollback()
    finally:
        database.close()


INDEXED = {
    "a page of incidents": (by_limit(ALL), "ix_obligations_owed"),
    "the nearest limit of an incident": (by_limit(ALL), "ix_obligations_asked"),
    "the limits of incidents searched for": (by_incident(ALL), "COVERING INDEX ix_obligations_asked"),
    "the tasks of one name": (given_to(ALL[1], "ada"), "ix_tasks_assignee"),
    "drafts to approve": (nearest_drafts(ALL, "ada"), "COVERING INDEX ix_reports_obligation"),
    "who was told": (
        sa.select(Person.number).where(Person.incident_id == INCIDENT, among("told")),
        "COVERING INDEX ix_notices_told",
    ),
}


@pytest.mark.parametrize("question", INDEXED)
def test_the_questions_of_the_pages_are_answered_by_indexes(database_url: str, question: str) -> None:
    if not database_url.startswith("sqlite"):
        pytest.skip("PostgreSQL chooses by what the tables hold; the benchmark shows it in a full house")
    query, index = INDEXED[question]
    database = Database(database_url)
    with reading(database) as session:
        text = str(query.compile(database.engine, compile_kwargs={"literal_binds": True}))
        plan = [str(row[-1]) for row in session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {text}")]
    database.close()
    assert any(index in step for step in plan), plan
    assert not [
        step
        for step in plan
        if step.startswith(("SCAN obligations", "SCAN notices", "SCAN people")) and "INDEX" not in step
    ], plan
