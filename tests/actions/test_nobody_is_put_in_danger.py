"""Each practice of safe contact, tried from the list of people to what leaves the house: none can be brought into an unsafe send."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from actions import clock
from actions.correct_person import correct_person
from actions.decide import decide, second
from actions.declare import Declared
from actions.deliver import deliver
from actions.desk import Desk
from actions.errors import Conflict, Stale
from actions.flag_person import flag_person
from actions.launch import launch
from actions.read_script import read_script
from db.models import Notice, Person, Task
from tests.conftest import OFFICER
from tests.ledger import an_incident_with, approved, customers, enter, launched

SAFE = {
    "safe_channel": "phone",
    "safe_number": "07700 900123",
    "safe_confirmed_by": "Case worker",
    "safe_confirmed_on": "2026-11-01",
}
CHILD = {"guardian_reference": "G1", "guardian_verified": "yes", "guardian_conflict": "no"}
GUARDIAN = {"reference": "G1", "kind": "guardian", "name": "Gina Glen", "phone": "07700 900123"}


def sent(desk: Desk) -> str:
    """Everything that left by e-mail or letter."""
    return "".join(path.read_text(errors="replace") for path in sorted(desk.settings.outbox_folder.rglob("*.eml")))


def send_all(desk: Desk, incident: Declared) -> str:
    for wave in launched(desk, incident):
        if wave.state == "approved":
            launch(desk, incident.id, wave.number)
        deliver(desk, wave.id)
    return sent(desk)


def flags(desk: Desk) -> dict[int, str]:
    with desk.reading() as session:
        return dict(session.execute(sa.select(Person.number, Person.flags)).tuples().all())


def live(desk: Desk) -> dict[int, tuple[str, str]]:
    """How each person is told, by number, as far as something stands for them."""
    query = sa.select(Person.number, Notice.channel, Notice.told_to).join(Notice, Notice.person_id == Person.id)
    with desk.reading() as session:
        rows = session.execute(query.where(Notice.state.not_in(("cancelled", "rejected", "bounced"))))
        return {number: (channel, to) for number, channel, to in rows}


def test_a_mailbox_that_two_share_gets_nothing_and_each_of_them_a_call(desk: Desk, tmp_path: Path) -> None:
    both = [one | {"email": "Both@example.org", "phone": f"07700 90010{n}"} for n, one in enumerate(customers(2))]
    incident = an_incident_with(desk, tmp_path, [*both, *customers(3)[2:]])
    assert "both@example.org" not in send_all(desk, incident).casefold()
    assert live(desk) == {1: ("phone", "person"), 2: ("phone", "person"), 3: ("email", "person")}


def test_a_later_list_that_shares_a_mailbox_calls_back_what_was_approved(desk: Desk, tmp_path: Path) -> None:
    incident = an_incident_with(desk, tmp_path, customers(2))
    approved(desk, incident)
    enter(desk, incident, tmp_path, [{"reference": "X", "email": "customer1@example.org"}], "later.csv")
    assert "customer1@example.org" not in send_all(desk, incident)
    assert flags(desk) == {1: "[]", 2: '["shared_contact"]', 3: '["shared_contact"]'}


def test_the_accused_added_later_with_a_victim_s_number_keeps_everyone_away(desk: Desk, tmp_path: Path) -> None:
    victim = {"reference": "V", "kind": "victim", **SAFE, "safe_until": "2099-01-01"}
    incident = an_incident_with(desk, tmp_path, [victim])
    launched(desk, incident)
    enter(desk, incident, tmp_path, [{"reference": "A", "kind": "accused", "phone": "07700 900123"}], "later.csv")
    launched(desk, incident)
    assert live(desk)[1] == ("in_person", "case_owner")
    with desk.reading() as session:
        calls = sa.select(Task.state).where(Task.kind == "contact", Task.title.contains("by telephone"))
        assert set(session.scalars(calls.where(Task.title.contains("person 1 ")))) == {"cancelled"}


def test_whoever_shares_a_way_with_a_guardian_is_told_by_a_person(desk: Desk, tmp_path: Path) -> None:
    """A grown-up whose mailbox is still their mother's; another whose number is somebody's guardian's."""
    grown = {"reference": "K", "birth_date": "2000-01-01", "email": "gina@example.org", **CHILD}
    incident = an_incident_with(desk, tmp_path, [grown, GUARDIAN | {"email": "gina@example.org"}])
    assert "gina@example.org" not in send_all(desk, incident)
    assert live(desk) == {1: ("in_person", "case_owner")}


def test_a_guardian_suspected_for_one_child_is_not_spoken_to_about_another(desk: Desk, tmp_path: Path) -> None:
    children = [{"reference": f"K{n}", "birth_date": "2015-01-01", **CHILD} for n in (1, 2)]
    incident = an_incident_with(desk, tmp_path, [*children, GUARDIAN])
    launched(desk, incident)
    assert live(desk) == {1: ("phone", "guardian"), 2: ("phone", "guardian")}
    correct_person(desk, incident.id, 1, {"guardian_conflict": "yes"}, "the police told us")
    assert live(desk) == {}, "the call about the other child is called back as well"
    launched(desk, incident)
    assert live(desk) == {1: ("in_person", "appropriate_adult"), 2: ("in_person", "appropriate_adult")}


def test_a_guardian_s_death_or_flag_calls_back_what_they_were_to_hear(desk: Desk, tmp_path: Path) -> None:
    incident = an_incident_with(desk, tmp_path, [{"reference": "K", "birth_date": "2015-01-01", **CHILD}, GUARDIAN])
    launched(desk, incident)
    flag_person(desk, incident.id, 2, "contact_of_accused", "they live together")
    launched(desk, incident)
    assert live(desk) == {1: ("in_person", "appropriate_adult")}


def test_an_address_corrected_after_the_draft_is_never_printed_beside_the_old_one(desk: Desk, tmp_path: Path) -> None:
    incident = an_incident_with(desk, tmp_path, customers(1))
    approved(desk, incident)
    correct_person(desk, incident.id, 1, {"email": "new@example.org"}, "they moved out")
    left = send_all(desk, incident)
    assert "customer0@example.org" not in left
    assert left.count("new@example.org") >= 1
    with desk.reading() as session:
        states = session.execute(sa.select(Notice.state, Notice.ended_because).order_by(Notice.state)).tuples().all()
    assert states == [("accepted", ""), ("cancelled", "what is known of the person was corrected")]


def test_whoever_came_of_age_yesterday_is_told_themselves(desk: Desk, tmp_path: Path) -> None:
    today = clock.now().date()
    born = {"eighteen": years(today, 18), "not_yet": years(today, 18) + timedelta(days=1)}
    rows: list[dict[str, Any]] = [
        {"reference": name, "birth_date": day.isoformat(), "flags": "child", **CHILD} for name, day in born.items()
    ]
    incident = an_incident_with(desk, tmp_path, [*rows, GUARDIAN])
    launched(desk, incident)
    assert live(desk) == {1: ("in_person", "case_owner"), 2: ("phone", "guardian")}


def years(today: date, ago: int) -> date:
    return (today - timedelta(days=ago * 365 + ago // 4)).replace(month=today.month, day=min(today.day, 28))


def test_nobody_writes_to_the_dead_and_someone_decides_about_their_family(desk: Desk, tmp_path: Path) -> None:
    incident = an_incident_with(desk, tmp_path, [one | {"deceased": "yes"} for one in customers(1)])
    assert send_all(desk, incident) == ""
    with desk.reading() as session:
        assert "next of kin of person 1" in session.scalars(sa.select(Task.title).where(Task.kind == "decide")).one()


def test_no_fixed_abode_is_no_envelope_but_a_visit_through_those_who_support_them(desk: Desk, tmp_path: Path) -> None:
    incident = an_incident_with(
        desk, tmp_path, [{"reference": "N", "address": "No fixed abode", "email": "n@example.org"}]
    )
    assert send_all(desk, incident) == ""
    assert live(desk) == {1: ("in_person", "support_service")}


def test_a_release_takes_two_people_ends_by_itself_and_unlocks_nothing_automatic(desk: Desk, tmp_path: Path) -> None:
    """A victim who asked for it in writing, at home, by e-mail and on paper known to us."""
    victim = {"reference": "V", "kind": "victim", "email": "vera@example.org", "address": "1 Sample Street;Sampletown"}
    incident = an_incident_with(desk, tmp_path, [victim])
    until = clock.now() + timedelta(days=30)
    about = (incident.id, "release", "person 1", "letter_by_hand", "They asked their case worker for a letter.")
    decision = decide(desk, *about, review_at=until)
    launched(desk, incident)
    assert live(desk) == {1: ("in_person", "case_owner")}, "one person's word releases nothing"
    with pytest.raises(Conflict, match="someone else must confirm"):
        second(desk, incident.id, decision.number)
    second(desk.acting_as(OFFICER), incident.id, decision.number)
    assert send_all(desk, incident) == ""
    assert live(desk) == {1: ("in_person", "person")}
    with desk.reading() as session:
        number = session.scalars(sa.select(Task.number).where(Task.kind == "contact", Task.state == "open")).one()
    letter = read_script(desk, incident.id, number).content.letter_pdf
    assert letter.startswith(b"%PDF")
    with pytest.MonkeyPatch.context() as patch, pytest.raises(Stale):
        patch.setattr("actions.desk.clock.now", lambda exercise=None: until + timedelta(seconds=1))
        read_script(desk, incident.id, number)


@pytest.mark.parametrize(
    ("about", "choice", "days", "says"),
    [
        ("person 1", "email", 9, "nothing automatic"),
        ("person 1", "letter", 9, "nothing automatic"),
        ("everyone", "visit", 9, "whom it is for"),
        ("person 1", "visit", -1, "a day in the future"),
        ("person 2", "visit", 9, "not flagged"),
        ("person 1", "child_themselves", 9, "13 or older"),
    ],
)
def test_what_is_not_safe_cannot_even_be_proposed(
    desk: Desk, tmp_path: Path, about: str, choice: str, days: int, says: str
) -> None:
    incident = an_incident_with(desk, tmp_path, [{"reference": "V", "kind": "victim"}, *customers(1)])
    with pytest.raises(Conflict, match=says):
        decide(desk, incident.id, "release", about, choice, "why", review_at=clock.now() + timedelta(days=days))


def test_a_child_of_thirteen_hears_it_themselves_only_by_assessment(desk: Desk, tmp_path: Path) -> None:
    born = years(clock.now().date(), 14).isoformat()
    incident = an_incident_with(desk, tmp_path, [{"reference": "K", "birth_date": born, **CHILD}, GUARDIAN])
    launched(desk, incident)
    assert live(desk) == {1: ("phone", "guardian")}
    assessed = (incident.id, "release", "person 1", "child_themselves", "Assessed by their social worker.")
    decision = decide(desk, *assessed, review_at=clock.now() + timedelta(days=9))
    second(desk.acting_as(OFFICER), incident.id, decision.number)
    launched(desk, incident)
    assert live(desk) == {1: ("in_person", "person")}
