"""Every warning of an incident: told, passed over and why, still to come; and which report files itself when nobody acts."""

from typing import Any

from starlette.responses import Response

from actions import clock
from actions.filing_policy import policies, readiness
from actions.ladders import ladders
from db.queries.incidents import exercise_of
from web.paper import show
from web.roles import READERS
from web.routes import Route, page
from web.visit import Visit


def warnings(visit: Visit) -> Response:
    """The ladders, each rung with what became of it."""
    with visit.reading() as session:
        incident = visit.incident(session)
        exercise = exercise_of(session, incident)
        at = clock.now(exercise)
        words: dict[str, Any] = {
            "incident": incident,
            "exercise": exercise,
            "at": at,
            "ladders": ladders(session, visit.settings, incident, at),
            "switches": readiness(session, visit.settings, incident),
            "policies": list(policies(visit.settings).values()),
        }
    return show(visit, "warnings.html", **words)


ROUTES: tuple[Route, ...] = (page("/incidents/{reference}/warnings", warnings, READERS),)
