"""A report as JSON for a computer, and the list of those who were told what is otherwise now."""

import json
from typing import Any

from starlette.responses import Response

from actions.errors import NotFound
from actions.told_before import told_the_old_value
from db.queries import work
from db.queries.incidents import exercise_of
from notices.filled import read_back
from notices.machine import machine
from web.paper import show
from web.roles import READERS
from web.routes import page
from web.visit import Visit


def report_json(visit: Visit) -> Response:
    """The form's own JSON where it has one, else the answers as they are kept."""
    with visit.reading() as session:
        incident = visit.incident(session)
        found = work.report(session, incident.id, visit.number())
    if found is None:
        raise NotFound(f"{incident.reference} has no report {visit.number()}.")
    report, _ = found
    told = machine(read_back(report.content)) or report.content
    name = f"{incident.reference}-report-{report.number}.json"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(json.dumps(told, indent=1, ensure_ascii=False), media_type="application/json", headers=headers)


def told(visit: Visit) -> Response:
    """Who was told a value that is another one now, by which report or wave, and when."""
    desk = visit.desk_of_nobody()
    with visit.reading() as session:
        incident = visit.incident(session)
        words: dict[str, Any] = {
            "incident": incident,
            "exercise": exercise_of(session, incident),
            "told": told_the_old_value(desk, session, incident),
        }
    return show(visit, "told_before.html", **words)


ROUTES = (
    page("/incidents/{reference}/reports/{number:int}/json", report_json, READERS),
    page("/incidents/{reference}/told", told, READERS),
)
