"""Taking in a list of people: whole or not at all, the same list once, and nothing of it readable afterwards."""

import json
from pathlib import Path

import pytest
import sqlalchemy as sa

from actions.bad_people import BadPeople
from actions.declare import Declared
from actions.desk import Desk
from actions.errors import Conflict
from actions.import_people import Imported, import_people
from db.models import ContactPoint, Import, Notice, Person, Task
from tests.builders import an_incident
from tests.ledger import a_list, an_incident_with, customers, enter, launched


@pytest.fixture
def incident(desk: Desk) -> Declared:
    return an_incident(desk)


def flags(desk: Desk) -> dict[int, list[str]]:
    """The flags of everyone, by number."""
    with desk.reading() as session:
        return {number: json.loads(own) for number, own in session.execute(sa.select(Person.number, Person.flags))}


def count(desk: Desk) -> int:
    with desk.reading() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(Person)) or 0


def refused(desk: Desk, incident: Declared, path: Path) -> str:
    """What is said of a list that cannot be taken in; nothing of it is on the ledger then."""
    with pytest.raises(BadPeople) as caught:
        import_people(desk, incident.id, path)
    assert count(desk) == 0
    with desk.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Import)) == 0
    return "; ".join(map(str, caught.value.problems))


def test_everyone_on_the_list_is_on_the_ledger_in_its_order(desk: Desk, incident: Declared, tmp_path: Path) -> None:
    assert enter(desk, incident, tmp_path, customers(3)) == Imported(rows=3, added=3, already=0, flagged=0)
    with desk.reading() as session:
        rows = session.execute(sa.select(Person.number, Person.row, Person.flagged).order_by(Person.number)).all()
    assert rows == [(1, 2, False), (2, 3, False), (3, 4, False)]


def test_nothing_on_the_list_can_be_read_in_the_database(desk: Desk, incident: Declared, tmp_path: Path) -> None:
    row = {
        "name": "Marker Markerson",
        "email": "marker@example.org",
        "phone": "07700 900123",
        "address": "1 Marker Street;Markerton",
    }
    enter(
        desk,
        incident,
        tmp_path,
        [
            row
            | {
                "code_word": "marker",
                "safe_channel": "in_person",
                "safe_until": "2027-01-01",
                "safe_confirmed_by": "Marker",
                "safe_confirmed_on": "2026-11-01",
            }
        ],
    )
    with desk.reading() as session:
        for table in (Person, ContactPoint, Import):
            for found in session.execute(sa.select(table.__table__)):
                assert b"arker" not in b"".join(bytes(cell) for cell in found if isinstance(cell, bytes | memoryview))
                assert "arker" not in repr(found) and "7700900123" not in repr(found)


def test_the_same_list_again_changes_nothing(desk: Desk, incident: Declared, tmp_path: Path) -> None:
    enter(desk, incident, tmp_path, customers(4))
    assert enter(desk, incident, tmp_path, customers(4)) == Imported(rows=4, added=0, already=4, flagged=0)
    shuffled = enter(desk, incident, tmp_path, [*reversed(customers(6))], "longer.csv")
    assert (shuffled.added, shuffled.already) == (2, 4)
    assert count(desk) == 6


def test_one_bad_row_keeps_everyone_out_and_every_problem_is_named(
    desk: Desk, incident: Declared, tmp_path: Path
) -> None:
    rows = [
        *customers(700),
        {"reference": "B1", "email": "no address"},
        {"reference": "B2", "birth_date": "soon", "kind": "hero"},
    ]
    said = refused(desk, incident, a_list(tmp_path, rows))
    assert "row 702, email is not an e-mail address" in said
    assert "row 703, birth_date is not a date" in said
    assert "row 703, kind is none of the known words" in said
    assert "no address" not in said


def test_a_hostile_file_leaves_the_ledger_as_it_was(desk: Desk, incident: Declared, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_bytes(b"kind,name\n" + b"customer,Sam\n" * 600 + b"customer,S\0am\n")
    assert "row 602, the row holds a NUL character" in refused(desk, incident, path)


def test_a_reference_stands_for_one_person(desk: Desk, incident: Declared, tmp_path: Path) -> None:
    twice = [{"reference": "C1", "name": "Sam"}, {"reference": "C1", "name": "Alex"}]
    assert "row 3, reference stands for someone else" in refused(desk, incident, a_list(tmp_path, twice))


def test_the_same_person_with_other_details_is_a_question_not_a_second_notice(
    desk: Desk, incident: Declared, tmp_path: Path
) -> None:
    sam = {"name": "Sam Sample", "email": "sam@example.org"}
    twice = [sam, sam | {"name": "SAM SAMPLE", "language": "cy"}]
    assert "row 3, the row seems to be a person who is on the list already" in refused(
        desk, incident, a_list(tmp_path, twice)
    )


def test_a_row_repeated_word_for_word_is_one_person(desk: Desk, incident: Declared, tmp_path: Path) -> None:
    sam = {"name": "Sam Sample", "email": "sam@example.org"}
    assert enter(desk, incident, tmp_path, [sam, sam]).added == 1


def test_a_guardian_may_stand_after_the_child(desk: Desk, incident: Declared, tmp_path: Path) -> None:
    rows = [
        {
            "reference": "K1",
            "birth_date": "2015-02-03",
            "guardian_reference": "G1",
            "guardian_verified": "yes",
            "guardian_conflict": "no",
        },
        {"reference": "G1", "kind": "guardian", "phone": "020 7946 0018"},
    ]
    enter(desk, incident, tmp_path, rows)
    with desk.reading() as session:
        child, guardian = session.scalars(sa.select(Person).order_by(Person.number)).all()
    assert (child.guardian_id, child.guardian_verified, child.guardian_conflict) == (guardian.id, True, False)
    assert flags(desk) == {1: ["child"], 2: []}


def test_a_guardian_whom_nobody_knows_keeps_the_list_out(desk: Desk, incident: Declared, tmp_path: Path) -> None:
    said = refused(desk, incident, a_list(tmp_path, [{"reference": "K1", "guardian_reference": "G1"}]))
    assert "row 2, guardian_reference names nobody" in said


def test_the_age_on_the_incident_s_day_decides_who_is_a_child(desk: Desk, incident: Declared, tmp_path: Path) -> None:
    enter(desk, incident, tmp_path, [{"birth_date": "2000-01-01"}, {"birth_date": "2020-01-01"}])
    assert flags(desk) == {1: [], 2: ["child"]}


def test_a_victim_is_flagged_whatever_the_list_says(desk: Desk, incident: Declared, tmp_path: Path) -> None:
    enter(desk, incident, tmp_path, [{"kind": "victim"}, {"flags": "file says so"}])
    assert flags(desk) == {1: ["victim"], 2: ["file_says_so"]}


def test_those_who_share_a_mailbox_a_number_or_a_door_are_flagged(
    desk: Desk, incident: Declared, tmp_path: Path
) -> None:
    door = {"address": "1 Sample Street;Sampletown", "postcode": "SW1A 1AA"}
    rows = [
        {"email": "both@example.org"},
        {"email_2": "Both@Example.org"},
        {"phone": "020 7946 0018"},
        {"phone": "+442079460018"},
        door,
        {"address": "1, Sample street;SAMPLETOWN", "postcode": "sw1a1aa"},
        {"email": "alone@example.org"},
    ]
    assert enter(desk, incident, tmp_path, rows).flagged == 6
    assert flags(desk) == {number: ["shared_contact"] if number < 7 else [] for number in range(1, 8)}


def test_whoever_is_reached_where_the_accused_is_reached_is_kept_from_both(
    desk: Desk, incident: Declared, tmp_path: Path
) -> None:
    safe = {
        "safe_channel": "phone",
        "safe_number": "07700 900123",
        "safe_until": "2027-01-01",
        "safe_confirmed_by": "Case worker",
        "safe_confirmed_on": "2026-11-01",
    }
    enter(desk, incident, tmp_path, [{"kind": "victim", **safe}, {"kind": "accused", "phone": "07700 900123"}])
    assert flags(desk) == {1: ["contact_of_accused", "shared_contact", "victim"], 2: ["shared_contact"]}


@pytest.mark.parametrize("conflict", ["", "unknown", "yes", "no"])
def test_a_guardian_s_number_is_safe_only_when_a_conflict_is_ruled_out(
    desk: Desk, incident: Declared, tmp_path: Path, conflict: str
) -> None:
    child = {
        "birth_date": "2015-02-03",
        "phone": "07700 900123",
        "guardian_reference": "G1",
        "guardian_verified": "yes",
    }
    guardian = {"reference": "G1", "kind": "guardian", "phone": "07700 900123"}
    enter(desk, incident, tmp_path, [child | {"guardian_conflict": conflict}, guardian])
    assert ("contact_of_accused" in flags(desk)[1]) is (conflict != "no")


def test_a_later_list_that_reveals_a_shared_mailbox_calls_the_queued_e_mail_back(desk: Desk, tmp_path: Path) -> None:
    incident = an_incident_with(desk, tmp_path, [{"reference": "C1", "email": "both@example.org"}])
    launched(desk, incident)
    enter(desk, incident, tmp_path, [{"reference": "C2", "email": "both@example.org"}], "later.csv")
    with desk.reading() as session:
        assert [(one.channel, one.state) for one in session.scalars(sa.select(Notice))] == [("email", "cancelled")]
        assert session.scalar(sa.select(Task.kind).where(Task.kind == "contact")) is None


def test_progress_is_told_up_to_the_end(desk: Desk, incident: Declared, tmp_path: Path) -> None:
    heard: list[tuple[int, int, int]] = []
    list_ = [*customers(1199), {"kind": "nobody"}]
    path = a_list(tmp_path, list_)
    import_people(desk, incident.id, path, good_rows=True, progress=lambda *far: heard.append(far))
    assert heard == [(500, 1201, 0), (1000, 1201, 0), (1200, 1200, 1)], (
        "until the end it is known by its lines, one of which is the heading"
    )


def test_an_unknown_incident_takes_nobody_in(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(Conflict, match="no incident"):
        import_people(desk, "FW-1999-0001", a_list(tmp_path, customers(1)))
