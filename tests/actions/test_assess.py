"""What an assessment writes down: every duty once, quietly where it does not apply; limits that hang on others; authorities that change."""

from typing import Any

import sqlalchemy as sa

from actions.append_facts import Known
from actions.ask_book import ask_book
from actions.assess import assess
from actions.desk import Desk
from actions.record_facts import record_facts
from db.chain import canonical
from db.models import Incident, JournalEntry, Obligation
from rulebook.library import book
from tests.builders import an_incident
from tests.conftest import Time

FOUR_STATES: dict[str, Any] = {
    "organisation__roles": ["controller"],
    "organisation__establishments": ["US-TX"],
    "data": ["name", "social_security_number", "health"],
    "medium": ["electronic"],
    "nature": ["acquisition"],
    "people__US-TX": 20_000,
    "people__US-NY": 20_000,
    "people__US-OR": 20_000,
    "people__US-MD": 20_000,
    "people__US-ME": 20_000,
    "events__determined": "2026-11-20T10:00+00:00",
}


def _rows(desk: Desk, incident: Any, duty: str | None = None) -> list[Obligation]:
    with desk.reading() as session:
        mine = sa.select(Obligation).where(Obligation.incident_id == incident.id)
        return list(session.scalars(mine.where(Obligation.duty == duty) if duty else mine))


def test_every_duty_has_its_row_and_those_that_do_not_apply_share_one_entry(desk: Desk, time: Time) -> None:
    incident = an_incident(desk)
    found = assess(desk, incident.id)
    rows = _rows(desk, incident)
    assert {row.duty for row in rows} == set(book().by_duty)
    assert found.applies + found.does_not_apply + found.unknown == len(rows)
    with desk.reading() as session:
        entries = [
            str(entry.body)
            for entry in session.scalars(sa.select(JournalEntry).where(JournalEntry.chain == str(incident.id)))
        ]
    spared = [row.duty for row in rows if row.answer == "does_not_apply"]
    assert spared and all(sum(canonical(duty) in entry for entry in entries) == 1 for duty in spared[:5])
    again = assess(desk, incident.id)
    assert again.changed == 0


def test_a_limit_that_hangs_on_another_duty_is_counted_as_the_rulebook_counts_it(desk: Desk, time: Time) -> None:
    incident = an_incident(desk, people__GB=None, risk=None, purposes=None, **FOUR_STATES)
    assess(desk, incident.id)
    with desk.reading() as session:
        held = session.get_one(Incident, incident.id)
        asked = ask_book(session, desk.settings, held, time.now, book())
    counted = {(answer.duty, answer.authority or ""): answer.due_at for answer in asked.answers if answer.terms}
    chained = {answer.duty for answer in asked.answers if answer.due_at and answer.terms.get("chained")}
    assert chained
    rows = {(row.duty, row.authority): row.due_at for row in _rows(desk, incident) if row.born_at}
    assert rows == counted


def test_a_duty_that_turns_out_to_fall_to_another_authority_is_owed_to_that_one_alone(desk: Desk, time: Time) -> None:
    facts = {"organisation__roles": ["controller"], "purposes": None, "people__GB": None, "people__FR": 20}
    incident = an_incident(desk, organisation__establishments=["FR", "BE"], **facts)
    assess(desk, incident.id)
    before = {row.authority: row.state for row in _rows(desk, incident, "eu-gdpr-33-1")}
    assert before == {"": "open"}
    record_facts(desk, incident.id, [Known("organisation.main_establishment", "BE", "board")])
    assess(desk, incident.id)
    after = {row.authority: (row.state, row.because) for row in _rows(desk, incident, "eu-gdpr-33-1")}
    assert after[""] == ("watching", "it falls to eu/be")
    assert after["eu/be"][0] == "open"
