"""Calls and visits: what came of each try, what is kept sealed, and when the way is no longer safe."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from actions import clock
from actions.after_contact import raise_concern
from actions.contact import TRY_AGAIN, Spoken, contact, notes_of
from actions.correct_person import correct_person
from actions.declare import Declared
from actions.desk import Desk
from actions.end_task import end_task
from actions.enter_people import details_of
from actions.errors import Conflict, Stale
from actions.read_script import read_script
from db.models import Alert, JournalEntry, Notice, Obligation, Person, Receipt, Task, Wave
from db.queries.balance import balance
from tests.conftest import MANAGER, Time
from tests.ledger import an_incident_with, launched

SAFE = {
    "safe_channel": "phone",
    "safe_number": "07700 900123",
    "safe_until": "2099-01-01",
    "safe_confirmed_by": "Case worker",
    "safe_confirmed_on": "2026-11-01",
}
VICTIM = {"reference": "V1", "kind": "victim", "name": "Vera Vale", **SAFE}


@pytest.fixture
def incident(desk: Desk, tmp_path: Path) -> Declared:
    """One victim, to be rung up."""
    made = an_incident_with(desk, tmp_path, [VICTIM])
    launched(desk, made)
    return made


HOURS = {"safe_hours": "every day 09:00-10:00", "code_word": "lighthouse"}


def task(desk: Desk) -> Task:
    """The newest contact that still stands."""
    contacts = sa.select(Task).where(Task.kind == "contact", Task.state != "cancelled").order_by(Task.number.desc())
    with desk.reading() as session:
        return session.scalars(contacts.limit(1)).one()


def notice_state(desk: Desk) -> str:
    with desk.reading() as session:
        return session.scalars(sa.select(Notice.state).where(Notice.state != "cancelled")).one()


def say(desk: Desk, incident: Declared, outcome: str, **more: Any) -> Task:
    return contact(desk, incident.id, task(desk).number, Spoken(outcome, **{"asked_first": True} | more))


def test_told_settles_the_notice_the_wave_and_the_duty_with_a_sealed_proof(desk: Desk, incident: Declared) -> None:
    say(desk, incident, "told", note="Vera wants a letter.", by="isva@example.org", witness="colleague@example.org")
    assert notice_state(desk) == "told"
    with desk.reading() as session:
        receipt = session.scalars(sa.select(Receipt)).one()
        assert (receipt.kind, receipt.name) == ("told_by_telephone", "witnessed by colleague@example.org")
        assert receipt.proof is not None and b"Vera" not in receipt.proof
        assert session.scalars(sa.select(Wave.state)).one() == "done"
        assert session.scalars(sa.select(Obligation.state).where(Obligation.duty == "uk-p3-68-1")).one() == "met"
        assert balance(session, incident.id).as_json()["told"] == 1
    assert (task(desk).state, task(desk).outcome) == ("done", "told")


@pytest.mark.parametrize("outcome", TRY_AGAIN)
def test_a_try_that_failed_leaves_the_task_open_with_the_next_one(desk: Desk, incident: Declared, outcome: str) -> None:
    due_at, next_at = task(desk).due_at, clock.now() + timedelta(hours=5)
    say(desk, incident, outcome, next_try_at=next_at)
    assert (task(desk).state, task(desk).due_at) == ("open", due_at)
    [tried] = task(desk).details["tries"]
    assert (tried["outcome"], tried["next_try_at"]) == (outcome, next_at.isoformat())
    assert notice_state(desk) == "queued"


def test_giving_up_needs_three_tries_or_reasons(desk: Desk, incident: Declared) -> None:
    with pytest.raises(Conflict, match="needs reasons"):
        say(desk, incident, "unreachable")
    for _ in range(3):
        say(desk, incident, "no_answer")
    say(desk, incident, "unreachable")
    assert notice_state(desk) == "unreached"
    with desk.reading() as session:
        assert balance(session, incident.id).as_json()["unreachable"] == 1


def test_declining_needs_a_note_and_ends_it(desk: Desk, incident: Declared) -> None:
    with pytest.raises(Conflict, match="needs a note"):
        say(desk, incident, "declined")
    say(desk, incident, "declined", note="They did not want to hear it.")
    assert notice_state(desk) == "unreached"


def test_what_was_said_is_kept_sealed_try_by_try(desk: Desk, incident: Declared) -> None:
    say(desk, incident, "someone_else", note="Markerson answered")
    say(desk, incident, "told", note="Markerdottir listened")
    with desk.act("test", incident.id) as act:
        assert [one["note"] for one in notes_of(act, task(desk))] == ["Markerson answered", "Markerdottir listened"]
    with desk.reading() as session:
        assert "Marker" not in " ".join(session.scalars(sa.select(JournalEntry.body)))
        assert "Marker" not in json.dumps(task(desk).details)


@pytest.mark.parametrize(
    ("outcome", "more", "says"),
    [
        ("perhaps", {}, "not an outcome"),
        ("told", {"at": clock.now() + timedelta(days=1)}, "in the future"),
        ("told", {"at": clock.now() - timedelta(days=1)}, "before it was opened"),
        ("told", {"at": clock.now().replace(tzinfo=None)}, "no offset"),
        ("told", {"next_try_at": clock.now() + timedelta(days=1)}, "only follows an outcome"),
        ("no_answer", {"next_try_at": clock.now() - timedelta(days=1)}, "lies in the future"),
    ],
)
def test_what_cannot_be_is_refused(
    desk: Desk, incident: Declared, outcome: str, more: dict[str, Any], says: str
) -> None:
    with pytest.raises(Conflict, match=says):
        say(desk, incident, outcome, **more)
    assert task(desk).details["tries"] == []


def test_a_contact_is_told_once_and_not_ended_like_any_task(desk: Desk, incident: Declared) -> None:
    with pytest.raises(Conflict, match="contact with a person"):
        end_task(desk, incident.id, task(desk).number, "done")
    number = task(desk).number
    say(desk, incident, "told")
    with pytest.raises(Conflict, match="done already"):
        contact(desk, incident.id, number, Spoken("told", asked_first=True))


def test_the_script_is_read_only_while_its_way_is_safe(desk: Desk, incident: Declared) -> None:
    script = read_script(desk, incident.id, task(desk).number).content
    assert script.to_address == "+447700900123"
    real = clock.now
    with pytest.MonkeyPatch.context() as patch, pytest.raises(Stale, match="no longer safe"):
        patch.setattr("actions.desk.clock.now", lambda exercise=None: real(exercise).replace(year=2099, month=6))
        read_script(desk, incident.id, task(desk).number)
    with desk.reading() as session:
        assert session.scalars(sa.select(Task.state).where(Task.kind == "contact")).all() == ["cancelled"]


def test_every_look_at_a_script_is_journalled(desk: Desk, incident: Declared) -> None:
    read_script(desk.acting_as("reader@example.org"), incident.id, task(desk).number)
    with desk.reading() as session:
        bodies = [json.loads(body) for body in session.scalars(sa.select(JournalEntry.body))]
    assert [body["actor"] for body in bodies if body["act"] == "read_script"] == ["reader@example.org"]


def test_a_new_safe_contact_calls_the_old_task_back_and_makes_another(desk: Desk, incident: Declared) -> None:
    correct_person(desk, incident.id, 1, {"safe_number": "07700 900456"}, "they gave another number")
    launched(desk, incident)
    assert read_script(desk, incident.id, task(desk).number).content.to_address == "+447700900456"
    with desk.reading() as session:
        states = sorted(session.scalars(sa.select(Task.state).where(Task.kind == "contact")))
    assert states == ["cancelled", "open"]


def test_someone_unreached_is_told_after_all_when_another_way_is_found(desk: Desk, incident: Declared) -> None:
    say(desk, incident, "unreachable", note="moved away")
    correct_person(desk, incident.id, 1, {"safe_number": "07700 900456"}, "they gave another number")
    launched(desk, incident)
    say(desk, incident, "told")
    with desk.reading() as session:
        assert balance(session, incident.id).as_json() == {
            "affected": 1, "told": 1, "substitute": 0, "exempt": 0, "unreachable": 0, "pending": 0,
        }  # fmt: skip


@pytest.fixture
def agreed(desk: Desk, tmp_path: Path) -> Declared:
    """One victim with safe hours and a code word."""
    made = an_incident_with(desk, tmp_path, [VICTIM | HOURS])
    launched(desk, made)
    return made


def test_the_code_word_and_a_last_question_come_before_anything_is_told(desk: Desk, agreed: Declared) -> None:
    with pytest.raises(Conflict, match="code word comes before"):
        say(desk, agreed, "told")
    with pytest.raises(Conflict, match="still safe"):
        say(desk, agreed, "told", code_word=True, asked_first=False)
    assert notice_state(desk) == "queued"
    say(desk, agreed, "told", code_word=True)
    assert notice_state(desk) == "told"


def test_the_next_try_lies_inside_the_safe_hours_only(desk: Desk, agreed: Declared, time: Time) -> None:
    launched(desk, agreed)
    time.move(hours=24)
    with pytest.raises(Conflict, match="outside the hours"):
        say(desk, agreed, "no_answer", next_try_at=clock.now() + timedelta(hours=5))
    say(desk, agreed, "no_answer")
    assert task(desk).details["tries"][0]["next_try_at"] == "2026-11-22T09:00:00+00:00"
    script = read_script(desk, agreed.id, task(desk).number)
    assert (script.safe_hour, script.safe and script.safe.code_word) == (False, "lighthouse")


def test_a_visit_that_told_someone_has_a_witness(desk: Desk, tmp_path: Path) -> None:
    incident = an_incident_with(desk, tmp_path, [{"reference": "V1", "kind": "victim"}])
    launched(desk, incident)
    with pytest.raises(Conflict, match="who else was there"):
        say(desk, incident, "told")
    say(desk, incident, "told", witness="colleague@example.org")


def test_after_several_tries_the_safeguarding_lead_is_told_and_nothing_goes_another_way(
    desk: Desk, incident: Declared
) -> None:
    for _ in range(desk.settings.contact_tries):
        assert lead_tasks(desk) == []
        say(desk, incident, "someone_else")
    [(title, why)] = lead_tasks(desk)
    assert "Safeguarding" in title and "Data protection law does not prevent" in why
    with desk.reading() as session:
        alert = session.scalars(sa.select(Alert).where(Alert.kind == "safeguarding")).one()
        assert (alert.recipient, "Vera" in alert.text) == (MANAGER, False)
        assert session.scalars(sa.select(Notice.channel)).all() == ["phone"]
    assert (task(desk).state, notice_state(desk)) == ("open", "queued")


def test_a_worry_is_told_at_once_and_recorded(desk: Desk, incident: Declared) -> None:
    with pytest.raises(Conflict, match="what worries you"):
        raise_concern(desk, incident.id, task(desk).number, " ")
    raise_concern(desk, incident.id, task(desk).number, "A man answered and asked who rang.")
    assert len(lead_tasks(desk)) == 1
    with desk.reading() as session:
        bodies = [json.loads(body) for body in session.scalars(sa.select(JournalEntry.body))]
    [noted] = [body["details"]["noted"] for body in bodies if "noted" in body["details"]]
    assert "does not prevent sharing" in noted


def test_a_number_that_is_someone_else_s_is_never_rung_again(desk: Desk, incident: Declared) -> None:
    say(desk, incident, "wrong_number")
    launched(desk, incident)
    assert task(desk).title.startswith("Tell person 1 in person, through whoever owns their case")
    with desk.act("test", incident.id) as act:
        [person] = act.session.scalars(sa.select(Person))
        assert "7700900123" not in details_of(act, person).to_bytes().decode()


def test_whoever_asked_for_no_contact_is_left_alone_until_someone_decides(desk: Desk, incident: Declared) -> None:
    say(desk, incident, "asked_for_no_contact")
    correct_person(desk, incident.id, 1, {"safe_number": "07700 900456"}, "a relative gave another number")
    launched(desk, incident)
    with desk.reading() as session:
        assert set(session.scalars(sa.select(Notice.state))) == {"cancelled"}
        assert "open" not in set(session.scalars(sa.select(Task.state).where(Task.kind == "contact")))


def lead_tasks(desk: Desk) -> list[tuple[str, str]]:
    with desk.reading() as session:
        rows = session.execute(sa.select(Task.title, Task.why).where(Task.key.startswith("safeguarding:")))
        return [(title, why) for title, why in rows]
