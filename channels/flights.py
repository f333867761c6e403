"""Many requests under way at once, in the hands of one thread: what hangs costs a connection, and nothing else waits for it.

A thread for each would do the same for a third more work: every answer would wake one of them, to wait for its turn at the interpreter.
Connections are opened beside by a few threads, because names and handshakes can only be waited for.
"""

from __future__ import annotations

import selectors
import socket
import ssl
import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Protocol, cast, runtime_checkable

from channels.exchange import MOST_AT_ONCE, Answer, Garbled, TooLong, answer_read
from channels.https import nobody_knows
from channels.outcome import ChannelError, TryAgain

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType
    from typing import Self

    from urllib3.connection import HTTPConnection

    from channels.envelope import Envelope
    from channels.exchange import Reading
    from channels.https import Https
    from channels.outcome import Accepted

    Land = Callable[[Answer | ChannelError], None]

_OPENERS = 16
_MOST_PIECES = 64
"""Of one answer that are read in a row; whoever says more waits for their turn, so that nobody keeps the thread for themselves."""
_NOT_YET = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)
_HEARS, _SPEAKS = selectors.EVENT_READ, selectors.EVENT_READ | selectors.EVENT_WRITE


@runtime_checkable
class ByRequest(Protocol):
    """What a channel has, too, whose hand-over is one HTTP request and its answer: its `send` is these two around `Https.carry`."""

    @property
    def https(self) -> Https:
        """Where its requests go."""

    def request(self, envelope: Envelope) -> bytes:
        """The request that hands the envelope over. Raises a ChannelError; nothing has left then."""

    def understood(self, answer: Answer) -> Accepted:
        """What the answer to it means, or a ChannelError."""


class _Socket(Protocol):
    """A connected socket that does not wait."""

    def fileno(self) -> int: ...

    def setblocking(self, flag: bool, /) -> None: ...

    def send(self, data: bytes | memoryview, /) -> int: ...

    def recv(self, most: int, /) -> bytes: ...


@dataclass
class _Flight:
    """One request, and as much of its answer as has come."""

    left: memoryview = field(repr=False)
    land: Land
    until: float
    reading: Reading


@dataclass(eq=False)
class _Wire:
    """One connection, at rest or with a flight."""

    connection: HTTPConnection
    sock: _Socket
    flight: _Flight | None = None
    served: bool = False
    """Whether anything was answered over it."""
    cut: bool = False
    """Whether the other side has stopped listening."""

    def push(self, flight: _Flight) -> None:
        """Send as much as goes without waiting. Raises OSError."""
        with suppress(*_NOT_YET):
            while flight.left:
                flight.left = flight.left[self._sent(flight.left) :]

    def pull(self, flight: _Flight) -> tuple[Answer, bool] | None:
        """Read as much as has come; the answer when it is whole, and whether the connection stays. Raises Garbled, TooLong or OSError."""
        with suppress(*_NOT_YET):
            for _ in range(_MOST_PIECES):
                try:
                    flight.reading.send(self.sock.recv(MOST_AT_ONCE))
                except StopIteration as ended:
                    answer, stays = ended.value
                    return answer, stays and not flight.left and not self.cut
        return None

    def _sent(self, some: memoryview) -> int:
        """How much was taken; whoever refuses a long request hangs up before its end, and says why before that."""
        try:
            return self.sock.send(some)
        except BrokenPipeError:
            self.cut = True
            return len(some)

    def rests(self) -> bool:
        """Whether the other side has neither ended it nor said what nobody asked; what belongs to the sealing may come at any time."""
        with suppress(OSError):
            try:
                self.sock.recv(1)
            except _NOT_YET:
                return True
        return False


class Flights:
    """Up to so many requests to one server under way. For one thread alone; any other may `wake` it."""

    def __init__(self, https: Https, most: int) -> None:
        self._https, self._most = https, most
        self._waiting: deque[tuple[Callable[[], bytes], Land]] = deque()
        self._flying: dict[_Wire, _Flight] = {}  # in the order of their limits
        self._idle: list[_Wire] = []
        self._openers = ThreadPoolExecutor(min(_OPENERS, most), thread_name_prefix="opens-lines")
        self._opening = 0
        self._opened: SimpleQueue[HTTPConnection | ChannelError] = SimpleQueue()
        self._selector = selectors.DefaultSelector()
        self._ear, self._mouth = socket.socketpair()
        for end in (self._ear, self._mouth):
            end.setblocking(False)
        self._selector.register(self._ear, _HEARS)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End every connection; nobody hears any more of what is under way."""
        self._openers.shutdown(cancel_futures=True)
        for wire in [*self._idle, *self._flying]:
            wire.connection.close()
        for one in self._all_opened():
            if not isinstance(one, ChannelError):
                one.close()
        self._selector.close()
        self._ear.close()
        self._mouth.close()

    def begin(self, request: Callable[[], bytes], land: Land) -> None:
        """Send this once there is a connection, at the next look; *land* hears in that thread what came of it: the answer, or
        TryAgain, Halt or Unknown. *request* may raise a ChannelError, too, and is asked in the last moment."""
        self._waiting.append((request, land))

    def look(self, seconds: float) -> None:
        """Send what is waiting, and land what comes and whose time is over; returns after so many seconds at the latest, sooner if anything came."""
        self._depart()
        self._hear(seconds)
        self._give_up()
        self._depart()

    def wake(self) -> None:
        """End the look that waits at this moment."""
        with suppress(BlockingIOError):
            self._mouth.send(b"\0")

    def _hear(self, seconds: float) -> None:
        for key, _ in self._selector.select(max(0.0, seconds)):
            if key.fileobj is self._ear:
                self._heard_of()
            else:
                self._spoken_to(key.data)

    def _heard_of(self) -> None:
        """Somebody called: whoever opens connections, or whoever wants this thread back."""
        with suppress(BlockingIOError):
            while self._ear.recv(4096):
                pass
        for one in self._all_opened():
            self._opening -= 1
            if not isinstance(one, ChannelError):
                wire = _Wire(one, cast("_Socket", one.sock))
                wire.sock.setblocking(False)
                self._selector.register(wire.sock, _HEARS, wire)
                self._idle.append(wire)
            elif self._waiting and not self._idle:
                self._waiting.popleft()[1](one)

    def _all_opened(self) -> list[HTTPConnection | ChannelError]:
        found = []
        with suppress(Empty):
            while True:
                found.append(self._opened.get_nowait())
        return found

    def _depart(self) -> None:
        """Send what can be sent, and have connections opened for the rest."""
        while self._waiting and (wire := self._rested()) is not None:
            request, land = self._waiting.popleft()
            try:
                raw = request()
            except ChannelError as error:
                self._idle.append(wire)
                land(error)
                continue
            flight = _Flight(memoryview(raw), land, time.monotonic() + self._https.answer_seconds, answer_read())
            wire.flight = self._flying[wire] = flight
            self._go_on(wire, flight, wire.push)
        room = self._most - len(self._idle) - len(self._flying)
        for _ in range(min(len(self._waiting), room) - self._opening):
            self._opening += 1
            self._openers.submit(self._open)

    def _rested(self) -> _Wire | None:
        """A connection over which nothing was said that nobody asked, and that has not ended, as of this very moment."""
        while self._idle:
            wire = self._idle.pop()
            if wire.rests():
                return wire
            self._drop(wire)
            if not wire.served and self._waiting:  # or whoever hangs up on everybody would be asked for ever
                self._waiting.popleft()[1](TryAgain("no connection (it ended before anything was said)"))
        return None

    def _spoken_to(self, wire: _Wire) -> None:
        """Something comes on a connection, or can leave now."""
        flight = wire.flight
        if flight is not None:
            self._go_on(wire, flight, wire.push)
        if flight is not None and wire.flight is flight:
            self._go_on(wire, flight, wire.pull)
        if flight is None and not wire.rests():
            self._idle.remove(wire)
            self._drop(wire)

    def _go_on(self, wire: _Wire, flight: _Flight, step: Callable[[_Flight], tuple[Answer, bool] | None]) -> None:
        try:
            done = step(flight)
        except (Garbled, TooLong, OSError) as error:
            self._land(wire, flight, nobody_knows(error), stays=False)
            return
        if done is not None:
            self._land(wire, flight, done[0], stays=done[1])
        else:
            self._listen(wire, _SPEAKS if flight.left else _HEARS)

    def _give_up(self) -> None:
        """Those whose time is over, and of whom nothing has come that could still be read."""
        now = time.monotonic()
        while self._flying:
            wire, flight = next(iter(self._flying.items()))
            if flight.until > now:
                break
            self._land(wire, flight, nobody_knows(TimeoutError()), stays=False)

    def _land(self, wire: _Wire, flight: _Flight, came: Answer | ChannelError, *, stays: bool) -> None:
        del self._flying[wire]
        wire.flight = None
        wire.served = True
        if stays:
            self._listen(wire, _HEARS)
            self._idle.append(wire)
        else:
            self._drop(wire)
        flight.land(came)

    def _listen(self, wire: _Wire, events: int) -> None:
        if self._selector.get_key(wire.sock).events != events:
            self._selector.modify(wire.sock, events, wire)

    def _drop(self, wire: _Wire) -> None:
        self._selector.unregister(wire.sock)
        wire.connection.close()

    def _open(self) -> None:
        """In a thread of its own."""
        opened: HTTPConnection | ChannelError
        try:
            opened = self._https.opened()
        except ChannelError as error:
            opened = error
        except Exception as error:  # noqa: BLE001 - somebody waits for it
            opened = TryAgain(f"no connection ({type(error).__name__})")
        self._opened.put(opened)
        self.wake()
