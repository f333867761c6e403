"""Whom a wave is for: counted before it is drafted, by kind, language and way; and anyone's message, exactly as it leaves."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from actions.count_audience import count_audience
from actions.desk import Desk
from actions.draft_wave import Audience, draft_wave
from actions.errors import Conflict, NotFound
from actions.prepare_notices import prepare_notices
from actions.preview_notice import preview_notice
from db.models import Notice, Wave
from db.queries.journal import entries
from db.queries.notices import progress
from tests.ledger import an_incident_with, approved, drafted

MIXED = [
    {"reference": "E1", "email": "e1@example.org"},
    {"reference": "E2", "email": "e2@example.org", "language": "fr"},
    {"reference": "L1", "address": "1 Sample Street; Sampletown", "postcode": "SW1A 1AA"},
    {"reference": "P1", "email": "p1@example.org", "kind": "patient"},
    {"reference": "F1", "email": "f1@example.org", "flags": "file_says_so"},
]
AUDIENCES = (
    (Audience(["customer"]), 4),
    (Audience(["customer", "patient"]), 5),
    (Audience(["customer"], ["en"]), 3),
    (Audience(["customer"], ["fr"]), 1),
    (Audience(["customer"], channels=["email"]), 2),
    (Audience(["customer"], ["en"], ["email"]), 1),
    (Audience(["customer"], channels=["letter", "in_person"]), 2),
)


def states(desk: Desk, number: int) -> dict[str, int]:
    with desk.reading() as session:
        return progress(session, session.scalars(sa.select(Wave.id).where(Wave.number == number)).one())


@pytest.mark.parametrize(("audience", "size"), AUDIENCES, ids=lambda one: str(one))
def test_a_wave_is_for_exactly_those_who_were_counted_and_the_others_stay_for_other_waves(
    desk: Desk, tmp_path: Path, audience: Audience, size: int
) -> None:
    incident = an_incident_with(desk, tmp_path, MIXED)
    drafted(desk, incident)  # everyone is in a draft that nobody approved
    counted = count_audience(desk, incident.id, audience.kinds, audience.languages, audience.channels)
    assert counted.people == size
    made = draft_wave(desk, incident.id, audience, "breach-notice", "Ours")
    assert sum(states(desk, made.number).values()) == size
    assert states(desk, 1) == {"drafted": len(MIXED) - size, "cancelled": size} or size == len(MIXED)
    prepare_notices(desk, incident.id)
    with desk.reading() as session:
        living = session.scalars(sa.select(Notice.person_id).where(Notice.state == "drafted")).all()
    assert len(living) == len(set(living)) == len(MIXED)


def test_whoever_is_in_an_approved_wave_is_not_taken_into_another(desk: Desk, tmp_path: Path) -> None:
    incident = an_incident_with(desk, tmp_path, MIXED)
    approved(desk, incident)
    with pytest.raises(Conflict, match="Nobody waits"):
        draft_wave(desk, incident.id, Audience(["customer"]), "breach-notice")


def test_any_persons_exact_message_can_be_read_and_a_look_at_a_flagged_one_is_recorded_as_such(
    desk: Desk, tmp_path: Path
) -> None:
    incident = an_incident_with(desk, tmp_path, MIXED)
    drafted(desk, incident)
    shapes = {number: preview_notice(desk, incident.id, 1, number) for number in (1, 2, 3, 4, 5)}
    assert shapes[1].text and shapes[1].html and shapes[1].to_address == "e1@example.org"
    assert shapes[3].letter_pdf.startswith(b"%PDF")
    assert shapes[5].script
    with desk.reading() as session:
        acts = [body["act"] for _, _, _, body in entries(session, str(incident.id))][-6:]
    assert acts == [*["read_notices"] * 4, "view_flagged", "read_notices"]
    with pytest.raises(NotFound, match="no notice in wave 7"):
        preview_notice(desk, incident.id, 7, 1)
