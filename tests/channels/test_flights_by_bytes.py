"""What leaves and comes piece by piece means what it would alone, and leaves whole."""

from __future__ import annotations

import socket
import struct
import time
from contextlib import closing, contextmanager, suppress
from functools import partial
from select import select
from threading import Event, Thread
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.exchange import Answer, Garbled, TooLong, exchange
from channels.flights import Flights
from channels.https import Https, Line
from channels.outcome import TryAgain, Unknown
from tests.channels.flying import Came, flown, until
from tests.channels.test_exchange import OK, cut_up

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterator

    from tests.fakes.certificates import Certificates


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
def pair(most: int = 100) -> Iterator[tuple[Https, socket.socket]]:
    """One connection whose other end the test holds; it can be opened so many times."""
    near, far = socket.socketpair()
    ready = [SimpleNamespace(sock=near, close=near.close)] * most

    def opened() -> SimpleNamespace:
        if not ready:
            raise TryAgain("no further connection")
        return ready.pop()

    with closing(near), closing(far):
        yield SimpleNamespace(opened=opened, answer_seconds=30.0), far  # type: ignore[misc]


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


def cork(sock: socket.socket, *, on: bool) -> None:
    """What is written meanwhile comes at once."""
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_CORK, on)


@contextmanager
def serving(handle: Callable[[socket.socket], object], tls: ssl.SSLContext | None = None) -> Iterator[str]:
    """A server of raw bytes: *handle* has each connection, in a thread of its own."""

    def one(sock: socket.socket) -> None:
        with suppress(OSError), closing(tls.wrap_socket(sock, server_side=True) if tls else sock) as line:
            handle(line)

    def accept() -> None:
        with suppress(OSError):
            while True:
                Thread(target=one, args=(listener.accept()[0],), daemon=True).start()

    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        Thread(target=accept, daemon=True).start()
        yield f"http{'s' if tls else ''}://127.0.0.1:{listener.getsockname()[1]}"
        listener.shutdown(socket.SHUT_RDWR)


def asked(sock: socket.socket) -> bytes:
    """One request's head; nothing when there is none."""
    head = b""
    while b"\r\n\r\n" not in head:
        came = sock.recv(65536)
        if not came:
            return b""
        head += came
    return head


def an_answer(name: bytes) -> bytes:
    return b"HTTP/1.1 202 Accepted\r\nX-Message-Id: " + name + b"\r\nContent-Length: 0\r\n\r\n"


def test_words_that_nobody_asked_for_are_no_answer_to_the_next(certificates: Certificates) -> None:
    heard: list[bytes] = []

    def handle(sock: socket.socket) -> None:
        while head := asked(sock):
            heard.append(name := head.split()[1][1:])
            cork(sock, on=True)
            sock.sendall(an_answer(name))
            sock.sendall(an_answer(b"unasked"))  # sealed by itself, so that it is read by itself
            cork(sock, on=False)

    with serving(handle, certificates.server_context()) as url:
        https = Https(url, Line(ca_file=certificates.ca_file))
        with Flights(https, 1) as flights:
            came = flown(flights, [https.written("POST", f"/{number}", {}) for number in range(5)])
    names = [answer.headers["x-message-id"] for [answer] in came if isinstance(answer, Answer)]
    assert names == ["0", "1", "2", "3", "4"]
    assert heard == [name.encode() for name in names]


@pytest.mark.parametrize("sealed", [False, True])
def test_whoever_answers_and_hangs_up_in_one_breath_is_asked_anew(certificates: Certificates, sealed: bool) -> None:
    def handle(sock: socket.socket) -> None:
        asked(sock)
        cork(sock, on=True)
        sock.sendall(an_answer(b"x"))
        sock.close()

    with serving(handle, certificates.server_context() if sealed else None) as url:
        https = Https(url, Line(ca_file=certificates.ca_file))
        with Flights(https, 2) as flights:
            came = flown(flights, [https.written("POST", "/", {})] * 20)
    assert all(isinstance(answer, Answer) for [answer] in came)


def test_connections_that_ended_before_anything_was_said_were_surely_not_sent_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    may_open = Event()
    with serving(lambda _: None) as url, Flights(https := Https(url, Line()), 5) as flights:
        opened = https.opened
        monkeypatch.setattr(https, "opened", lambda: opened() if may_open.wait() else None)
        came: list[Came] = []
        for _ in range(5):
            flights.begin(lambda: b"POST / HTTP/1.1\r\n\r\n", came.append)
        flights.look(0.0)
        may_open.set()
        time.sleep(0.3)  # all are open, and ended, before anybody looks again
        until(flights, lambda: len(came) == 5)
    assert [type(one) for one in came] == [TryAgain] * 5


def test_nobody_keeps_the_thread_for_themselves() -> None:
    def handle(sock: socket.socket) -> None:
        asked(sock)
        sock.sendall(b"HTTP/1.1 202 Accepted\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n")
        end = time.monotonic() + 10
        while time.monotonic() < end:
            sock.sendall(b"a\r\n" * 300_000)

    with serving(handle) as url, Flights(Https(url, Line(answer_seconds=0.3)), 1) as flights:
        [[came]] = flown(flights, [b"POST / HTTP/1.1\r\n\r\n"])
    assert isinstance(came, Unknown)
    assert "TimeoutError" in came.reason


def test_a_connection_that_breaks_while_the_request_leaves_means_that_nobody_knows() -> None:
    def handle(sock: socket.socket) -> None:
        sock.recv(100)
        time.sleep(0.2)  # all that fits has left, the rest is waited for
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    with serving(handle) as url, Flights(Https(url, Line()), 1) as flights:
        [[came]] = flown(flights, [b"x" * 20_000_000])
    assert isinstance(came, Unknown)


def test_whoever_has_stopped_listening_is_sent_nothing_more() -> None:
    with pair(1) as (https, far), Flights(https, 1) as flights:
        far.shutdown(socket.SHUT_RD)
        refused: list[Came] = []
        flights.begin(lambda: b"POST", refused.append)
        for _ in range(3):
            flights.look(0.05)
        far.sendall(OK)
        until(flights, lambda: bool(refused))
        [[came]] = flown(flights, [b"POST"])
    assert isinstance(refused[0], Answer)
    assert isinstance(came, TryAgain)


def test_what_comes_on_a_connection_at_rest_ends_it() -> None:
    with pair(1) as (https, far), Flights(https, 1) as flights:
        flights.begin(lambda: b"GET", lambda _: None)
        flights.look(0.1)
        far.sendall(OK)
        flights.look(1.0)
        far.sendall(OK)
        flights.look(1.0)
        [[came]] = flown(flights, [b"GET"])
    assert isinstance(came, TryAgain)


def test_first_come_is_first_served() -> None:
    order: list[int] = []

    def request(number: int) -> bytes:
        order.append(number)
        return b"GET / HTTP/1.1\r\n\r\n"

    def handle(sock: socket.socket) -> None:
        while asked(sock):
            sock.sendall(OK)

    with serving(handle) as url, Flights(Https(url, Line()), 1) as flights:
        came: list[Came] = []
        for number in range(10):
            flights.begin(partial(request, number), came.append)
        until(flights, lambda: len(came) == 10)
    assert order == list(range(10))
