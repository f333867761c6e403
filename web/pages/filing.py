"""Filing by hand: a report question by question beside the authority's form, as a script for the telephone, and as it was sent."""

from typing import Any

from sqlalchemy.orm import Session
from starlette.responses import PlainTextResponse, Response

from actions.errors import NotFound
from actions.phone_script import phone_script
from db.models import Incident, Obligation, Report
from db.queries import work
from db.queries.dispatches import dispatches_of
from db.queries.incidents import exercise_of
from notices.filled import read_back
from notices.shown import TO_FOLLOW, sections
from rulebook.library import book
from web.paper import show
from web.roles import READERS
from web.routes import page
from web.visit import Visit


def copy(visit: Visit) -> Response:
    """Every answer in the form's order, each to be copied with one click and ticked off."""
    with visit.reading() as session:
        incident = visit.incident(session)
        found, duty = _report(session, incident, visit.number())
        known = book().authorities.get(duty.authority)
        words: dict[str, Any] = {
            "incident": incident,
            "exercise": exercise_of(session, incident),
            "report": found,
            "duty": duty,
            "filled": read_back(found.content),
            "sections": sections(read_back(found.content)),
            "to_follow": TO_FOLLOW,
            "portals": [way for way in known.ways if way.kind in ("portal", "form")] if known else [],
        }
    return show(visit, "copy.html", **words)


def script(visit: Visit) -> Response:
    """What to say on the telephone."""
    with visit.reading() as session:
        incident = visit.incident(session)
        found, duty = _report(session, incident, visit.number())
        return PlainTextResponse(phone_script(visit.settings, found, duty))


def sent(visit: Visit) -> Response:
    """The exact bytes that were handed over last; a browser may only save them."""
    desk = visit.desk_of_nobody()
    with visit.reading() as session:
        incident = visit.incident(session)
        found, _ = _report(session, incident, visit.number())
        left = next((one for one in dispatches_of(session, found.id) if one.sent is not None), None)
        if left is None or left.sent is None:
            raise NotFound("This report was not sent from here.")
        data = desk.vault(session, incident.id).open(left.sent, f"dispatches/sent/{left.id}")
    ending = "json" if left.way == "machine" else "eml"
    headers = {"content-disposition": f'attachment; filename="{incident.reference}-report-{found.number}.{ending}"'}
    return Response(data, media_type="application/octet-stream", headers=headers)


def _report(session: Session, incident: Incident, number: int) -> tuple[Report, Obligation]:
    found = work.report(session, incident.id, number)
    if found is None:
        raise NotFound(f"{incident.reference} has no report {number}.")
    return found


ROUTES = (
    page("/incidents/{reference}/reports/{number:int}/copy", copy, READERS),
    page("/incidents/{reference}/reports/{number:int}/script", script, READERS),
    page("/incidents/{reference}/reports/{number:int}/sent", sent, READERS),
)
