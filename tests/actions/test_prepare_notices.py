"""Preparing notices: what is owed is drafted once, in waves that keep people apart; what is missing is asked for."""

import json
from pathlib import Path

import pytest
import sqlalchemy as sa

from actions.content import Content
from actions.decide import decide, second
from actions.declare import Declared
from actions.desk import Desk
from actions.draft_wave import Audience, draft_wave
from actions.errors import Conflict
from actions.flag_person import flag_person
from actions.prepare_notices import Prepared, prepare_notices
from actions.read_script import read_notices
from actions.record_facts import Known, record_facts
from db.models import JournalEntry, Notice, Person, Task, Wave
from tests.ledger import WRITER, an_incident_with, approved, customers, drafted, enter, launched, tell_story

MIXED = [
    {"reference": "V1", "kind": "victim", "name": "Vera Vale"},
    {"reference": "W1", "kind": "witness", "name": "Wim Wood", "email": "wim@example.org"},
    {"reference": "A1", "kind": "accused", "name": "Arno Ash", "address": "1 Sample Street;Sampletown"},
    {"reference": "T1", "kind": "third_party", "name": "Tara Thorn", "email": "tara@example.org"},
    {"reference": "C1", "kind": "customer", "name": "Cem Clay", "email": "cem@example.org"},
    {"reference": "K1", "kind": "employee", "name": "Kit Kiln", "birth_date": "2012-01-01"},
]


def waves(desk: Desk) -> dict[str, list[tuple[str, str, str]]]:
    """For each circle the template, the kind and the channel of every notice in it that is not called back."""
    with desk.reading() as session:
        query = sa.select(Wave.circle, Wave.template, Notice.kind, Notice.channel).join(
            Notice, Notice.wave_id == Wave.id
        )
        rows = session.execute(query.where(Notice.state != "cancelled").order_by(Wave.number, Notice.kind)).all()
    found: dict[str, list[tuple[str, str, str]]] = {}
    for circle, *rest in rows:
        found.setdefault(circle, []).append(tuple(rest))
    return found


def open_tasks(desk: Desk) -> dict[str, str]:
    with desk.reading() as session:
        return dict(session.execute(sa.select(Task.key, Task.title).where(Task.state == "open")).all())


def contents(desk: Desk, incident: Declared, number: int) -> Content:
    """The newest thing written for this person."""
    return read_notices(desk, incident.id, number)[-1][1]


def test_people_are_told_in_circles_that_never_mix(desk: Desk, tmp_path: Path) -> None:
    incident = an_incident_with(desk, tmp_path, MIXED)
    assert prepare_notices(desk, incident.id).notices == 6
    assert waves(desk) == {
        "victims": [("breach-notice", "witness", "email"), ("victim-notice", "victim", "in_person")],
        "accused": [("accused-notice", "accused", "letter")],
        "third_parties": [("third-party-notice", "third_party", "email")],
        "others": [("breach-notice", "customer", "email"), ("victim-notice", "employee", "in_person")],
    }


def test_preparing_again_changes_nothing(desk: Desk, tmp_path: Path) -> None:
    incident = an_incident_with(desk, tmp_path, MIXED)
    prepare_notices(desk, incident.id)
    before = open_tasks(desk)
    assert prepare_notices(desk, incident.id) == Prepared(0, 0, 0, 0, 0)
    assert open_tasks(desk) == before


def test_nothing_is_drafted_while_no_duty_asks_for_it(desk: Desk, tmp_path: Path) -> None:
    incident = an_incident_with(desk, tmp_path, customers(2), risk="risk")
    assert prepare_notices(desk, incident.id) == Prepared(0, 0, 0, 0, 0)


def test_a_draft_whose_words_changed_is_drawn_up_again(desk: Desk, tmp_path: Path) -> None:
    incident = an_incident_with(desk, tmp_path, customers(2))
    [old] = drafted(desk, incident)
    tell_story(desk, incident, story__what_happened="The parcel was found, opened.")
    again = prepare_notices(desk, incident.id)
    assert (again.dropped, again.waves, again.notices) == (1, 1, 2)
    with desk.reading() as session:
        assert session.get_one(Wave, old.id).state == "stopped"
    assert "The parcel was found, opened." in contents(desk, incident, 1).text


def test_what_was_approved_is_not_touched_when_words_change(desk: Desk, tmp_path: Path) -> None:
    incident = an_incident_with(desk, tmp_path, customers(2))
    approved(desk, incident)
    tell_story(desk, incident, story__what_happened="The parcel was found, opened.")
    assert prepare_notices(desk, incident.id) == Prepared(0, 0, 0, 0, 0)
    assert [len(rows) for rows in waves(desk).values()] == [2]


def test_a_missing_word_is_a_task_that_names_the_fact_and_ends_when_it_is_written(desk: Desk, tmp_path: Path) -> None:
    incident = an_incident_with(desk, tmp_path, customers(1))
    record_facts(desk.acting_as(WRITER), incident.id, [Known("story.measures", None, "test")])
    assert prepare_notices(desk, incident.id).missing_words == 1
    assert open_tasks(desk) == {"words:story.measures": "Write story.measures (forthwith fact)"}
    tell_story(desk, incident)
    assert prepare_notices(desk, incident.id).notices == 1
    assert "words:story.measures" not in open_tasks(desk)


@pytest.mark.parametrize("kind", ["accused", "third_party"])
def test_words_written_for_others_are_never_shown_to_them(desk: Desk, tmp_path: Path, kind: str) -> None:
    row = {"reference": "X1", "kind": kind, "email": "x@example.org"}
    incident = an_incident_with(desk, tmp_path, [row])
    tell_story(desk, incident, **{f"story__{kind}__what_happened": None})
    prepare_notices(desk, incident.id)
    assert f"words:story.{kind}.what_happened" in open_tasks(desk)
    assert waves(desk) == {}


def test_a_text_that_names_a_victim_to_others_is_not_drafted(desk: Desk, tmp_path: Path) -> None:
    incident = an_incident_with(desk, tmp_path, MIXED)
    tell_story(desk, incident, story__accused__what_happened="A disc about Vera  VALE and you was lost.")
    prepare_notices(desk, incident.id)
    assert "accused" not in waves(desk)
    assert open_tasks(desk)["named:accused"] == "Take the name of a victim or witness out of the words for accused"
    assert "Vale" not in json.dumps(open_tasks(desk))


def test_a_link_in_the_words_is_a_task_and_nothing_is_drafted(desk: Desk, tmp_path: Path) -> None:
    incident = an_incident_with(desk, tmp_path, customers(2))
    tell_story(desk, incident, story__advice=["Look at https://example.org for more."])
    assert prepare_notices(desk, incident.id).waves == 0
    assert all("holds a link" in title or "web or e-mail address" in title for title in open_tasks(desk).values())
    tell_story(desk, incident)
    prepare_notices(desk, incident.id)
    assert list(open_tasks(desk).values()) == ["Read and approve wave 1: Everyone else affected (2 notices)"]


def test_a_person_flagged_after_the_draft_is_told_by_a_person(desk: Desk, tmp_path: Path) -> None:
    incident = an_incident_with(desk, tmp_path, customers(2))
    prepare_notices(desk, incident.id)
    flag_person(desk, incident.id, 1, "victim_of_abuse", "their case worker rang")
    prepare_notices(desk, incident.id)
    assert waves(desk) == {
        "others": [("breach-notice", "customer", "email"), ("victim-notice", "customer", "in_person")]
    }


def test_new_people_get_a_wave_of_their_own(desk: Desk, tmp_path: Path) -> None:
    incident = an_incident_with(desk, tmp_path, customers(2))
    launched(desk, incident)
    enter(desk, incident, tmp_path, customers(5), "more.csv")
    assert prepare_notices(desk, incident.id).notices == 3


def test_the_dead_are_a_question_for_a_person(desk: Desk, tmp_path: Path) -> None:
    incident = an_incident_with(desk, tmp_path, [{"reference": "D1", "email": "d@example.org", "deceased": "yes"}])
    prepare_notices(desk, incident.id)
    assert waves(desk) == {}
    assert list(open_tasks(desk).values()) == ["Decide whether and how the next of kin of person 1 are told"]
    decision = decide(desk, incident.id, "exemption", "people 1", "next_of_kin_told", "The family was visited.")
    second(desk.acting_as(WRITER), incident.id, decision.number)
    assert open_tasks(desk) == {}


def test_those_whom_no_way_reaches_are_a_question_for_a_person(desk: Desk, tmp_path: Path) -> None:
    incident = an_incident_with(desk, tmp_path, [{"reference": "N1"}, *customers(1)])
    assert prepare_notices(desk, incident.id).unreached == 1
    assert "substitute:0" in open_tasks(desk)


def test_each_notice_is_for_its_own_person_and_says_what_the_law_demands(desk: Desk, tmp_path: Path) -> None:
    incident = an_incident_with(desk, tmp_path, customers(3))
    drafted(desk, incident)
    texts = [contents(desk, incident, number) for number in (1, 2, 3)]
    assert [text.to_address for text in texts] == [f"customer{one}@example.org" for one in range(3)]
    for place, text in enumerate(texts):
        assert f"Dear Sam Sample {place}\n" in text.text
        assert not any(f"Sam Sample {other}" in text.text for other in range(3) if other != place)
        for words in (
            "A parcel with discs was lost",
            "could read them",
            "searched both offices",
            "Ring us",
            "020 7946 0018",
        ):
            assert words in text.text and words in text.html
    assert len({text.reply_reference for text in texts}) == 3


def test_a_frenchman_is_told_of_the_french_authority(desk: Desk, tmp_path: Path) -> None:
    rows = [*customers(1), {"reference": "F1", "email": "f@example.org", "country": "FR"}]
    facts = {
        "purposes": ["general"],
        "organisation__establishments": ["GB", "FR"],
        "organisation__roles": ["controller"],
        "people__FR": 5,
    }
    incident = an_incident_with(desk, tmp_path, rows, **facts)
    drafted(desk, incident)
    assert "Information Commissioner" in contents(desk, incident, 1).text
    assert "CNIL" in contents(desk, incident, 2).text
    assert "CNIL" not in contents(desk, incident, 1).text


def test_a_letter_is_kept_as_the_very_pdf_that_will_be_laid_out(desk: Desk, tmp_path: Path) -> None:
    incident = an_incident_with(desk, tmp_path, [{"address": "1 Sample Street;Sampletown", "postcode": "SW1A 1AA"}])
    drafted(desk, incident)
    letter = contents(desk, incident, 1)
    assert letter.letter_pdf.startswith(b"%PDF") and letter.text == ""


def test_the_script_of_a_safe_call_carries_the_code_word_and_no_one_else_sees_it(desk: Desk, tmp_path: Path) -> None:
    safe = {
        "safe_channel": "phone",
        "safe_number": "07700 900123",
        "safe_until": "2099-01-01",
        "safe_confirmed_by": "x",
        "safe_confirmed_on": "2026-11-01",
    }
    incident = an_incident_with(
        desk, tmp_path, [{"kind": "victim", **safe, "code_word": "lighthouse", "safe_hours": "mon-fri 9:00 to 12:00"}]
    )
    drafted(desk, incident)
    script = contents(desk, incident, 1)
    assert (script.channel, script.to_address, script.hours) == (
        "phone",
        "+447700900123",
        "Mon,Tue,Wed,Thu,Fri 09:00-12:00",
    )
    assert "lighthouse" in script.script
    with desk.reading() as session:
        assert "lighthouse" not in " ".join(session.scalars(sa.select(JournalEntry.body)))


def test_a_wave_drafted_by_hand_refuses_to_mix_circles(desk: Desk, tmp_path: Path) -> None:
    incident = an_incident_with(desk, tmp_path, MIXED)
    with pytest.raises(Conflict, match="away from victims"):
        draft_wave(desk, incident.id, Audience(["victim", "accused"]), "breach-notice")
    with pytest.raises(Conflict, match="not a kind of person who is told"):
        draft_wave(desk, incident.id, Audience(["guardian"]), "breach-notice")
    with pytest.raises(Conflict, match="There is no notice"):
        draft_wave(desk, incident.id, Audience(["customer"]), "nonsense")
    assert draft_wave(desk, incident.id, Audience(["customer"]), "breach-notice", "Customers").circle == "others"
    again = draft_wave(desk, incident.id, Audience(["customer"]), "breach-notice")
    assert again.number == 2, "a draft that nobody approved gives its people up to a later one"


def test_a_guardian_on_the_ledger_is_told_nothing_of_their_own_accord(desk: Desk, tmp_path: Path) -> None:
    child = {
        "reference": "K1",
        "birth_date": "2015-01-01",
        "guardian_reference": "G1",
        "guardian_verified": "yes",
        "guardian_conflict": "no",
    }
    guardian = {
        "reference": "G1",
        "kind": "guardian",
        "name": "Gina Glen",
        "phone": "07700 900123",
        "email": "g@example.org",
    }
    incident = an_incident_with(desk, tmp_path, [child, guardian])
    drafted(desk, incident)
    assert waves(desk) == {"others": [("victim-notice", "customer", "phone")]}
    script = contents(desk, incident, 1)
    assert (script.told_to, script.to_name, script.to_address) == ("guardian", "Gina Glen", "+447700900123")


def test_no_name_reaches_the_journal_or_a_task(desk: Desk, tmp_path: Path) -> None:
    marked = [
        row | {"name": f"Marker{place} Markerson", "reference": f"Marker{place}"} for place, row in enumerate(MIXED)
    ]
    incident = an_incident_with(desk, tmp_path, marked)
    launched(desk, incident)
    with desk.reading() as session:
        assert "Marker" not in " ".join(session.scalars(sa.select(JournalEntry.body)))
        for task in session.scalars(sa.select(Task)):
            assert "Marker" not in f"{task.title} {task.why} {task.details} {task.outcome}"
        for wave in session.scalars(sa.select(Wave)):
            assert "Marker" not in f"{wave.name} {wave.audience}"
        assert session.scalar(sa.select(sa.func.count()).select_from(Person)) == 6
