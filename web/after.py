"""After an act: the flow runs that it wishes for are asked of Prefect when the answer has left, so that nobody waits for Prefect."""

from collections.abc import Sequence
from urllib.parse import quote

from starlette.background import BackgroundTask
from starlette.responses import RedirectResponse, Response

from actions.desk import Desk
from flows.ask import start
from web.visit import Visit


def run_wishes(visit: Visit, response: Response) -> Response:
    """Hang the asking on the response. If Prefect is away, the deadline check asks again."""
    desks = [desk for desk in visit.desks if desk.asked]
    if desks:
        response.background = BackgroundTask(_ask, desks)
    return response


def _ask(desks: Sequence[Desk]) -> None:
    for desk in desks:
        start(desk, desk.asked)


def done(visit: Visit, where: str, says: str) -> Response:
    """Back to a page, which says once what was done."""
    response = RedirectResponse(where, 303)
    response.set_cookie(
        "said", quote(says[:600]), max_age=60, path="/", httponly=True, samesite="lax", secure=secure(visit)
    )
    return response


def secure(visit: Visit) -> bool:
    """Whether cookies may only travel encrypted: always, but for plain HTTP on this machine."""
    return visit.request.url.scheme == "https"
