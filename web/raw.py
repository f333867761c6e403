"""The door for machines: the bytes as they came up to a cap, an answer in plain words, and no session anywhere."""

from collections.abc import Callable, Coroutine
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response

from flows.guard import keep
from web.guard import TooLarge, capped
from web.routes import Route
from web.visit import House, Visit


def raw_door(house: House, route: Route) -> Callable[[Request], Coroutine[Any, Any, Response]]:
    """The door of one route whose answer proves by itself who sent the bytes."""

    async def door(request: Request) -> Response:
        visit = Visit(request, house)
        try:
            visit.body = await Request(request.scope, capped(request.receive, route.largest)).body()
        except TooLarge:
            return PlainTextResponse("That is larger than is taken here.", 413)
        except ClientDisconnect:
            return PlainTextResponse("It broke off.", 400)
        return await run_in_threadpool(_answer, route, visit)

    return door


def _answer(route: Route, visit: Visit) -> Response:
    try:
        return route.answer(visit)
    except Exception as error:  # noqa: BLE001 - a door: the provider must hear that it has to send this again
        return PlainTextResponse(f"This could not be kept now; send it again ({keep(error)}).", 503)
