"""Many requests in one thread's hands: each is answered once, as it would be alone, and what hangs or breaks costs its own connection."""

from __future__ import annotations

import time
from contextlib import closing, contextmanager
from functools import partial
from itertools import count
from threading import Event, Thread
from typing import TYPE_CHECKING

import pytest

from channels.exchange import Answer
from channels.flights import Flights
from channels.https import Https, Line
from channels.outcome import Accepted, ChannelError, Halt, TryAgain, Unknown
from channels.sendgrid import SendGrid, SendGridSettings
from tests.channels.envelopes import an_envelope
from tests.channels.flying import Came, flown, until
from tests.channels.test_https import hanging_up, nobody_answering, nobody_listening
from tests.channels.test_sendgrid import MEANINGS, SENT_AFTER_ALL
from tests.fakes import proxy, sendgrid
from tests.fakes.faults import Faults

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from urllib3.connection import HTTPConnection

    from tests.fakes.certificates import Certificates
    from tests.fakes.sendgrid import FakeSendGrid

KEY = {"Authorization": f"Bearer {sendgrid.KEY}"}


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


def test_any_thread_may_end_a_look() -> None:
    with nobody_listening() as port, Flights(Https(f"http://127.0.0.1:{port}", Line()), 1) as flights:
        began = time.monotonic()
        Thread(target=flights.wake).start()
        flights.look(60.0)
        assert time.monotonic() - began < 30


def test_a_failure_to_open_costs_nobody_who_has_a_connection(
    channel: SendGrid, fake: FakeSendGrid, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened, nobody_looks, first_is_open, numbers = channel.https.opened, Event(), Event(), count(1)

    def second_fails() -> HTTPConnection:
        if next(numbers) == 2:
            first_is_open.wait()
            time.sleep(0.1)
            raise TryAgain("no connection")
        nobody_looks.wait()
        made = opened()
        first_is_open.set()
        return made

    monkeypatch.setattr(channel.https, "opened", second_fails)
    came: list[Came] = []
    with Flights(channel.https, 2) as flights:
        for _ in range(2):
            flights.begin(partial(channel.request, an_envelope()), came.append)
        flights.look(0.0)
        nobody_looks.set()
        time.sleep(0.4)  # one is open, one has failed, before anybody looks again
        until(flights, lambda: len(came) == 2)
    assert all(isinstance(one, Answer) for one in came)


def test_at_the_end_no_connection_is_left_whoever_opens_it(
    channel: SendGrid, fake: FakeSendGrid, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake.faults = Faults(always="hang")
    opened, numbers = channel.https.opened, count()

    def some_later() -> HTTPConnection:
        time.sleep(0.1 * (next(numbers) % 3))
        return opened()

    monkeypatch.setattr(channel.https, "opened", some_later)
    with Flights(channel.https, 12) as flights:
        for _ in range(12):
            flights.begin(partial(channel.request, an_envelope()), lambda _: None)
        flights.look(0.05)
        flights.look(0.05)
    for _ in range(2):  # again, for whoever comes late
        end = time.monotonic() + 30
        while fake.server.open_connections and time.monotonic() < end:
            time.sleep(0.01)
        assert fake.server.open_connections == 0
        time.sleep(0.3)
