"""The pages behind an incident's page: facts and their history, the ledger of people, texts, scripts, the journal."""

import shutil
import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session
from starlette.responses import Response

from actions import clock
from actions.contact import MEANS
from actions.errors import NotFound
from actions.names import law_facts_told, story_told
from actions.pack import pack
from actions.read_script import read_script
from db.models import Incident, Wave
from db.queries import work
from db.queries.facts import history, standing
from db.queries.held_back import holds_standing
from db.queries.incidents import exercise_of
from db.queries.journal import entries, newest, verify
from db.queries.notices import wave_by_number, waves_of
from db.queries.numbers import in_all, numbers_by_kind
from db.queries.people import Behind, imports, listed
from web.acts.people import columns_line
from web.paper import show
from web.roles import AUDITORS, READERS, WORKERS
from web.routes import page
from web.visit import Visit

PEOPLE_SHOWN = 200
STEPS = ("step", "rest")


def facts(visit: Visit) -> Response:
    """What is known, or was known at an hour of the incident."""
    with visit.reading() as session:
        incident = visit.incident(session)
        first, last = incident.declared_at, clock.now(exercise_of(session, incident))
        hours = int((last - first) / timedelta(hours=1)) + 1
        hour = _hour(visit, hours)
        at = None if hour is None else first + timedelta(hours=hour)
        words = {
            **_head(session, incident),
            "facts": sorted(standing(session, incident.id, at).items()),
            "history": history(session, incident.id),
            "hours": hours,
            "hour": hour,
            "at": at,
            "meaning": law_facts_told() | story_told(),
        }
    return show(visit, "facts.html", **words)


def _hour(visit: Visit, hours: int) -> int | None:
    typed = visit.said("hour", 6)
    return min(int(typed), hours) if typed.isascii() and typed.isdecimal() else None


def people(visit: Visit) -> Response:
    """The balance that closes the incident, of all or of one wave, and the people behind each of its numbers."""
    with visit.reading() as session:
        incident = visit.incident(session)
        wave, start = _wave_asked(visit, session, incident), visit.said("from", 9)
        kinds = numbers_by_kind(session, incident.id, wave.id if wave else None)
        everyone = in_all(kinds.values())
        only, kind = visit.said("only"), visit.said("kind")
        behind = Behind(
            only if only in everyone.as_json() else "", kind if kind in kinds else "", wave.id if wave else None
        )
        first = int(start) if start.isascii() and start.isdecimal() else 1
        rows = list(listed(session, incident.id, behind, first=first, most=PEOPLE_SHOWN + 1))
        words = {
            **_head(session, incident),
            "rows": rows[:PEOPLE_SHOWN],
            "more": rows[PEOPLE_SHOWN].number if len(rows) > PEOPLE_SHOWN else None,
            "behind": behind,
            "wave": wave,
            "waves": waves_of(session, incident.id),
            "balance": everyone.as_json(),
            "by_kind": [(kind, one.as_json()) for kind, one in kinds.items()],
            "imports": imports(session, incident.id),
            "held": holds_standing(session, incident.id),
            "head": newest(session, str(incident.id)),
        }
    return show(visit, "people.html", **words)


def _wave_asked(visit: Visit, session: Session, incident: Incident) -> Wave | None:
    asked = visit.said("wave", 9)
    return wave_by_number(session, incident.id, int(asked)) if asked.isascii() and asked.isdecimal() else None


def columns(visit: Visit) -> Response:
    """An empty list with every column, to fill in."""
    with visit.reading() as session:
        visit.incident(session)
    headers = {"content-disposition": 'attachment; filename="people.csv"'}
    return Response(columns_line().encode("utf-8-sig"), media_type="text/csv; charset=utf-8", headers=headers)


def evidence(visit: Visit) -> Response:
    """The evidence of an incident as a ZIP file that proves itself."""
    with visit.reading() as session:
        incident = visit.incident(session)
    with tempfile.TemporaryDirectory(prefix="forthwith-") as folder:
        packed = pack(visit.desk(), incident.id, Path(folder) / incident.reference)
        whole = shutil.make_archive(str(Path(folder) / "pack"), "zip", folder, incident.reference)
        data = Path(whole).read_bytes()
    headers = {
        "content-disposition": f'attachment; filename="{incident.reference}.zip"',
        "x-manifest-sha256": packed.manifest_sha256,
    }
    return Response(data, media_type="application/zip", headers=headers)


def journal(visit: Visit) -> Response:
    """Who did what when, and whether the record holds."""
    with visit.reading() as session:
        incident = visit.incident(session)
        whole = visit.said("all") == "yes"
        told = [
            {**body, "number": number, "hash": digest, "when": datetime.fromisoformat(body["at"])}
            for number, digest, _, body in entries(session, str(incident.id))
            if whole or not body["act"].startswith(STEPS)
        ]
        words = {
            **_head(session, incident),
            "entries": told,
            "record": verify(session, str(incident.id)),
            "whole": whole,
        }
    return show(visit, "journal.html", **words)


def script(visit: Visit) -> Response:
    """What to say in a call or a visit. That somebody looked is recorded."""
    with visit.reading() as session:
        incident = visit.incident(session)
        task = next((one for one in work.tasks(session, incident.id) if one.number == visit.number()), None)
        words = {**_head(session, incident), "task": task}
    if task is None:
        raise NotFound(f"{incident.reference} has no task {visit.number()}.")
    return show(visit, "script.html", script=read_script(visit.desk(), incident.id, task.number), means=MEANS, **words)


def letter(visit: Visit) -> Response:
    """The letter that a case worker hands over. That somebody looked is recorded."""
    with visit.reading() as session:
        incident = visit.incident(session)
    data = read_script(visit.desk(), incident.id, visit.number()).content.letter_pdf
    if not data:
        raise NotFound("There is no letter to hand over for this task.")
    headers = {"content-disposition": f'inline; filename="{incident.reference}-task-{visit.number()}.pdf"'}
    return Response(data, media_type="application/pdf", headers=headers)


def _head(session: Session, incident: Incident) -> dict[str, Any]:
    return {"incident": incident, "exercise": exercise_of(session, incident)}


ROUTES = (
    page("/incidents/{reference}/facts", facts, READERS),
    page("/incidents/{reference}/people", people, READERS),
    page("/incidents/{reference}/people/columns.csv", columns, WORKERS),
    page("/incidents/{reference}/pack", evidence, AUDITORS),
    page("/incidents/{reference}/journal", journal, READERS),
    page("/incidents/{reference}/tasks/{number:int}/script", script, WORKERS),
    page("/incidents/{reference}/tasks/{number:int}/letter", letter, WORKERS),
)
