"""Flights that are waited for."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING

from channels.exchange import Answer
from channels.outcome import ChannelError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from channels.flights import Flights

Came = Answer | ChannelError


def until(flights: Flights, done: Callable[[], bool], seconds: float = 30.0) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, "it takes too long"
        flights.look(0.05)


def flown(flights: Flights, requests: Sequence[bytes]) -> list[list[Came]]:
    """What came of each; each must land exactly once."""
    came: list[list[Came]] = [[] for _ in requests]
    for request, mine in zip(requests, came, strict=True):
        flights.begin(partial(bytes, request), mine.append)
    until(flights, lambda: all(came))
    flights.look(0.0)
    return came
