"""One person: who it is where somebody asks, everything sent exactly as it left, and the proof of it as a page."""

from starlette.responses import Response

from actions.errors import NotFound
from actions.prove_person import prove_person, sent_to_person
from actions.view_flagged import view_flagged
from db.queries.incidents import exercise_of
from web.paper import show
from web.roles import SECONDS, WORKERS
from web.routes import page
from web.visit import Visit

LOOKERS = WORKERS | SECONDS


def person(visit: Visit) -> Response:
    """Everything that was drafted for one person or sent to them, exactly. That somebody looked is recorded."""
    with visit.reading() as session:
        incident = visit.incident(session)
        exercise = exercise_of(session, incident)
    number, who = visit.number(), visit.said("who") == "yes"
    view = view_flagged(visit.desk(), incident.id, number) if who else None
    sent = sent_to_person(visit.desk(), incident.id, number)
    return show(visit, "person.html", incident=incident, exercise=exercise, number=number, sent=sent, view=view)


def message(visit: Visit) -> Response:
    """One message as it left, as a file to save."""
    with visit.reading() as session:
        incident = visit.incident(session)
    number, place = visit.number(), visit.number("place")
    sent = sent_to_person(visit.desk(), incident.id, number)
    file = sent[place - 1].file if 1 <= place <= len(sent) else None
    if file is None:
        raise NotFound("There is no such message: it was spoken, or never launched.")
    return _saved(file[1], f"{incident.reference}-person-{number}-{place}.{file[0]}")


def proof(visit: Visit) -> Response:
    """The proof of what the person was told. That it was made is recorded."""
    with visit.reading() as session:
        incident = visit.incident(session)
    made = prove_person(visit.desk(), incident.id, visit.number())
    return _saved(made.pdf, f"{incident.reference}-person-{visit.number()}.pdf")


def _saved(data: bytes, name: str) -> Response:
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(data, media_type="application/octet-stream", headers=headers)


ROUTES = (
    page("/incidents/{reference}/people/{number:int}", person, LOOKERS),
    page("/incidents/{reference}/people/{number:int}/proof", proof, LOOKERS),
    page("/incidents/{reference}/people/{number:int}/sent/{place:int}", message, LOOKERS),
)
