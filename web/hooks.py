"""Where providers post what became of messages: no session, no form; a signature over the bytes is the only door."""

from starlette.responses import PlainTextResponse, Response

from actions.errors import Conflict, NotSignedIn
from actions.receive_events import NotEvents, Old, receive_sendgrid
from channels.sendgrid_events import SIGNATURE, TIMESTAMP
from web.routes import Route, hook
from web.visit import Visit

LARGEST = 4_000_000
"""SendGrid posts some hundred events at a time, of about 400 bytes each."""


def sendgrid(visit: Visit) -> Response:
    """SendGrid's event webhook. It hears 200 only when the events are on disk, and tries again for a day otherwise."""
    headers = visit.request.headers
    try:
        kept = receive_sendgrid(
            visit.desk_of_nobody(), visit.body, headers.get(SIGNATURE, ""), headers.get(TIMESTAMP, "")
        )
    except NotSignedIn as refusal:
        return PlainTextResponse(str(refusal), 401)
    except NotEvents as refusal:
        return PlainTextResponse(str(refusal), 400)
    except (Old, Conflict) as refusal:
        return PlainTextResponse(str(refusal), 403)
    return PlainTextResponse(f"kept {kept}")


ROUTES: tuple[Route, ...] = (hook("/hooks/sendgrid", sendgrid, largest=LARGEST),)
