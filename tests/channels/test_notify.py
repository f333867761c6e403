"""GOV.UK Notify is given what was approved, once, and what cannot be known is called unknown."""

from __future__ import annotations

import base64
import logging
import socket
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from channels.envelope import Attachment
from channels.https import Line
from channels.notify import NotifyEmail, NotifyLetter, NotifySettings
from channels.outcome import ChannelError, Finding, Halt, Refused, TryAgain, Unknown
from tests.channels.envelopes import MARKS, WAVE, an_envelope
from tests.fakes import notify
from tests.fakes.notify import KEY, REPLY_TO, SECRET, TEMPLATE, FakeNotify

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from channels.outcome import Evidence

PDF = b"%PDF-1.7 an invented letter"
SECRETS = (*MARKS, SECRET, KEY)


@pytest.fixture
def fake(tmp_path: Path) -> Iterator[FakeNotify]:
    with notify.running(tmp_path / "notify") as running:
        yield running


def settings(host: str, **more: Any) -> NotifySettings:
    line = Line(connect_seconds=2, answer_seconds=0.4)
    return NotifySettings(KEY, **{"email_template": TEMPLATE, "host": host, "line": line} | more)


@pytest.fixture
def email(fake: FakeNotify) -> Iterator[NotifyEmail]:
    made = NotifyEmail(settings(fake.url))
    yield made
    made.close()


@pytest.fixture
def letter(fake: FakeNotify) -> Iterator[NotifyLetter]:
    made = NotifyLetter(settings(fake.url))
    yield made
    made.close()


def look(channel: NotifyEmail | NotifyLetter, envelope: Any, since: datetime | None = None) -> Evidence:
    since_at = since or datetime.now(UTC)
    return channel.evidence(envelope.nid, to_address=envelope.to_address, category=str(WAVE), since_at=since_at)


def test_an_email_is_its_words_its_address_and_its_id(fake: FakeNotify) -> None:
    envelope = an_envelope(text="Dear Robin\n\n- [one]\n- two\n\n14. November")
    channel = NotifyEmail(settings(fake.url, reply_to=REPLY_TO))
    accepted = channel.send(envelope)
    channel.close()
    assert fake.sent == [
        {
            "email_address": envelope.to_address,
            "template_id": TEMPLATE,
            "personalisation": {
                "subject": envelope.subject,
                "body": "Dear Robin\n\n* \\[one\\]\n* two\n\n14\\. November",
            },
            "reference": str(envelope.nid),
            "email_reply_to_id": REPLY_TO,
        }
    ]
    assert accepted.reference == fake.ledger.records()[0]["id"]


def test_a_letter_is_the_approved_pdf_its_postage_and_its_id(letter: NotifyLetter, fake: FakeNotify) -> None:
    envelope = an_envelope(letter_pdf=PDF)
    letter.check()
    assert letter.send(envelope).reference == fake.ledger.records()[0]["id"]
    content = base64.b64encode(PDF).decode()
    assert fake.sent == [{"reference": str(envelope.nid), "content": content, "postage": "second"}]
    with pytest.raises(Refused, match="no letter"):
        letter.send(an_envelope())


@pytest.mark.parametrize("fault", ["accept-then-drop", "accept-then-reset", "accept-then-hang", "lost-500"])
@pytest.mark.parametrize("kind", ["email", "letter"])
def test_a_message_whose_answer_was_lost_is_unknown_and_found_by_its_id(
    email: NotifyEmail, letter: NotifyLetter, fake: FakeNotify, kind: str, fault: str
) -> None:
    channel, envelope = (email if kind == "email" else letter), an_envelope(letter_pdf=PDF)
    fake.faults.then(fault)
    with pytest.raises(Unknown):
        channel.send(envelope)
    found = look(channel, envelope)
    assert (found.finding, found.reference) == (Finding.FOUND, fake.ledger.records()[0]["id"])
    assert fake.ledger.copies() == {str(envelope.nid): 1}


@pytest.mark.parametrize("fault", ["drop-before-accept", "hang", "500", "502", "503"])
def test_a_message_that_never_arrived_is_unknown_then_absent(email: NotifyEmail, fake: FakeNotify, fault: str) -> None:
    envelope = an_envelope()
    fake.faults.then(fault)
    with pytest.raises(Unknown):
        email.send(envelope)
    assert look(email, envelope).finding is Finding.ABSENT


def test_absence_counts_only_while_notify_surely_keeps_everything(email: NotifyEmail, fake: FakeNotify) -> None:
    envelope, now = an_envelope(), datetime.now(UTC)
    assert look(email, envelope, now - timedelta(days=1)).finding is Finding.ABSENT
    assert look(email, envelope, now - timedelta(days=3)).finding is Finding.UNCLEAR
    for nonsense in ("", "yesterday", "Sun, 22 Nov 2026 09:00:00 -0000"):
        fake.date = nonsense
        assert look(email, envelope).finding is Finding.UNCLEAR


@pytest.mark.parametrize(
    ("fault", "meaning", "stops"),
    [
        ("400-address", Refused, False),
        ("413", Refused, False),
        ("400", Halt, True),
        ("400-team", Halt, True),
        ("401", Halt, True),
        ("403", Halt, True),
        ("404", Halt, True),
        ("408", Unknown, False),
        ("429-day", TryAgain, True),
        ("429-wait", TryAgain, False),
        ("429", TryAgain, False),
        ("redirect", Unknown, True),
        ("no-id", Unknown, True),
        ("garbage", Unknown, False),
    ],
)
def test_each_answer_has_one_meaning_and_nothing_is_sent_twice(
    email: NotifyEmail, fake: FakeNotify, fault: str, meaning: type[ChannelError], stops: bool
) -> None:
    fake.faults.then(fault)
    with pytest.raises(ChannelError) as failure:
        email.send(an_envelope())
    assert (type(failure.value), failure.value.stops_run) == (meaning, stops)
    assert len([one for one in fake.server.requests if one.method == "POST"]) == 1
    pauses = {"429-day": 3600.0, "429-wait": 7.0, "429": 60.0}
    assert getattr(failure.value, "retry_after", None) == pauses.get(fault)
    assert not [mark for mark in SECRETS if mark in repr(failure.value) + str(failure.value)]


def test_where_nobody_listens_nothing_was_sent() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    channel = NotifyLetter(settings(f"http://127.0.0.1:{port}"))
    with pytest.raises(TryAgain, match="no connection"):
        channel.send(an_envelope(letter_pdf=PDF))
    channel.close()


@pytest.mark.parametrize(
    "change",
    [
        {"body": "((body))\n\nA word of somebody else's"},
        {"subject": "Breach: ((subject))"},
        {"subject": "((body))", "body": "((subject))"},
        {"type": "sms"},
    ],
)
def test_a_template_that_says_more_than_was_approved_halts_before_anything_leaves(
    email: NotifyEmail, fake: FakeNotify, change: dict[str, str]
) -> None:
    fake.template |= change
    with pytest.raises(Halt, match="template"):
        email.send(an_envelope())
    assert not fake.sent


def test_a_template_that_is_changed_meanwhile_is_looked_at_again(email: NotifyEmail, fake: FakeNotify) -> None:
    email.check()
    fake.template |= {"version": 2, "body": "((body)) and more"}
    email.send(an_envelope())
    with pytest.raises(Halt, match="template"):
        email.send(an_envelope())
    assert len(fake.sent) == 1


def test_many_threads_share_one_channel(email: NotifyEmail, fake: FakeNotify) -> None:
    envelopes = [an_envelope() for _ in range(40)]
    with ThreadPoolExecutor(8) as crew:
        references = [one.reference for one in crew.map(email.send, envelopes)]
    assert {one["nid"]: one["id"] for one in fake.ledger.records()} == {
        str(envelope.nid): reference for envelope, reference in zip(envelopes, references, strict=True)
    }
    assert fake.server.connections <= 10


def test_neither_the_log_nor_what_is_shown_holds_a_key_an_address_or_an_id(
    fake: FakeNotify, caplog: pytest.LogCaptureFixture
) -> None:
    envelope = an_envelope()
    caplog.set_level(logging.DEBUG)
    email = NotifyEmail(settings(fake.url))
    fake.faults.then("400-address", "accept-then-drop", "redirect")
    for _ in range(3):
        with pytest.raises(ChannelError):
            email.send(envelope)
    look(email, envelope)
    email.close()
    shown = caplog.text + repr(email) + repr(settings(fake.url)) + repr(email._client)
    assert not [mark for mark in (*SECRETS, str(envelope.nid)) if mark in shown]


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
def test_no_proxy_is_taken_from_the_environment(
    email: NotifyEmail, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(variable, "http://127.0.0.1:9")
    assert email.send(an_envelope()).reference


@pytest.mark.parametrize(
    "wrong",
    [
        {"api_key": ""},
        {"api_key": "not a key"},
        {"api_key": KEY[:-1]},
        {"email_template": "welcome"},
        {"reply_to": "me@example.org"},
        {"host": "http://api.notifications.service.gov.uk"},
    ],
)
def test_settings_that_could_not_work_halt_at_once(wrong: dict[str, str]) -> None:
    given = {"api_key": KEY, "email_template": TEMPLATE} | wrong
    with pytest.raises(Halt):
        NotifyEmail(NotifySettings(**given))  # type: ignore[arg-type] - the point of the test


def test_a_key_that_is_not_known_is_said_at_once(fake: FakeNotify) -> None:
    other = NotifyEmail(NotifySettings(KEY[:-1] + "1", TEMPLATE, host=fake.url))
    with pytest.raises(Halt, match="403"):
        other.check()
    other.close()


def test_files_are_not_carried(email: NotifyEmail) -> None:
    with pytest.raises(Refused, match="files"):
        email.send(an_envelope(attachments=(Attachment("report.pdf", "application/pdf", PDF),)))
