"""A list of invented people, an incident that must tell them, and the words to do it with."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from actions.approve_wave import approve_wave
from actions.assess import assess
from actions.declare import Declared
from actions.desk import Desk
from actions.import_people import Imported, import_people
from actions.launch import launch
from actions.prepare_notices import prepare_notices
from actions.record_facts import Known, record_facts
from db.models import Wave
from db.queries.notices import waves_of
from tests.builders import an_incident

WRITER, APPROVER = "writer@example.org", "approver@example.org"

STORY: dict[str, Any] = {
    "story.what_happened": "A parcel with discs was lost on its way between two of our offices.",
    "story.occurred_on": "between 16 and 20 November 2026",
    "story.discovered_on": "20 November 2026",
    "story.data_in_words": ["your name", "your address"],
    "story.consequences": ["Someone who finds the discs could read them."],
    "story.measures": ["We searched both offices.", "We no longer send discs."],
    "story.advice": ["Ring us if anyone speaks to you about it."],
    "story.support": [{"name": "Example Support Line", "phone": "020 7946 0456", "offers": "Someone listens."}],
}
OWN_STORY: dict[str, Any] = {
    f"story.{kind}.{name}": value
    for kind in ("accused", "third_party")
    for name, value in {
        "what_happened": "Material that holds information about you was lost.",
        "data_in_words": ["your name"],
        "consequences": ["Someone who finds it could read it."],
        "measures": ["We searched for it."],
        "advice": ["Ring us if you have a question."],
    }.items()
}


def a_list(folder: Path, rows: Sequence[Mapping[str, str]], name: str = "people.csv") -> Path:
    """A CSV file of these people; each row says what it needs, and has a kind and a name in any case."""
    columns = dict.fromkeys(column for row in ({"kind": "", "name": ""}, *rows) for column in row)
    path = folder / name
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(columns))
        writer.writeheader()
        writer.writerows({"kind": "customer", "name": f"Sam Sample {place}", **row} for place, row in enumerate(rows))
    return path


def customers(count: int) -> list[dict[str, str]]:
    """So many grown-up customers with an e-mail address each."""
    return [
        {"reference": f"C{one}", "name": f"Sam Sample {one}", "email": f"customer{one}@example.org"}
        for one in range(count)
    ]


def an_incident_with(desk: Desk, folder: Path, rows: Sequence[Mapping[str, str]], **facts: Any) -> Declared:
    """An assessed incident of high risk whose words are written, with these people on its ledger."""
    incident = an_incident(
        desk, **{"people__GB": max(len(rows), 15), "events__high_risk_determined": "2026-11-20T10:30+00:00", **facts}
    )
    tell_story(desk, incident)
    enter(desk, incident, folder, rows)
    assess(desk, incident.id)
    return incident


def tell_story(desk: Desk, incident: Declared, **changes: Any) -> None:
    """Record every word that a notice needs; *changes* have dots as double underscores, None takes a word back."""
    story = STORY | OWN_STORY | {name.replace("__", "."): value for name, value in changes.items()}
    told = [Known(name, value, "test") for name, value in story.items()]
    record_facts(desk.acting_as(WRITER), incident.id, told)


def enter(
    desk: Desk, incident: Declared, folder: Path, rows: Sequence[Mapping[str, str]], name: str = "people.csv"
) -> Imported:
    """Take these people in."""
    return import_people(desk, incident.id, a_list(folder, rows, name))


def drafted(desk: Desk, incident: Declared) -> Sequence[Wave]:
    """Prepare the notices and give back every wave there is."""
    prepare_notices(desk, incident.id)
    with desk.reading() as session:
        return waves_of(session, incident.id)


def approved(desk: Desk, incident: Declared) -> Sequence[Wave]:
    """Prepare everything and have someone else approve it."""
    waves = drafted(desk, incident)
    for wave in waves:
        if wave.state == "draft":
            approve_wave(desk.acting_as(APPROVER), incident.id, wave.number)
    return waves


def launched(desk: Desk, incident: Declared) -> Sequence[Wave]:
    """Prepare, approve and launch everything that can be, all of it at once."""
    for wave in approved(desk, incident):
        if wave.state == "draft":
            launch(desk, incident.id, wave.number, urgent="a test of what comes after")
    with desk.reading() as session:
        return waves_of(session, incident.id)
