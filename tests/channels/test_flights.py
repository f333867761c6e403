"""Many requests in one thread's hands: each is answered once, as it would be alone, and what hangs or breaks costs its own connection."""

from __future__ import annotations

import socket
import time
from contextlib import closing, contextmanager, suppress
from functools import partial
from itertools import count
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
from channels.outcome import Accepted, ChannelError, Halt, TryAgain, Unknown
from channels.sendgrid import SendGrid, SendGridSettings
from tests.channels.envelopes import an_envelope
from tests.channels.test_exchange import OK, cut_up
from tests.channels.test_https import hanging_up, nobody_answering, nobody_listening
from tests.channels.test_sendgrid import MEANINGS, SENT_AFTER_ALL
from tests.fakes import proxy, sendgrid
from tests.fakes.faults import Faults

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from urllib3.connection import HTTPConnection

    from tests.fakes.certificates import Certificates
    from tests.fakes.sendgrid import FakeSendGrid

Came = Answer | ChannelError
KEY = {"Authorization": f"Bearer {sendgrid.KEY}"}


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


@contextmanager
def secured(tmp_path: Path, certificates: Certificates, most: int) -> Iterator[tuple[FakeSendGrid, SendGrid, Flights]]:
    with sendgrid.running(tmp_path / "secure", certificates=certificates) as fake:
        line = Line(ca_file=certificates.ca_file, answer_seconds=1.0)
        channel = SendGrid(SendGridSettings(sendgrid.KEY, base_url=fake.url, line=line))
        with closing(channel), Flights(channel.https, most) as flights:
            yield fake, channel, flights


def test_each_is_taken_once_and_hears_its_own_answer_over_a_few_connections(
    tmp_path: Path, certificates: Certificates
) -> None:
    with secured(tmp_path, certificates, 4) as (fake, channel, flights):
        envelopes = [an_envelope() for _ in range(60)]
        came = flown(flights, [channel.request(one) for one in envelopes])
        assert fake.server.connections == 4
        references = {one["nid"]: one["reference"].partition(".")[0] for one in fake.ledger.records()}
        for envelope, [answer] in zip(envelopes, came, strict=True):
            assert isinstance(answer, Answer)
            assert channel.understood(answer).reference == references[str(envelope.nid)]
        assert set(fake.ledger.copies().values()) == {1}


@pytest.mark.parametrize(("fault", "meaning"), [("", Accepted), *MEANINGS.items()])
def test_each_fault_means_what_it_means_alone_and_the_next_goes_out(
    channel: SendGrid, fake: FakeSendGrid, fault: str, meaning: type
) -> None:
    fake.faults.then(fault)
    envelope, after = an_envelope(), an_envelope()
    with Flights(channel.https, 1) as flights:
        [[came]], [[next_one]] = (flown(flights, [channel.request(one)]) for one in (envelope, after))
    assert isinstance(told(channel, came), meaning)
    assert isinstance(told(channel, next_one), Accepted)
    sent = fault in SENT_AFTER_ALL or not fault
    assert fake.ledger.copies()[str(envelope.nid)] == (1 if sent else 0)
    assert fake.ledger.copies()[str(after.nid)] == 1


def told(channel: SendGrid, came: Came) -> Accepted | ChannelError:
    try:
        return came if isinstance(came, ChannelError) else channel.understood(came)
    except ChannelError as error:
        return error


def test_what_hangs_keeps_nobody_else_waiting(channel: SendGrid, fake: FakeSendGrid) -> None:
    fake.faults.then("hang")
    came: list[tuple[int, Came]] = []

    def noted(number: int, one: Came) -> None:
        came.append((number, one))

    with Flights(channel.https, 2) as flights:
        for number in range(20):
            flights.begin(partial(channel.request, an_envelope()), partial(noted, number))
        until(flights, lambda: len(came) == 20)
    last, hung = came[-1]
    assert isinstance(hung, Unknown)
    assert [number for number, one in came if isinstance(one, Unknown)] == [last]


@pytest.mark.parametrize("trouble", [nobody_listening, nobody_answering, hanging_up])
def test_what_found_no_connection_was_surely_not_sent(trouble: object) -> None:
    with trouble() as port:  # type: ignore[operator]
        https = Https(f"https://127.0.0.1:{port}", Line(connect_seconds=0.2))
        with Flights(https, 1) as flights:
            [[came]] = flown(flights, [b"POST"])
    assert isinstance(came, TryAgain)


def test_a_certificate_of_an_unknown_authority_halts_before_a_byte_is_sent(
    tmp_path: Path, certificates: Certificates
) -> None:
    with sendgrid.running(tmp_path / "secure", certificates=certificates) as fake:
        with Flights(Https(fake.url, Line()), 3) as flights:
            assert all(isinstance(came, Halt) for [came] in flown(flights, [b"POST"] * 5))
        assert not fake.server.requests


def test_a_configured_proxy_carries_it(tmp_path: Path, certificates: Certificates) -> None:
    with sendgrid.running(tmp_path / "secure", certificates=certificates) as fake, proxy.running() as between:
        https = Https(fake.url, Line(ca_file=certificates.ca_file, proxy=f"http://127.0.0.1:{between.port}"))
        with Flights(https, 2) as flights:
            [[came]] = flown(flights, [https.written("GET", "/v3/scopes", KEY)])
        assert isinstance(came, Answer)
        assert (came.status, len(between.asked)) == (200, 1)


def test_whatever_may_not_leave_any_more_does_not_and_its_connection_serves_the_next(
    channel: SendGrid, fake: FakeSendGrid
) -> None:
    def too_late() -> bytes:
        raise TryAgain("the worker stopped before this one's turn")

    came: list[Came] = []
    with Flights(channel.https, 1) as flights:
        flown(flights, [channel.request(an_envelope())])
        flights.begin(too_late, came.append)
        flown(flights, [channel.request(an_envelope())])
    assert isinstance(came[0], TryAgain)
    assert len(came) == 1
    assert (len(fake.messages), fake.server.connections) == (2, 1)


def test_a_connection_that_ended_at_rest_is_replaced_and_nothing_is_lost(
    tmp_path: Path, certificates: Certificates
) -> None:
    with secured(tmp_path, certificates, 3) as (fake, channel, flights):
        fake.faults = Faults(always="then-close")
        for _ in range(10):
            time.sleep(0.05)  # so that the end has come before anything is sent again
            [[came]] = flown(flights, [channel.request(an_envelope())])
            assert isinstance(came, Answer)
        assert fake.server.connections == 10


def test_a_sealed_connection_that_nobody_needs_yet_hears_of_tickets_and_stays(
    tmp_path: Path, certificates: Certificates, monkeypatch: pytest.MonkeyPatch
) -> None:
    with secured(tmp_path, certificates, 2) as (fake, channel, flights):
        opened, second_may_open, numbers = channel.https.opened, Event(), count(1)

        def one_late() -> HTTPConnection:
            if next(numbers) == 2:
                second_may_open.wait()
            return opened()

        monkeypatch.setattr(channel.https, "opened", one_late)
        flown(flights, [channel.request(an_envelope()) for _ in range(2)])
        second_may_open.set()
        until(flights, lambda: fake.server.connections == 2)
        for _ in range(10):
            flights.look(0.02)
        fake.server.latency = 0.2
        flown(flights, [channel.request(an_envelope()) for _ in range(2)])
        assert fake.server.connections == 2


def test_an_answer_that_came_while_nobody_looked_counts_though_its_time_is_over(
    channel: SendGrid, fake: FakeSendGrid
) -> None:
    came: list[Came] = []
    with Flights(channel.https, 4) as flights:
        for _ in range(4):
            flights.begin(partial(channel.request, an_envelope()), came.append)
        until(flights, lambda: len(fake.messages) == 4 or bool(came))
        time.sleep(channel.https.answer_seconds * 2)  # a database that is held
        until(flights, lambda: len(came) == 4)
    assert all(isinstance(one, Answer) for one in came)


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


def test_any_thread_may_end_a_look() -> None:
    with nobody_listening() as port, Flights(Https(f"http://127.0.0.1:{port}", Line()), 1) as flights:
        began = time.monotonic()
        Thread(target=flights.wake).start()
        flights.look(60.0)
        assert time.monotonic() - began < 30


def test_at_the_end_no_connection_is_left_whoever_opens_it(channel: SendGrid, fake: FakeSendGrid) -> None:
    fake.faults = Faults(always="hang")
    with Flights(channel.https, 20) as flights:
        for _ in range(20):
            flights.begin(partial(channel.request, an_envelope()), lambda _: None)
        flights.look(0.0)
    end = time.monotonic() + 30
    while fake.server.open_connections and time.monotonic() < end:
        time.sleep(0.01)
    assert fake.server.open_connections == 0
