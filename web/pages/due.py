"""What is due over all incidents that the visitor may see, the nearest first: limits, targets, tasks, hand-overs."""

import sqlalchemy as sa
from starlette.responses import Response

from actions import clock
from db.models import Incident
from db.queries.due import due_until
from db.queries.visible import visible
from web.paper import show
from web.roles import READERS
from web.routes import Route, page
from web.visit import Visit

MOST = 200


def due(visit: Visit) -> Response:
    """The list; exercises run by clocks of their own and are not in it."""
    with visit.reading() as session:
        open_to = set(
            session.scalars(
                sa.select(Incident.reference).where(
                    visible(visit.viewer), Incident.closed_at.is_(None), ~Incident.sealed
                )
            )
        )
        found = [one for one in due_until(session) if one.incident in open_to]
    return show(visit, "due.html", due=found[:MOST], more=max(0, len(found) - MOST), at=clock.real_now())


ROUTES: tuple[Route, ...] = (page("/due", due, READERS),)
