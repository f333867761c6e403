"""What became of a notice without an answer is settled by its own id in the provider's logs, and doubt stays doubt."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID, uuid4

import pytest

from channels.outcome import ChannelError, Evidence, Finding, Halt, TryAgain, Unknown
from channels.sendgrid import SendGrid, SendGridSettings
from tests.channels.envelopes import MARKS, WAVE, an_envelope
from tests.fakes.http import http_bytes
from tests.fakes.sendgrid import KEY, FakeSendGrid

ADDRESS = "robin.marker@example.com"


def look(
    channel: SendGrid, nid: UUID, *, address: str = ADDRESS, category: str = str(WAVE), since: datetime | None = None
) -> Evidence:
    return channel.evidence(nid, to_address=address, category=category, since_at=since or datetime.now(UTC))


@pytest.mark.parametrize("fault", ["accept-then-drop", "accept-then-hang", "accept-then-500", "accept-then-reset"])
def test_a_notice_whose_answer_was_lost_is_found(channel: SendGrid, fake: FakeSendGrid, fault: str) -> None:
    envelope = an_envelope()
    fake.faults.then(fault)
    with pytest.raises(Unknown):
        channel.send(envelope)
    found = look(channel, envelope.nid)
    assert found.finding is Finding.FOUND
    assert found.reference == fake.ledger.records()[0]["reference"]
    assert not [mark for mark in MARKS if mark in repr(found)]


@pytest.mark.parametrize("fault", ["drop-before-accept", "hang", "500"])
def test_a_notice_that_never_arrived_is_absent(channel: SendGrid, fake: FakeSendGrid, fault: str) -> None:
    envelope = an_envelope()
    fake.faults.then(fault)
    with pytest.raises(Unknown):
        channel.send(envelope)
    assert look(channel, envelope.nid).finding is Finding.ABSENT


def test_one_address_for_three_children_does_not_make_one_notice_stand_for_another(channel: SendGrid) -> None:
    sent = [an_envelope(), an_envelope()]
    for envelope in sent:
        channel.send(envelope)
    assert look(channel, uuid4()).finding is Finding.ABSENT
    assert [look(channel, envelope.nid).finding for envelope in sent] == [Finding.FOUND] * 2


def test_logs_that_cannot_be_read_leave_the_notice_in_doubt(channel: SendGrid, fake: FakeSendGrid) -> None:
    envelope = an_envelope()
    channel.send(envelope)
    fake.logs = "forbidden"
    assert look(channel, envelope.nid).finding is Finding.UNCLEAR


def test_a_logged_message_without_an_id_leaves_the_notice_in_doubt(channel: SendGrid, fake: FakeSendGrid) -> None:
    envelope = an_envelope()
    channel.send(envelope)
    fake.logs = "nameless"
    assert look(channel, envelope.nid).finding is Finding.UNCLEAR


def test_more_candidates_than_anyone_reads_leave_the_notice_in_doubt(channel: SendGrid) -> None:
    for _ in range(26):
        channel.send(an_envelope())
    assert look(channel, uuid4()).finding is Finding.UNCLEAR


def test_logs_that_are_behind_show_nothing_yet(channel: SendGrid, fake: FakeSendGrid) -> None:
    envelope = an_envelope()
    channel.send(envelope)
    fake.logs = "behind"
    assert look(channel, envelope.nid).finding is Finding.ABSENT
    fake.logs = "open"
    assert look(channel, envelope.nid).finding is Finding.FOUND


def test_the_search_is_for_this_address_this_wave_and_from_a_little_before(
    channel: SendGrid, fake: FakeSendGrid
) -> None:
    envelope = an_envelope()
    channel.send(envelope)
    now = datetime.now(UTC)
    assert look(channel, envelope.nid, since=now + timedelta(minutes=4)).finding is Finding.FOUND
    assert look(channel, envelope.nid, since=now + timedelta(minutes=6)).finding is Finding.ABSENT
    assert look(channel, envelope.nid, address="sam@example.org").finding is Finding.ABSENT
    assert look(channel, envelope.nid, category=str(uuid4())).finding is Finding.ABSENT
    elsewhere = datetime(2026, 11, 21, 14, 0, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    look(channel, envelope.nid, since=elsewhere)
    [query] = [json.loads(it.body)["query"] for it in fake.server.requests if it.path == "/v3/logs"][-1:]
    assert query.endswith('sg_message_id_created_at >= TIMESTAMP "2026-11-21T08:25:00Z"')


@pytest.mark.parametrize(
    ("address", "category", "since"),
    [
        ('x" OR to_email = "robin@example.org', str(WAVE), None),
        (ADDRESS, "') OR categories IN ('x", None),
        (ADDRESS, str(WAVE), datetime(2026, 11, 21)),  # noqa: DTZ001 - the point of the test
    ],
)
def test_nothing_can_be_smuggled_into_the_search(
    channel: SendGrid, fake: FakeSendGrid, address: str, category: str, since: datetime | None
) -> None:
    with pytest.raises(ValueError, match=r"address|UUID|offset"):
        look(channel, uuid4(), address=address, category=category, since=since)
    assert not fake.server.requests


@pytest.mark.parametrize(
    ("answer", "meaning"),
    [
        (http_bytes(401), Halt),
        (http_bytes(429, None, {"Retry-After": "12"}), TryAgain),
        (http_bytes(503), TryAgain),
        (b"no HTTP at all\r\n\r\n", TryAgain),
    ],
    ids=["401", "429", "503", "garbage"],
)
def test_a_search_that_fails_may_be_asked_again_or_needs_a_person_but_is_never_unknown(
    channel: SendGrid, fake: FakeSendGrid, monkeypatch: pytest.MonkeyPatch, answer: bytes, meaning: type[ChannelError]
) -> None:
    monkeypatch.setattr(fake, "answer", lambda *_: answer)
    with pytest.raises(ChannelError) as failure:
        look(channel, uuid4())
    assert type(failure.value) is meaning
    assert getattr(failure.value, "retry_after", None) == (12 if answer.startswith(b"HTTP/1.1 429") else None)


@pytest.mark.parametrize(
    "answer",
    [
        http_bytes(200),
        http_bytes(200, {"messages": "many"}),
        http_bytes(200, {"messages": [7]}),
        http_bytes(200, {"messages": [{"sg_message_id": "../mail/send"}]}),
        http_bytes(302, None, {"Location": "/v3/scopes"}),
    ],
    ids=["empty", "not a list", "not messages", "not a reference", "redirect"],
)
def test_an_answer_that_makes_no_sense_is_no_evidence(
    channel: SendGrid, fake: FakeSendGrid, monkeypatch: pytest.MonkeyPatch, answer: bytes
) -> None:
    monkeypatch.setattr(fake, "answer", lambda *_: answer)
    assert look(channel, uuid4()).finding is Finding.UNCLEAR
    assert {request.path for request in fake.server.requests} == {"/v3/logs"}


def test_a_wrong_key_is_said_at_once(fake: FakeSendGrid) -> None:
    wrong = SendGrid(SendGridSettings(KEY[:-1], base_url=fake.url))
    with pytest.raises(Halt, match="401"):
        look(wrong, uuid4())
    wrong.close()
