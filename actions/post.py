"""Hands what was claimed to its channels, many at a time, and hears what came of each."""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from functools import partial
from types import TracebackType
from typing import Self

from actions import clock
from actions.as_sent import envelope_of
from actions.claims import Answer, Claim
from actions.crew import Crew
from channels import exchange
from channels.envelope import Envelope
from channels.flights import ByRequest, Flights
from channels.outcome import Accepted, Channel, ChannelError, Halt, TryAgain, Unknown


class Post:
    """One run's: a window of notices in flight."""

    def __init__(self, ways: Mapping[str, Channel], category: str, most: int) -> None:
        self._ways, self._category, self._most = ways, category, most
        self._wired = next((way for way in ways.values() if isinstance(way, ByRequest)), None)
        self._stack = ExitStack()
        self.may_send_until = 0.0
        """The tick until which this worker surely has its lease; what waits for its turn then is not sent any more."""

    def __enter__(self) -> Self:
        flights = self._stack.enter_context(Flights(self._wired.https, self._most)) if self._wired else None
        self._crew = self._stack.enter_context(Crew(self._send, self._most, flights))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """What has left is not called back; what is still waiting for its turn stays here."""
        self.may_send_until = 0.0
        self._stack.close()

    @property
    def flying(self) -> int:
        """Notices that were given and of which nothing was heard yet."""
        return self._crew.flying

    def give(self, one: Claim) -> None:
        """One more to hand over."""
        wired = self._wired
        if wired is not None and self._ways[one.kind] is wired:
            self._crew.fly(one, partial(self._request, wired, one), partial(_landed, wired))
        else:
            self._crew.give(one)

    def answers(self, longest: float, gather: float, enough: int) -> list[tuple[Claim, Answer]]:
        """What came of some: waits so many seconds for the first, then a moment for enough of them to be worth a transaction."""
        return self._crew.answers(longest, gather, enough)

    def _envelope(self, one: Claim) -> Envelope:
        """The message, as late as can be. Raises TryAgain or Halt where it must not leave any more."""
        if clock.ticks() > self.may_send_until:
            raise TryAgain("the worker stopped before this one's turn")
        if one.content is None:
            raise Halt("a stored notice is not the one that was approved")
        return envelope_of(one.nid, one.content, one.dated_at, self._category)

    def _send(self, one: Claim) -> Answer:
        """In a thread: hand one over."""
        return _told(lambda: self._ways[one.kind].send(self._envelope(one)))

    def _request(self, wired: ByRequest, one: Claim) -> bytes:
        """What is to leave, while nothing has left. Raises ChannelError alone."""
        try:
            return wired.request(self._envelope(one))
        except ChannelError:
            raise
        except Exception as error:  # noqa: BLE001 - a fault in a channel must not lose what is known of the others
            raise Halt(f"the channel failed with {type(error).__name__}") from None


def _landed(wired: ByRequest, came: exchange.Answer | ChannelError) -> Answer:
    return came if isinstance(came, ChannelError) else _told(lambda: wired.understood(came))


def _told(hand_over: Callable[[], Accepted]) -> Answer:
    """What the channel says. Whatever goes wrong after it has the notice may mean that it was sent."""
    try:
        return hand_over()
    except ChannelError as error:
        return error
    except Exception as error:  # noqa: BLE001 - a fault in a channel must not lose what is known of the notice
        return Unknown(f"the channel failed with {type(error).__name__}", stops_run=True)
