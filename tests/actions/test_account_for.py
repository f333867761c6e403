"""Everyone affected is accounted for, in one way only; decisions cover whom they name and nobody else."""

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actions.bad_people import BadPeople
from actions.correct_person import correct_person
from actions.decide import decide, second
from actions.declare import Declared
from actions.deliver import deliver
from actions.desk import Desk
from actions.errors import Conflict, NotFound
from actions.flag_person import flag_person
from db.models import Notice, Obligation, Person
from db.queries.balance import balance, by_kind
from db.queries.people import listed
from tests.conftest import OFFICER
from tests.db.world import INCIDENT, PERSON, an_id, fill, insert, valid
from tests.ledger import an_incident_with, customers, drafted, launched


def numbers(desk: Desk, incident: Declared) -> dict[str, int]:
    with desk.reading() as session:
        return balance(session, incident.id).as_json()


def exempted(desk: Desk, incident: Declared, about: str) -> None:
    decision = decide(desk, incident.id, "exemption", about, "exempt", "A court order forbids it.")
    second(desk.acting_as(OFFICER), incident.id, decision.number)


def test_the_equation_holds_from_the_list_to_the_end(desk: Desk, tmp_path: Path) -> None:
    rows = [*customers(4), {"reference": "V1", "kind": "victim"}, {"reference": "N1"}]
    incident = an_incident_with(desk, tmp_path, rows)
    assert numbers(desk, incident) == {
        "affected": 6,
        "told": 0,
        "substitute": 0,
        "exempt": 0,
        "unreachable": 0,
        "pending": 6,
    }
    exempted(desk, incident, "people 1")
    for wave in launched(desk, incident):
        deliver(desk, wave.id)
    decide(desk, incident.id, "substitute_notice", "people 6", "public", "Published in the local paper.")
    assert numbers(desk, incident) == {
        "affected": 6,
        "told": 3,
        "substitute": 1,
        "exempt": 1,
        "unreachable": 0,
        "pending": 1,
    }


def test_an_exemption_covers_nobody_until_a_second_person_agrees(desk: Desk, tmp_path: Path) -> None:
    incident = an_incident_with(desk, tmp_path, customers(2))
    decide(desk, incident.id, "exemption", "people 1-2", "exempt", "A court order forbids it.")
    assert numbers(desk, incident)["exempt"] == 0


def test_an_exemption_calls_back_what_was_not_sent_and_meets_the_duty(desk: Desk, tmp_path: Path) -> None:
    incident = an_incident_with(desk, tmp_path, customers(2))
    launched(desk, incident)
    exempted(desk, incident, "people 1-2")
    assert numbers(desk, incident)["exempt"] == 2
    with desk.reading() as session:
        assert set(session.scalars(sa.select(Notice.state))) == {"cancelled"}
        assert session.scalars(sa.select(Obligation.state).where(Obligation.duty == "uk-p3-68-1")).one() == "met"
    assert len(drafted(desk, incident)) == 1


@pytest.mark.parametrize(
    "about", ["everyone", "people", "people x", "people 1-", "people 9", "people 1, 9", "people 1-99999999"]
)
def test_a_decision_about_people_names_people_who_are_there(desk: Desk, tmp_path: Path, about: str) -> None:
    incident = an_incident_with(desk, tmp_path, customers(2))
    decision = decide(desk, incident.id, "exemption", about, "exempt", "A court order forbids it.")
    with pytest.raises(Conflict):
        second(desk.acting_as(OFFICER), incident.id, decision.number)
    assert numbers(desk, incident)["exempt"] == 0


def test_a_substitute_notice_for_nobody_is_refused(desk: Desk, tmp_path: Path) -> None:
    incident = an_incident_with(desk, tmp_path, customers(1))
    with pytest.raises(Conflict, match="Nobody is unreachable"):
        decide(desk, incident.id, "substitute_notice", "unreachable", "public", "why not")


def test_each_kind_and_each_wave_has_a_balance_of_its_own(desk: Desk, tmp_path: Path) -> None:
    incident = an_incident_with(desk, tmp_path, [*customers(2), {"reference": "V1", "kind": "victim"}])
    [victims, others] = launched(desk, incident)
    deliver(desk, others.id)
    with desk.reading() as session:
        assert {kind: own.as_json()["told"] for kind, own in by_kind(session, incident.id)} == {
            "victim": 0,
            "customer": 2,
        }
        assert len(balance(session, incident.id, wave_id=victims.id).pending) == 1
        assert len(balance(session, incident.id, wave_id=others.id).told) == 2


def test_a_guardian_is_not_among_those_affected(desk: Desk, tmp_path: Path) -> None:
    incident = an_incident_with(desk, tmp_path, [{"reference": "G1", "kind": "guardian"}, *customers(1)])
    assert numbers(desk, incident)["affected"] == 1


FATES = {
    "told": [{"state": "accepted"}, {"state": "delivered"}, {"state": "told", "channel": "phone"}],
    "unreachable": [{"state": "unreached"}],
    "pending": [
        {"state": "drafted"},
        {"state": "queued"},
        {"state": "unknown"},
        {"state": "rejected"},
        {"state": "bounced"},
    ],
}
one_person = st.tuples(
    st.lists(st.sampled_from([state for states in FATES.values() for state in states]), max_size=1),
    st.sampled_from([None, "stands", "reopened"]),
    st.sampled_from([None, "stands", "reopened"]),
)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(people=st.lists(one_person, max_size=6))
def test_everyone_is_in_exactly_one_place_whatever_happened_to_them(desk: Desk, people: Any) -> None:
    with desk.database.engine.connect() as connection:
        fill(connection)
        states = {
            None: None,
            **{state: _decision(connection, place, state) for place, state in enumerate(("stands", "reopened"))},
        }
        for place, (notices, exempt, substitute) in enumerate(people):
            id_ = an_id(1000 + place)
            insert(
                connection,
                "people",
                valid(
                    "people",
                    id=id_,
                    number=100 + place,
                    row_key=bytes([place]),
                    exemption_id=states[exempt],
                    substitute_id=states[substitute],
                ),
            )
            for notice in notices:
                insert(connection, "notices", valid("notices", nid=an_id(2000 + place), person_id=id_, **notice))
        with sa.orm.Session(bind=connection) as session:
            found = balance(session, INCIDENT)
        connection.rollback()
    parts = [found.told, found.substitute, found.exempt, found.unreachable, found.pending]
    assert sum(map(len, parts)) == len(found.affected) == len(people) + 2
    assert frozenset().union(*parts) == found.affected
    assert PERSON in found.pending


def _decision(connection: sa.Connection, place: int, state: str) -> Any:
    again = {"reopened_at": valid("facts")["known_at"], "reopened_because": "x"} if state == "reopened" else {}
    row = valid("decisions", id=an_id(3000 + place), number=50 + place, state=state, **again)
    insert(connection, "decisions", row)
    return row["id"]


def test_the_ledger_s_list_names_nobody(desk: Desk, tmp_path: Path) -> None:
    incident = an_incident_with(
        desk, tmp_path, [{"reference": "Marker1", "name": "Marker Markerson", "email": "marker@example.org"}]
    )
    launched(desk, incident)
    with desk.reading() as session:
        [line] = listed(session, incident.id)
    assert (line.number, line.kind, line.channel, line.state) == (1, "customer", "email", "queued")
    assert "arker" not in repr(line)


def test_a_correction_goes_through_the_same_checks_as_a_list(desk: Desk, tmp_path: Path) -> None:
    incident = an_incident_with(desk, tmp_path, customers(2))
    with pytest.raises(BadPeople, match="not an e-mail address"):
        correct_person(desk, incident.id, 1, {"email": "nowhere"}, "they wrote")
    with pytest.raises(Conflict, match="cannot be changed"):
        correct_person(desk, incident.id, 1, {"kind": "accused"}, "they wrote")
    with pytest.raises(Conflict, match="is none of them"):
        correct_person(desk, incident.id, 1, {"shoe_size": "9"}, "they wrote")
    with pytest.raises(Conflict, match="why"):
        correct_person(desk, incident.id, 1, {"email": "new@example.org"}, " ")
    with pytest.raises(NotFound, match="no person 9"):
        correct_person(desk, incident.id, 9, {"email": "new@example.org"}, "they wrote")
    with pytest.raises(Conflict, match="names nobody on the ledger"):
        correct_person(desk, incident.id, 1, {"guardian_reference": "G9"}, "they wrote")


def test_a_correction_that_reveals_a_shared_mailbox_flags_both(desk: Desk, tmp_path: Path) -> None:
    incident = an_incident_with(desk, tmp_path, customers(2))
    correct_person(desk, incident.id, 1, {"email": "customer1@example.org"}, "they wrote")
    with desk.reading() as session:
        assert set(session.scalars(sa.select(Person.flags))) == {'["shared_contact"]'}


def test_a_flag_needs_a_known_name_and_reasons_and_stays(desk: Desk, tmp_path: Path) -> None:
    incident = an_incident_with(desk, tmp_path, customers(1))
    with pytest.raises(Conflict, match="is not a flag"):
        flag_person(desk, incident.id, 1, "sad", "they wrote")
    with pytest.raises(Conflict, match="why"):
        flag_person(desk, incident.id, 1, "victim_of_abuse", "")
    flag_person(desk, incident.id, 1, "victim_of_abuse", "they wrote")
    flag_person(desk, incident.id, 1, "victim_of_abuse", "they wrote again")
    correct_person(desk, incident.id, 1, {"flags": ""}, "they feel safe")
    with desk.reading() as session:
        assert session.scalars(sa.select(Person.flags)).one() == '["victim_of_abuse"]'
