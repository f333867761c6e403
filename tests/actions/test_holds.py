"""People whom the law lets be told later: nothing goes to them, they are counted, and a review asks for them by itself."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from actions.assess import assess
from actions.check_deadlines import check_deadlines
from actions.decide import decide, second
from actions.declare import Declared
from actions.desk import Desk
from actions.errors import Conflict, NotFound
from actions.hold_back import Terms, hold_back, lift_hold, renew_hold
from actions.prepare_notices import prepare_notices
from db.models import Hold, Incident, Notice, Obligation, Person, Task, Wave
from db.queries.balance import balance
from db.queries.blockers import blockers
from db.queries.held_back import holds_standing
from db.queries.people import waiting_to_be_told
from tests.conftest import Time
from tests.ledger import an_incident_with, approved, customers, drafted, launched

PATIENTS = [{"reference": "P", "kind": "patient", "email": "patient@example.org"}]


@pytest.fixture
def incident(desk: Desk, time: Time, tmp_path: Path) -> Declared:
    """Three customers and a patient, on the ledger."""
    return an_incident_with(desk, tmp_path, [*customers(3), *PATIENTS])


def terms(time: Time, **changes: Any) -> Terms:
    known: dict[str, Any] = {
        "ground": "uk-68-7-b",
        "proportionate": "They know the accused; an arrest is planned.",
        "reasons": "The police asked for ten days.",
        "review_at": time.now + timedelta(days=10),
    }
    return Terms(**known | changes)


def stands(desk: Desk, officer: Desk, incident: Declared, held: Terms) -> Hold:
    hold = hold_back(desk, incident.id, held)
    second(officer, incident.id, decision_of(desk, hold))
    return hold


def decision_of(desk: Desk, hold: Hold) -> int:
    with desk.reading() as session:
        found = session.get_one(Hold, hold.id)
        return session.scalars(
            sa.text("SELECT number FROM decisions WHERE id = :id").bindparams(
                sa.bindparam("id", found.decision_id, type_=sa.Uuid())
            )
        ).one()


def states(desk: Desk) -> dict[int, list[str]]:
    """The states of each person's notices."""
    with desk.reading() as session:
        rows = session.execute(
            sa.select(Person.number, Notice.state).join(Notice, Notice.person_id == Person.id).order_by(Person.number)
        )
        found: dict[int, list[str]] = {}
        for number, state in rows:
            found.setdefault(number, []).append(state)
        return found


def waiting(desk: Desk, incident: Declared) -> list[int]:
    with desk.reading() as session:
        return [person.number for person in waiting_to_be_told(session, incident.id)]


def test_a_hold_keeps_nobody_back_before_a_second_person_confirmed_it(
    desk: Desk, officer: Desk, time: Time, incident: Declared
) -> None:
    hold = hold_back(desk, incident.id, terms(time, people=[2]))
    assert waiting(desk, incident) == [1, 2, 3, 4]
    with pytest.raises(Conflict, match="someone else must confirm"):
        second(desk, incident.id, decision_of(desk, hold))
    second(officer, incident.id, decision_of(desk, hold))
    assert waiting(desk, incident) == [1, 3, 4]


def test_people_named_and_kinds_are_left_out_of_drafts_and_counted_as_held(
    desk: Desk, officer: Desk, time: Time, incident: Declared
) -> None:
    stands(desk, officer, incident, terms(time, people=[2]))
    stands(desk, officer, incident, terms(time, kinds=["patient"]))
    prepare_notices(desk, incident.id)
    assert states(desk) == {1: ["drafted"], 3: ["drafted"]}
    with desk.reading() as session:
        assert [(one.number, one.people) for one in holds_standing(session, incident.id)] == [(1, 1), (2, 1)]
        assert len(balance(session, incident.id).pending) == 4
        says = blockers(session, session.get_one(Incident, incident.id))
    assert sum("still keeps people from being told" in one for one in says) == 2


def test_what_had_not_left_for_them_is_called_back_and_the_others_go_on(
    desk: Desk, officer: Desk, time: Time, incident: Declared
) -> None:
    launched(desk, incident)
    stands(desk, officer, incident, terms(time, people=[2]))
    assert states(desk) == {1: ["queued"], 2: ["cancelled"], 3: ["queued"], 4: ["queued"]}


def test_a_wave_of_which_nobody_is_left_is_dropped(desk: Desk, officer: Desk, time: Time, incident: Declared) -> None:
    approved(desk, incident)
    stands(desk, officer, incident, terms(time))
    with desk.reading() as session:
        assert set(session.scalars(sa.select(Wave.state))) == {"stopped"}
    assess(desk, incident.id)
    with desk.reading() as session:
        duty = session.scalars(sa.select(Obligation).where(Obligation.duty == "uk-p3-68-1")).one()
    assert duty.answer == "does_not_apply"


def test_after_lifting_they_are_in_the_next_wave(desk: Desk, officer: Desk, time: Time, incident: Declared) -> None:
    stands(desk, officer, incident, terms(time))
    assert waiting(desk, incident) == []
    decision = lift_hold(desk, incident.id, 1, "The arrest was made.")
    assert waiting(desk, incident) == []
    second(officer, incident.id, decision.number)
    assess(desk, incident.id)
    drafted(desk, incident)
    assert states(desk) == {number: ["drafted"] for number in (1, 2, 3, 4)}


def test_at_the_review_date_a_task_opens_by_itself_and_they_stay_held_back(
    desk: Desk, officer: Desk, time: Time, incident: Declared
) -> None:
    hold = stands(desk, officer, incident, terms(time, people=[2]))
    check_deadlines(desk)
    assert reviews(desk) == []
    time.move(days=10, minutes=1)
    check_deadlines(desk)
    check_deadlines(desk)
    assert reviews(desk) == [(f"review-hold:{hold.id}", "open")]
    assert waiting(desk, incident) == [1, 3, 4]
    renewed = renew_hold(desk, incident.id, 1, "The arrest is put off.", time.now + timedelta(days=5))
    second(officer, incident.id, decision_of(desk, renewed))
    assert reviews(desk) == [(f"review-hold:{hold.id}", "done")]
    with desk.reading() as session:
        assert [one.number for one in holds_standing(session, incident.id)] == [2]
    assert waiting(desk, incident) == [1, 3, 4]


def reviews(desk: Desk) -> list[tuple[str, str]]:
    with desk.reading() as session:
        rows = session.execute(sa.select(Task.key, Task.state).where(Task.key.like("review-hold:%")))
        return list(rows.tuples().all())


def oral(time: Time, **changes: Any) -> Terms:
    known = {"ground": "us-hipaa-oral", "oral": True, "asked_by": "Officer 7", "asked_at": time.now - timedelta(days=5)}
    return terms(time, **known | changes)


def test_a_request_by_word_of_mouth_lasts_thirty_days_from_the_request_and_lapses_by_itself(
    desk: Desk, officer: Desk, time: Time, incident: Declared
) -> None:
    with pytest.raises(Conflict, match="at most"):
        hold_back(desk, incident.id, oral(time, review_at=time.now + timedelta(days=26)))
    hold = stands(desk, officer, incident, oral(time, review_at=time.now + timedelta(days=24), people=[1]))
    assert hold.ends_at == time.now + timedelta(days=25)
    with pytest.raises(Conflict, match="at most"):
        renew_hold(desk, incident.id, 1, "still", time.now + timedelta(days=30))
    time.move(days=25)
    check_deadlines(desk)
    with desk.reading() as session:
        assert session.scalars(sa.select(Hold.state)).all() == ["lapsed"]
    assert waiting(desk, incident) == [1, 2, 3, 4]


def test_a_written_request_takes_the_place_of_a_spoken_one(
    desk: Desk, officer: Desk, time: Time, incident: Declared
) -> None:
    stands(desk, officer, incident, oral(time, people=[1]))
    late = time.now + timedelta(days=90)
    renewed = renew_hold(desk, incident.id, 1, "Written now.", late, written_by="Officer 7, letter of 1 December")
    assert (renewed.ends_at, renewed.oral) == (None, False)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"ground": "because"}, "is not a ground"),
        ({"proportionate": " "}, "proportionate"),
        ({"reasons": " "}, "reasons"),
        ({"review_at": None}, "in the future"),
        ({"oral": True}, "who made it and when"),
        ({"kinds": ["dragon"]}, "not a kind"),
        ({"kinds": ["guardian"]}, "not a kind"),
        ({"kinds": ["patient"], "people": [1]}, "not both"),
        ({"people": [99]}, "nobody affected of number 99"),
        ({"ground": "us-hipaa-oral"}, "word of mouth"),
    ],
)
def test_what_no_law_allows_is_refused_and_nothing_is_kept(
    desk: Desk, time: Time, incident: Declared, wrong: dict[str, Any], says: str
) -> None:
    changes = {name: time.now if value is None else value for name, value in wrong.items()}
    with pytest.raises((Conflict, NotFound), match=says):
        hold_back(desk, incident.id, terms(time, **changes))
    with desk.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Hold)) == 0


def test_a_decision_without_a_ground_is_sent_to_the_right_verb(desk: Desk, time: Time, incident: Declared) -> None:
    with pytest.raises(Conflict, match="hold back"):
        decide(desk, incident.id, "law_enforcement_restriction", "x", "yes", "why", review_at=time.now)


def test_the_database_itself_lets_nothing_go_to_whom_a_hold_keeps_back(
    desk: Desk, officer: Desk, time: Time, incident: Declared
) -> None:
    launched(desk, incident)
    hold_back(desk, incident.id, terms(time, kinds=["customer"]))
    with pytest.raises(sa.exc.IntegrityError, match="second person"), desk.writing() as session:
        session.execute(sa.update(Hold).values(state="stands"))
    second(officer, incident.id, 1)
    with pytest.raises(sa.exc.IntegrityError, match="told later"), desk.writing() as session:
        one = session.scalars(sa.select(Notice).where(Notice.kind == "customer")).first()
        assert one is not None
        columns = {column.key: getattr(one, column.key) for column in Notice.__table__.columns}
        session.execute(sa.insert(Notice).values(**columns | {"nid": one.wave_id, "state": "drafted"}))
