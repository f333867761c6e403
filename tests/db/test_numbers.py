"""Numbers that the database counts are those of the sets, and a page of the ledger holds exactly the people of a set."""

from dataclasses import replace

import sqlalchemy as sa
from hypothesis import HealthCheck, given
from hypothesis import settings as how
from hypothesis import strategies as st

from db.models.person import AFFECTED_KINDS, GUARDIAN
from db.queries.balance import balance, by_kind
from db.queries.numbers import in_all, numbers, numbers_by_kind
from db.queries.people import Behind, listed
from db.session import Database, reading
from tests.db.world import DECISION, IMPORT, INCIDENT, an_id, fill, insert, valid

CIRCLE = {"customer": "others", "employee": "others", "accused": "accused", "third_party": "third_parties"}
STATES = ("queued", "accepted", "delivered", "bounced", "unreached", "cancelled")
PERSON = st.tuples(
    st.sampled_from((*CIRCLE, GUARDIAN)),
    st.lists(st.tuples(st.sampled_from(("first", "update")), st.sampled_from(STATES)), max_size=3),
    st.sampled_from((None, "stands", "reopened")),
    st.sampled_from((None, "stands", "reopened")),
)
SETS = ("affected", "told", "substitute", "exempt", "unreachable", "pending")
OF_ONE = {"bounced", "cancelled"}
"""States that leave room for another notice of the same purpose."""


def put_in(
    connection: sa.Connection, number: int, person: tuple[str, list[tuple[str, str]], str | None, str | None]
) -> None:
    kind, notices, exempt, substitute = person
    person_id, decided = an_id(1000 + number), {"stands": DECISION, "reopened": an_id(900), None: None}
    who = {"id": person_id, "number": 100 + number, "row_key": f"p{number}".encode(), "kind": kind}
    covered = {"exemption_id": decided[exempt], "substitute_id": decided[substitute]}
    insert(connection, "people", valid("people", import_id=IMPORT, **who, **covered))
    live = set()
    for place, (purpose, state) in enumerate(notices if kind != GUARDIAN else []):
        if state not in OF_ONE and purpose in live:
            continue
        live |= set() if state in OF_ONE else {purpose}
        wave = an_id(800 + sorted(CIRCLE).index(kind))
        to = {"person_id": person_id, "kind": kind, "circle": CIRCLE[kind], "wave_id": wave}
        insert(
            connection,
            "notices",
            valid("notices", nid=an_id(100_000 + 10 * number + place), purpose=purpose, state=state, **to),
        )


@how(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(people=st.lists(PERSON, max_size=8))
def test_the_numbers_are_those_of_the_sets_and_the_ledger_lists_just_them(
    database_url: str, people: list[tuple[str, list[tuple[str, str]], str | None, str | None]]
) -> None:
    database = Database(database_url)
    try:
        with database.engine.connect() as connection, connection.begin() as act:
            fill(connection)
            reopened = {"id": an_id(900), "state": "reopened", "reopened_at": valid("decisions")["seconded_at"]}
            insert(connection, "decisions", valid("decisions", reopened_because="x", number=2, **reopened))
            for place, kind in enumerate(sorted(CIRCLE)):
                insert(
                    connection, "waves", valid("waves", id=an_id(800 + place), number=50 + place, circle=CIRCLE[kind])
                )
            for number, person in enumerate(people):
                put_in(connection, number, person)
            with sa.orm.Session(bind=connection) as session:
                agree(session)
            act.rollback()
    finally:
        database.close()


def agree(session: sa.orm.Session) -> None:
    """Numbers, sets and lines say the same, of the incident, of each kind and of each wave."""
    sets = balance(session, INCIDENT).as_json()
    assert numbers(session, INCIDENT).as_json() == sets == lines(session, Behind())
    told = {kind: one.as_json() for kind, one in numbers_by_kind(session, INCIDENT).items()}
    assert told == {kind: one.as_json() for kind, one in by_kind(session, INCIDENT)}
    for place, kind in enumerate(sorted(CIRCLE)):
        wave = an_id(800 + place)
        own = balance(session, INCIDENT, wave_id=wave).as_json()
        counted = numbers_by_kind(session, INCIDENT, wave).values()
        assert (in_all(counted).as_json() if counted else dict.fromkeys(own, 0)) == own
        assert lines(session, Behind(kind=kind, wave_id=wave)) == own


def lines(session: sa.orm.Session, behind: Behind) -> dict[str, int]:
    """How many lines stand behind each number."""
    wanted = {name: replace(behind, only=name) for name in SETS}
    return {name: len({one.number for one in listed(session, INCIDENT, who)}) for name, who in wanted.items()}


def test_a_page_of_the_ledger_ends_where_it_is_told(database_url: str) -> None:
    database = Database(database_url)
    with database.engine.begin() as connection:
        fill(connection)
    with reading(database) as session:
        assert [one.number for one in listed(session, INCIDENT, most=1)] == [1]
        assert [one.number for one in listed(session, INCIDENT, first=2, most=5)] == [2]
        assert set(AFFECTED_KINDS) >= {one.kind for one in listed(session, INCIDENT, Behind("affected"))}
    database.close()
