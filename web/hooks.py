"""Where providers post what became of messages: no session, no form; a signature over the bytes or an agreed token is the only door."""

from collections.abc import Callable

from starlette.responses import PlainTextResponse, Response

from actions.errors import Conflict, NotSignedIn
from actions.receive_events import NotEvents, receive_notify, receive_sendgrid
from channels.sendgrid_events import SIGNATURE, TIMESTAMP
from web.routes import Route, hook
from web.visit import Visit

LARGEST = 4_000_000
"""SendGrid posts some hundred events at a time, of about 400 bytes each."""
LARGEST_CALL = 20_000
"""GOV.UK Notify calls once for each message."""


def sendgrid(visit: Visit) -> Response:
    """SendGrid's event webhook. It hears 200 only when the events are on disk, and tries again for a day otherwise."""
    headers = visit.request.headers
    signature, timestamp = headers.get(SIGNATURE, ""), headers.get(TIMESTAMP, "")
    return _told(lambda: receive_sendgrid(visit.desk_of_nobody(), visit.body, signature, timestamp))


def notify(visit: Visit) -> Response:
    """GOV.UK Notify's callbacks for delivery receipts and returned letters. It tries again for some time unless it hears 200."""
    authorization = visit.request.headers.get("authorization", "")
    return _told(lambda: receive_notify(visit.desk_of_nobody(), visit.body, authorization))


def _told(receive: Callable[[], int]) -> Response:
    try:
        kept = receive()
    except NotSignedIn as refusal:
        return PlainTextResponse(str(refusal), 401)
    except NotEvents as refusal:
        return PlainTextResponse(str(refusal), 400)
    except Conflict as refusal:
        return PlainTextResponse(str(refusal), 403)
    return PlainTextResponse(f"kept {kept}")


ROUTES: tuple[Route, ...] = (
    hook("/hooks/sendgrid", sendgrid, largest=LARGEST),
    hook("/hooks/notify", notify, largest=LARGEST_CALL),
)
