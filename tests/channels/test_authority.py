"""A report to an authority's machine: acknowledged once, never twice, and what got no answer is asked for later."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from channels.authority import Authority, AuthoritySettings
from channels.envelope import Attachment
from channels.https import Line
from channels.outcome import ChannelError, Finding, Halt, Refused, TryAgain, Unknown
from tests.channels.envelopes import an_envelope
from tests.fakes import authority
from tests.fakes.authority import FakeAuthority

REPORT = Attachment("report.json", "application/json", b'{"form": "invented"}')


@pytest.fixture
def fake() -> Iterator[FakeAuthority]:
    with authority.running() as running:
        yield running


@pytest.fixture
def channel(fake: FakeAuthority) -> Iterator[Authority]:
    made = Authority(AuthoritySettings(fake.url, authority.TOKEN, Line(answer_seconds=0.4)))
    yield made
    made.close()


def look(channel: Authority, nid: Any) -> Any:
    return channel.evidence(nid, to_address="", category="", since_at=datetime(2026, 11, 21, tzinfo=UTC))


def test_a_report_is_acknowledged_with_a_reference_and_the_whole_answer(
    channel: Authority, fake: FakeAuthority
) -> None:
    envelope = an_envelope(attachments=(REPORT,))
    taken = channel.send(envelope)
    assert (taken.reference, taken.answer) == ("AUT-000001", b'{"reference": "AUT-000001"}')
    assert fake.taken[str(envelope.nid)][0] == REPORT.content
    assert look(channel, envelope.nid).reference == "AUT-000001"


def test_the_same_report_again_is_the_same_case(channel: Authority, fake: FakeAuthority) -> None:
    envelope = an_envelope(attachments=(REPORT,))
    assert channel.send(envelope).reference == channel.send(envelope).reference
    assert len(fake.taken) == 1
    other = Attachment("report.json", "application/json", b'{"form": "another"}')
    with pytest.raises(Refused):
        channel.send(an_envelope(nid=envelope.nid, attachments=(other,)))


@pytest.mark.parametrize("fault", ["accept-then-drop", "accept-then-reset", "accept-then-hang"])
def test_a_lost_answer_is_unknown_and_is_found_later(channel: Authority, fake: FakeAuthority, fault: str) -> None:
    fake.faults = [fault]
    envelope = an_envelope(attachments=(REPORT,))
    with pytest.raises(Unknown):
        channel.send(envelope)
    found = look(channel, envelope.nid)
    assert (found.finding, found.reference) == (Finding.FOUND, "AUT-000001")
    assert found.answer


def test_a_report_that_never_arrived_is_absent(channel: Authority, fake: FakeAuthority) -> None:
    fake.faults = ["drop-before-accept"]
    envelope = an_envelope(attachments=(REPORT,))
    with pytest.raises(Unknown):
        channel.send(envelope)
    assert look(channel, envelope.nid).finding is Finding.ABSENT


@pytest.mark.parametrize(
    ("fault", "error"),
    [("400", Refused), ("422", Refused), ("401", Halt), ("429", TryAgain), ("503", Unknown), ("no-reference", Unknown)],
)
def test_each_answer_says_what_is_known(
    channel: Authority, fake: FakeAuthority, fault: str, error: type[ChannelError]
) -> None:
    fake.faults = [fault]
    with pytest.raises(error):
        channel.send(an_envelope(attachments=(REPORT,)))


def test_without_exactly_one_json_nothing_is_sent(channel: Authority, fake: FakeAuthority) -> None:
    for files in ((), (REPORT, REPORT)):
        with pytest.raises(Refused):
            channel.send(an_envelope(attachments=files))
    assert not fake.server.requests


def test_an_address_without_tls_or_a_broken_token_stops_at_once(fake: FakeAuthority) -> None:
    with pytest.raises(Halt):
        Authority(AuthoritySettings("http://authority.example.org/reports"))
    with pytest.raises(Halt):
        Authority(AuthoritySettings(fake.url, "two words"))
    stranger = Authority(AuthoritySettings(fake.url, "wrong"))
    assert look(stranger, uuid4()).finding is Finding.UNCLEAR
    assert "wrong" not in repr(stranger)
