"""Does many pieces of work at once, and gives back what came of them: by threads, or as flights where the work is a request and its answer."""

from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Thread
from types import TracebackType
from typing import Generic, Self, TypeVar

from actions import clock
from channels.exchange import Answer
from channels.flights import Flights
from channels.outcome import ChannelError

Work = TypeVar("Work")
Done = TypeVar("Done")


class Crew(Generic[Work, Done]):
    """So many threads, begun when they are needed, each with one piece of work at a time: what hangs costs its own place and nobody else's."""

    def __init__(self, do: Callable[[Work], Done], threads: int, flights: Flights | None = None) -> None:
        self._do, self._flights = do, flights
        self._todo: SimpleQueue[Work | None] = SimpleQueue()
        self._done: SimpleQueue[tuple[Work, Done]] = SimpleQueue()
        self._most, self._threads = threads, list[Thread]()
        self.flying = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """What is begun is ended; nobody hears of it any more."""
        for _ in self._threads:
            self._todo.put(None)
        for thread in self._threads:
            thread.join()

    def give(self, work: Work) -> None:
        """One more to do, by whoever is free."""
        while len(self._threads) < self._most:
            thread = Thread(target=self._run, name=f"crew-{len(self._threads)}")
            thread.start()
            self._threads.append(thread)
        self.flying += 1
        self._todo.put(work)

    def fly(self, work: Work, request: Callable[[], bytes], landed: Callable[[Answer | ChannelError], Done]) -> None:
        """One more to do, as a request; *landed* says what its answer means. Raises ValueError without flights."""
        if self._flights is None:
            raise ValueError("this crew has no flights")
        self.flying += 1
        self._flights.begin(request, lambda came: self._done.put((work, landed(came))))

    def answers(self, longest: float, gather: float, enough: int) -> list[tuple[Work, Done]]:
        """What was done: waits so long for the first, then a moment for enough of them to be worth a transaction."""
        found: list[tuple[Work, Done]] = []
        until = clock.ticks() + longest
        while self.flying and len(found) < enough:
            one = self._next(until)
            if one is None:
                break
            found.append(one)
            self.flying -= 1
            if len(found) == 1:
                until = clock.ticks() + gather
        return found

    def _next(self, until: float) -> tuple[Work, Done] | None:
        """The next piece of work that is done, if it is by then."""
        while True:
            left = until - clock.ticks()
            try:
                if self._flights is None:
                    return self._done.get(timeout=max(0.0, left))
                return self._done.get_nowait()
            except Empty:
                if self._flights is None or left <= 0:
                    return None
                self._flights.look(left)

    def _run(self) -> None:
        while (work := self._todo.get()) is not None:
            self._done.put((work, self._do(work)))
            if self._flights is not None:
                self._flights.wake()
