"""Whom a wave could be drafted for: counts by kind, language and way, each leading to the form that drafts."""

from starlette.responses import Response

from actions.count_audience import count_audience
from db.queries.incidents import exercise_of
from web.paper import show
from web.roles import MANAGERS
from web.routes import page
from web.visit import Visit


def audience(visit: Visit) -> Response:
    """Everyone who could be drafted for, counted; nobody is named."""
    with visit.reading() as session:
        incident = visit.incident(session)
        exercise = exercise_of(session, incident)
    found = count_audience(visit.desk(), incident.id)
    return show(visit, "audience.html", incident=incident, exercise=exercise, audience=found)


ROUTES = (page("/incidents/{reference}/audience", audience, MANAGERS),)
