"""What leaves and comes piece by piece means what it would alone, and leaves whole."""

from __future__ import annotations

import socket
import time
from contextlib import closing, contextmanager, suppress
from select import select
from threading import Thread
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.exchange import Answer, Garbled, TooLong, exchange
from channels.flights import Flights
from channels.outcome import Unknown
from tests.channels.flying import Came, until
from tests.channels.test_exchange import OK, cut_up

if TYPE_CHECKING:
    from collections.abc import Iterator

    from channels.https import Https


def test_a_long_request_leaves_whole_though_the_other_side_reads_slowly() -> None:
    body = bytes(range(256)) * 20_000
    with pair() as (https, far), Flights(https, 1) as flights:
        came: list[Came] = []
        flights.begin(lambda: body, came.append)
        flights.look(0.1)
        read = Thread(target=slowly, args=(far, len(body), got := bytearray()))
        read.start()
        until(flights, lambda: bool(came))
        read.join()
    assert bytes(got) == body
    assert isinstance(came[0], Answer)


def slowly(far: socket.socket, whole: int, got: bytearray) -> None:
    while len(got) < whole:
        got += far.recv(50_000)
        time.sleep(0.001)
    far.sendall(OK)


@pytest.mark.parametrize("hangs_up", [False, True])
def test_a_refusal_that_comes_before_the_whole_request_has_left_is_heard_and_the_connection_ends(
    hangs_up: bool,
) -> None:
    with pair() as (https, far), Flights(https, 1) as flights:
        came: list[Came] = []
        flights.begin(lambda: b"x" * 20_000_000, came.append)
        flights.look(0.1)
        far.sendall(b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n")
        if hangs_up:
            far.shutdown(socket.SHUT_RDWR)
        until(flights, lambda: bool(came))
        assert isinstance(came[0], Answer)
        assert came[0].status == 413
        while far.recv(1_000_000):
            pass  # what had left already; then the end


@contextmanager
def pair(answer_seconds: float = 30.0) -> Iterator[tuple[Https, socket.socket]]:
    """One connection whose other end the test holds."""
    near, far = socket.socketpair()
    connection = SimpleNamespace(sock=near, close=near.close)
    with closing(near), closing(far):
        yield SimpleNamespace(opened=lambda: connection, answer_seconds=answer_seconds), far  # type: ignore[misc]


PIECES = st.lists(
    st.one_of(
        st.binary(max_size=30),
        st.sampled_from(
            [b"HTTP/1.1 202 A\r\n", b"HTTP/1.1 103 A\r\n\r\n", b"\r\n", b"a: b\r\n", b"Content-Length: 2\r\n", OK]
        ),
    ),
    max_size=6,
)


def heard_alone(whole: bytes) -> Answer | None:
    near, far = socket.socketpair()
    with closing(near), closing(far), suppress(Garbled, TooLong):
        far.sendall(whole)
        far.shutdown(socket.SHUT_WR)
        return exchange(near, b"GET / HTTP/1.1\r\n\r\n", 5.0)[0]
    return None


@given(PIECES, st.lists(st.integers(0, 200), max_size=6))
def test_whatever_comes_means_the_same_as_it_would_alone(pieces: list[bytes], places: list[int]) -> None:
    whole = b"".join(pieces)
    with pair() as (https, far), Flights(https, 1) as flights:
        came: list[Came] = []
        flights.begin(lambda: b"GET / HTTP/1.1\r\n\r\n", came.append)
        until(flights, lambda: bool(select([far], [], [], 0)[0]))
        for piece in cut_up(whole, places):
            if came:
                break
            far.sendall(piece)
            flights.look(0.01)
        far.shutdown(socket.SHUT_WR)
        until(flights, lambda: bool(came))
    alone = heard_alone(whole)
    [landed] = came
    assert isinstance(landed, Answer if alone else Unknown)
    if alone and isinstance(landed, Answer):
        assert (landed.status, dict(landed.headers), landed.body) == (alone.status, dict(alone.headers), alone.body)
