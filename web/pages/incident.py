"""One incident: its clocks to scale, duties, gates, tasks, people, texts, and what it waits for."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session
from starlette.responses import Response

from actions import clock
from actions.ask_book import nearby
from actions.filing_policy import readiness
from actions.known import for_laws
from actions.read_intake import waited
from actions.word_alert import title_of
from db.models import Incident, Obligation
from db.queries import work
from db.queries.blockers import blockers
from db.queries.facts import as_known, earliest
from db.queries.incidents import exercise_of
from db.queries.intakes import intakes_of
from db.queries.journal import Verdict, verify
from db.queries.notices import progress_of_waves, waves_of
from db.queries.numbers import in_all, numbers_by_kind
from db.queries.runs import last_run
from db.queries.tracks import tracks
from db.queries.waiting import waits_for
from db.queries.warnings import next_warning, not_acknowledged
from flows.environment import page as prefect_page
from rulebook.answer import Nearby
from rulebook.facts import Facts
from rulebook.library import book
from rulebook.severity import Severity, score
from rulebook.suggestion import suggest
from web.paper import show
from web.roles import READERS
from web.routes import page
from web.time_line import time_line
from web.visit import Visit
from web.ways_on import way_on

ORDER = {"open": 0, "watching": 1, "met": 2, "waived": 3}


def incident_page(visit: Visit) -> Response:
    """Everything about it on one page; each part leads to the acts that belong to it."""
    with visit.reading() as session:
        incident = visit.incident(session)
        words = _words(visit, session, incident)
    return show(visit, "incident.html", **words)


def _words(visit: Visit, session: Session, incident: Incident) -> dict[str, Any]:
    exercise = exercise_of(session, incident)
    at, known = clock.now(exercise), as_known(session, incident.id)
    duties = sorted(work.asked(session, incident.id), key=lambda one: ORDER[one.state])
    hands = work.hand_overs(session, incident.id)
    facts = for_laws(known)
    severity = severity_of(facts)
    kept = visit.house.kept
    people = in_all(kept.ask(session, incident.id, numbers_by_kind).values())
    progress = kept.ask(session, incident.id, progress_of_waves)
    return {
        "incident": incident,
        "exercise": exercise,
        "at": at,
        "moments": sorted(
            ((name, value) for name, value in known.items() if name.startswith("events.") and value),
            key=lambda one: datetime.fromisoformat(one[1]),
        ),
        "first_aware": earliest(session, incident.id, "events.aware"),
        "tracks": tracks(session, incident, people),
        "title_of": title_of,
        "authority_of": authority_of,
        "duties": duties,
        "others": work.idle(session, incident.id),
        "hands": hands,
        "switches": readiness(session, visit.settings, incident),
        "warnings": not_acknowledged(session, incident.id),
        "next_warning": next_warning(session, incident.id),
        "intakes": [(row, waited(row, at)) for row in intakes_of(session, incident.id)],
        "tasks": work.tasks(session, incident.id),
        "decisions": work.decisions(session, incident.id),
        "reports": work.reports(session, incident.id),
        "waves": [(wave, progress.get(wave.id, {})) for wave in waves_of(session, incident.id)],
        "people": people,
        "waiting": []
        if incident.closed_at
        else [(one, way_on(one.command)) for one in waits_for(session, incident, clock.real_now())],
        "blockers": [] if incident.closed_at else blockers(session, incident, people),
        "record": kept.ask(session, incident.id, record),
        "near": [] if incident.closed_at else _near(visit, session, incident, at),
        "severity": severity,
        "suggestion": suggest(facts, severity) if severity else None,
        "line": time_line(incident, known, duties, hands, at, visit.say),
        "run": last_run(session, incident.id),
        "prefect": prefect_page(visit.settings),
    }


def _near(visit: Visit, session: Session, incident: Incident, at: datetime) -> list[Nearby]:
    def near(session: Session, _: UUID) -> list[Nearby]:
        return nearby(session, visit.settings, incident, at)

    return visit.house.kept.ask(session, incident.id, near)


def record(session: Session, incident_id: UUID) -> Verdict:
    """Whether the incident's journal holds."""
    return verify(session, str(incident_id))


def authority_of(duty: Obligation) -> str:
    """The name of whoever must be told; its key where the book has it no more."""
    found = book().authorities.get(duty.authority)
    return found.name if found else duty.authority or duty.recipient.replace("_", " ")


def severity_of(facts: Facts) -> Severity | None:
    """The ENISA score, where its inputs are known."""
    if facts.severity is None:
        return None
    unreadable = facts.protection.encrypted and facts.protection.key_compromised is False
    return score(facts.severity, sum(number or 0 for number in (facts.people or {}).values()), unreadable)


ROUTES = (page("/incidents/{reference}", incident_page, READERS),)
