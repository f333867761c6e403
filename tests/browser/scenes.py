"""Incidents for browsers to look at: one with something of everything on it, one whose wave is ready to leave."""

from actions.approve_wave import approve_wave
from actions.contain import contain
from actions.decide import decide
from actions.deliver import deliver
from actions.launch import launch
from actions.prepare_notices import prepare_notices
from actions.prepare_reports import prepare_reports
from db.queries.notices import waves_of
from tests.browser.house import House
from tests.conftest import OFFICER
from tests.ledger import an_incident_with, customers

MANY = 40
SOME = [
    {"reference": "C1", "name": "Sam Sample", "email": "sam@example.org"},
    {"reference": "C2", "name": "Kim Sample", "kind": "victim", "phone": "020 7946 0001"},
    {"reference": "C3", "name": "Lou Sample", "address": "1 Example Street; Exampletown"},
]


def a_full_incident(house: House, title: str) -> str:
    """Reports and waves in several states, measures, contacts, a decision that waits for its second person; its reference."""
    desk, officer = house.desk, house.desk.acting_as(OFFICER)
    incident = an_incident_with(desk, house.folder, SOME, title=title)
    contain(desk, incident.id)
    prepare_reports(desk, incident.id)
    prepare_notices(desk, incident.id)
    decide(desk, incident.id, "waiver", "uk-p3-67-5", "not_required", "Everything is in the first report.")
    with desk.reading() as session:
        waves = waves_of(session, incident.id)
    for wave in waves[:-1]:
        approve_wave(officer, incident.id, wave.number)
        launch(desk, incident.id, wave.number)
        deliver(desk, wave.id)
    return incident.reference


def a_wave_ready(house: House, title: str) -> str:
    """Forty customers, and the notices to them approved; the incident's reference."""
    incident = an_incident_with(house.desk, house.folder, customers(MANY), title=title, kinds=["customer"])
    prepare_notices(house.desk, incident.id)
    approve_wave(house.desk.acting_as(OFFICER), incident.id, 1)
    return incident.reference
