"""The application: every route behind one door, which asks who comes, reads what they bring, and answers what goes wrong."""

from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.responses import Response

from actions.sign_in import viewer_of
from db.session import Database
from settings.model import Settings
from web.after import run_wishes
from web.guard import COOKIE, Headers, TooLarge, capped, forged, from_elsewhere
from web.live import Watch
from web.raw import raw_door
from web.refusals import answer_for, broken, not_here, not_yours, sign_in_first
from web.routes import Route
from web.table import ROUTES
from web.visit import House, Visit

MOST_FIELDS = 1000


def application(settings: Settings) -> FastAPI:
    """The dashboard on these settings. It opens the database at once and gives it back at the end."""
    house = House(settings, Database(settings.url))
    watch = Watch(house)

    @asynccontextmanager
    async def living(_: FastAPI) -> AsyncIterator[None]:
        async with watch:
            yield
        await run_in_threadpool(house.under_way.end)
        house.database.close()

    made = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False, lifespan=living)
    made.state.house = house
    for route in ROUTES:
        door = raw_door(house, route) if route.raw else _door(house, route)
        made.add_api_route(route.path, door, methods=_methods(route), response_class=Response)
    made.add_api_route("/live", watch.answer, methods=["GET"], response_class=Response)
    made.add_exception_handler(HTTPException, _http_error(house))
    made.add_middleware(Headers)
    return made


def _methods(route: Route) -> list[str]:
    return ["GET", "HEAD"] if route.method == "GET" else [route.method]


def _door(house: House, route: Route) -> Callable[[Request], Coroutine[Any, Any, Response]]:
    async def door(request: Request) -> Response:
        visit = Visit(request, house)
        try:
            if route.method == "POST":
                visit.typed = await _typed(request, route.largest)
            return await run_in_threadpool(_answer, route, visit)
        except TooLarge:
            return await run_in_threadpool(answer_for, visit, 413, "That is larger than this form takes.")
        except MultiPartException:
            return await run_in_threadpool(answer_for, visit, 400, "What was sent is not a form.")
        finally:
            await visit.typed.close()

    return door


async def _typed(request: Request, largest: int) -> FormData:
    """What was typed. The stream is cut off at the cap, whatever its length was said to be."""
    reader = Request(request.scope, capped(request.receive, largest))
    try:
        return await reader.form(max_files=4, max_fields=MOST_FIELDS, max_part_size=largest)
    except HTTPException as wrong:
        raise MultiPartException(str(wrong.detail)) from None


def _answer(route: Route, visit: Visit) -> Response:
    """Ask who it is, then answer. Whatever goes wrong becomes a page that says what to do."""
    try:
        visit.guest = viewer_of(visit.desk_of_nobody(), visit.request.cookies.get(COOKIE, ""))
        response = _stopped(route, visit) or route.answer(visit)
    except Exception as error:  # noqa: BLE001 - a door: a person must get an answer to whatever it is
        response = broken(visit, error)
    return run_wishes(visit, response)


def _stopped(route: Route, visit: Visit) -> Response | None:
    """The answer for someone who may not pass; None lets them through."""
    guest = visit.guest
    if route.roles is None:
        if route.method == "POST" and from_elsewhere(visit.request):
            return answer_for(visit, 403, "This form was sent from another site, so nothing was done.")
        return None
    if guest is None:
        return sign_in_first(visit)
    if route.method == "POST" and forged(visit.request, guest.csrf, visit.text("csrf")):
        return answer_for(
            visit, 403, "This form does not belong to your session; load the page again and send it anew."
        )
    if step := not_here(visit, route.half_way):
        return step
    return None if guest.roles & route.roles else not_yours(visit, route.roles)


def _http_error(house: House) -> Callable[[Request, Exception], Coroutine[Any, Any, Response]]:
    async def answering(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        says = {404: "There is no page here.", 405: "That cannot be done here."}.get(status, "This cannot be answered.")
        return await run_in_threadpool(answer_for, Visit(request, house), status, says)

    return answering
