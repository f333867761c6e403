"""The threads that hand notices over, and the queues between them and the one that keeps the book."""

from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Thread
from types import TracebackType
from typing import Generic, Self, TypeVar

from actions import clock

Work = TypeVar("Work")
Done = TypeVar("Done")


class Crew(Generic[Work, Done]):
    """So many threads, each with one piece of work at a time: what hangs costs its own place and nobody else's."""

    def __init__(self, do: Callable[[Work], Done], threads: int) -> None:
        self._do = do
        self._todo: SimpleQueue[Work | None] = SimpleQueue()
        self._done: SimpleQueue[tuple[Work, Done]] = SimpleQueue()
        self._threads = [Thread(target=self._run, name=f"crew-{number}") for number in range(threads)]
        self.flying = 0
        for thread in self._threads:
            thread.start()

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
        self.flying += 1
        self._todo.put(work)

    def answers(self, longest: float, gather: float, enough: int) -> list[tuple[Work, Done]]:
        """What was done: waits so long for the first, then a moment for enough of them to be worth a transaction."""
        found: list[tuple[Work, Done]] = []
        until = clock.ticks() + longest
        while self.flying and len(found) < enough:
            try:
                found.append(self._done.get(timeout=max(0.0, until - clock.ticks())))
            except Empty:
                break
            self.flying -= 1
            if len(found) == 1:
                until = clock.ticks() + gather
        return found

    def _run(self) -> None:
        while (work := self._todo.get()) is not None:
            self._done.put((work, self._do(work)))
