"""The proof of what one person was told: exact bytes, graded words, every look at someone flagged on record."""

import json
from pathlib import Path

import sqlalchemy as sa

from actions.deliver import deliver
from actions.desk import Desk
from actions.graded import EVENTS, HANDED_OVER, SPOKEN, STATES, TRIED
from actions.prove_person import prove_person, sent_to_person
from actions.view_flagged import view_flagged
from db.models import JournalEntry
from db.models.event import EVENT_KINDS
from db.models.notice import NOTICE_STATES
from tests.ledger import an_incident_with, customers, launched


def looks(desk: Desk) -> list[tuple[str, str]]:
    with desk.reading() as session:
        bodies = [json.loads(body) for body in session.scalars(sa.select(JournalEntry.body))]
    acts = ("view_flagged", "read_notices", "read_script", "prove_person")
    return [(body["act"], body["actor"]) for body in bodies if body["act"] in acts]


def test_the_file_is_byte_for_byte_what_left(desk: Desk, tmp_path: Path) -> None:
    incident = an_incident_with(desk, tmp_path, customers(1))
    [wave] = launched(desk, incident)
    deliver(desk, wave.id)
    made = prove_person(desk, incident.id, 1)
    [one] = made.sent
    [left] = desk.settings.outbox_folder.rglob("*.eml")
    assert one.file == ("eml", left.read_bytes())
    assert [step.words for step in one.steps] == ["handed over to the outbox folder"]
    assert made.pdf.startswith(b"%PDF")


def test_the_proof_names_nobody_and_each_look_is_journalled(desk: Desk, tmp_path: Path) -> None:
    victim = {"reference": "M", "kind": "victim", "name": "Marker Markerson", "phone": "07700 900123"}
    incident = an_incident_with(desk, tmp_path, [victim])
    launched(desk, incident)
    reader = desk.acting_as("reader@example.org")
    assert b"Marker" not in prove_person(reader, incident.id, 1).pdf
    assert sent_to_person(reader, incident.id, 1)[0].file is None
    assert view_flagged(reader, incident.id, 1).details.get("name") == "Marker Markerson"
    assert looks(desk) == [(act, "reader@example.org") for act in ("prove_person", "read_notices", "view_flagged")]


def test_every_state_and_event_has_its_words_and_none_says_read() -> None:
    assert set(STATES) == set(NOTICE_STATES)
    assert set(EVENTS) == set(EVENT_KINDS)
    said = " ".join([*STATES.values(), *EVENTS.values(), *HANDED_OVER.values(), *TRIED.values(), *SPOKEN.values()])
    assert not {"read", "opened", "seen", "received"} & set(said.replace(",", " ").split())
