"""An incident with something of everything on it: people, reports, waves, tasks, decisions, for pages to show."""

from pathlib import Path

from actions.approve_wave import approve_wave
from actions.contain import contain
from actions.decide import decide
from actions.declare import Declared
from actions.desk import Desk
from actions.launch import launch
from actions.prepare_notices import prepare_notices
from actions.prepare_reports import prepare_reports
from tests.ledger import an_incident_with

APPROVER = "approver@example.org"
PEOPLE = [
    {"reference": "C1", "name": "Sam Sample", "email": "sam@example.org"},
    {"reference": "C2", "name": "Kim Sample", "kind": "victim", "phone": "020 7946 0001"},
]


def a_full_incident(desk: Desk, folder: Path, name: str = "Lost discs") -> Declared:
    """Drafted: one e-mail and one call, reports, measures, a decision that waits for its second person."""
    incident = an_incident_with(desk, folder, PEOPLE, title=name)
    contain(desk, incident.id)
    prepare_reports(desk, incident.id)
    prepare_notices(desk, incident.id)
    decide(desk, incident.id, "waiver", "uk-gdpr-33-1", "not_required", "Reported by our processor.")
    return incident


def under_way(desk: Desk, reference: str) -> None:
    """Wave 1 approved and launched, by two."""
    approve_wave(desk.acting_as(APPROVER), reference, 1)
    launch(desk, reference, 1)
