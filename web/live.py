"""Tells open pages that something changed: one look at the database a second for all viewers, no contents, ids checked before."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from typing import Self

import sqlalchemy as sa
from anyio import CapacityLimiter, to_thread
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from actions.errors import NotFound
from actions.sign_in import viewer_of
from db.models import JournalHead
from db.queries.heartbeat import last_heartbeat
from db.session import reading
from flows.guard import keep
from web.guard import COOKIE
from web.roles import READERS
from web.visit import House, Visit

LOOK_SECONDS = 1.0
SPREAD_MS, MOST_SPREAD_MS = 60, 12_000
"""For each viewer of the same thing, so that many do not fetch the page at one moment and wait for each other."""
CHECK_SECONDS = 60
"""How often a stream asks again whether its viewer may still look; until then a revoked one only hears that something changed."""


class Watch:
    """Looks once a second at the chains that somebody watches, and wakes those who watch them."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._heads: dict[str, str] = {}
        self._watched: dict[str, int] = {}
        self._blind = False
        self._turned = asyncio.Condition()
        # A thread of its own: pages that wait for a slow database must not hold up the look.
        self._own = CapacityLimiter(1)
        self._looking: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._looking = asyncio.create_task(self._look_on())
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._looking:
            self._looking.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._looking

    async def _look_on(self) -> None:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            if not self._watched:
                continue
            try:
                self._heads = await to_thread.run_sync(self._look, tuple(self._watched), limiter=self._own)
                self._blind = False
            except Exception as error:  # noqa: BLE001 - a door: whatever it is, the watch goes on, and viewers are told
                if not self._blind:
                    keep(error)
                self._blind = True
            async with self._turned:
                self._turned.notify_all()

    def _look(self, chains: tuple[str, ...]) -> dict[str, str]:
        with reading(self._house.database) as session:
            beat = last_heartbeat(session)
            heads = sa.select(JournalHead.chain, JournalHead.hash).where(JournalHead.chain.in_(chains))
            return dict(session.execute(heads).tuples().all()) | {"": beat.isoformat() if beat else ""}

    async def answer(self, request: Request) -> Response:
        """A stream that says "changed", and over how many milliseconds to fetch it, for the incident of ?incident=, or for the clock's last check without it."""
        allowed = await run_in_threadpool(self._chain, request)
        if allowed is None:
            return Response("Sign in first.", 401)
        stream = StreamingResponse(self._stream(request, allowed), media_type="text/event-stream")
        stream.headers["x-accel-buffering"] = "no"
        return stream

    def _chain(self, request: Request) -> str | None:
        """The chain that this request may watch; None when it may not."""
        visit = Visit(request, self._house)
        visit.guest = viewer_of(visit.desk_of_nobody(), request.cookies.get(COOKIE, ""))
        if visit.guest is None or not visit.guest.signed_in or not visit.may & READERS:
            return None
        reference = visit.said("incident", 40)
        if not reference:
            return ""
        try:
            with visit.reading() as session:
                return str(visit.incident(session, reference).id)
        except NotFound:
            return None

    def _spread(self, chain: str) -> int:
        """Milliseconds over which those who watch this fetch it anew; one viewer waits for nobody."""
        return min(MOST_SPREAD_MS, SPREAD_MS * (self._watched.get(chain, 1) - 1))

    @contextlib.contextmanager
    def _watching(self, chain: str) -> Iterator[None]:
        self._watched[chain] = self._watched.get(chain, 0) + 1
        try:
            yield
        finally:
            self._watched[chain] -= 1
            if not self._watched[chain]:
                del self._watched[chain]

    async def _stream(self, request: Request, chain: str) -> AsyncIterator[str]:
        seen, looks, blind = _seen(request) or self._heads.get(chain), 0, False
        with self._watching(chain):
            yield "retry: 3000\n\n"
            while True:
                async with self._turned:
                    await self._turned.wait()
                now, looks = self._heads.get(chain) or seen, looks + 1
                if blind != self._blind:
                    blind = self._blind
                    yield "event: blind\ndata: blind\n\n" if blind else "event: sees\ndata: sees\n\n"
                if seen is not None and now != seen:
                    yield f"id: {now}\nevent: changed\ndata: {self._spread(chain)}\n\n"
                elif looks % 15 == 0:
                    yield ": still here\n\n"
                seen = now
                if looks % CHECK_SECONDS == 0 and await run_in_threadpool(self._chain, request) != chain:
                    yield "event: ended\ndata: ended\n\n"
                    return


def _seen(request: Request) -> str:
    """What the page showed when it was made, or was told last before its connection broke: a change since is told at once."""
    return request.headers.get("last-event-id", "") or request.query_params.get("seen", "")
