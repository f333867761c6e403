"""A mail server's every reply, and each silence, means exactly one thing for the notice."""

from __future__ import annotations

import traceback
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from email import message_from_bytes, policy
from threading import Barrier
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from channels.mime import message_bytes
from channels.outcome import ChannelError, Finding, Halt, Refused, TryAgain, Unknown
from channels.smtp import Smtp, SmtpSettings
from tests.channels.envelopes import MARKS, WAVE, an_envelope
from tests.fakes import smtp
from tests.fakes.smtp import PASSWORD, SLOW_SECONDS, USERNAME, FakeSmtp

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.fakes.certificates import Certificates

QUOTING = "robin.marker@example.com is the trouble"

MEANINGS: dict[tuple[str, str], type[ChannelError]] = {
    ("GREETING", "421 4.3.2 too busy"): TryAgain,
    ("GREETING", "554 5.7.1 not for you"): Halt,
    ("MAIL", "451 4.3.0 later"): TryAgain,
    ("MAIL", "421 4.3.2 closing"): TryAgain,
    ("MAIL", "550 5.7.1 this sender may not"): Halt,
    ("MAIL", "530 5.7.0 log in first"): Halt,
    ("MAIL", "552 5.3.4 too large"): Refused,
    ("RCPT", f"450 4.7.1 {QUOTING}"): TryAgain,
    ("RCPT", f"452 4.2.2 {QUOTING}"): TryAgain,
    ("RCPT", "421 4.7.0 closing"): TryAgain,
    ("RCPT", f"550 5.1.1 {QUOTING}"): Refused,
    ("RCPT", f"554 5.7.1 {QUOTING}"): Refused,
    ("RCPT", "530 5.7.0 log in first"): Halt,
    ("DATA", "451 4.3.0 later"): TryAgain,
    ("DATA", "554 5.5.1 nobody to send to"): Refused,
    ("DATA", "250 2.0.0 what?"): TryAgain,
    ("MAIL", "drop"): TryAgain,
    ("RCPT", "drop"): TryAgain,
    ("DATA", "drop"): TryAgain,
    ("RCPT", "hang"): TryAgain,
    ("RCPT", "nonsense"): TryAgain,
    ("END", "451 4.3.0 later"): TryAgain,
    ("END", f"550 5.7.1 {QUOTING}"): Refused,
    ("END", "nonsense"): Unknown,
    ("END", "drop"): Unknown,
    ("END", "hang"): Unknown,
    ("END", "accept-then-drop"): Unknown,
    ("END", "accept-then-hang"): Unknown,
}


@contextmanager
def a_channel(fake: FakeSmtp, **changes: Any) -> Iterator[Smtp]:
    impatient = {"seconds": 5.0, "final_seconds": 5.0}
    channel = Smtp(SmtpSettings(**{"host": "127.0.0.1", "port": fake.port, "security": "none", **impatient, **changes}))
    yield channel
    channel.close()


@pytest.fixture
def fake() -> Iterator[FakeSmtp]:
    with smtp.running() as running:
        yield running


@pytest.fixture
def channel(fake: FakeSmtp) -> Iterator[Smtp]:
    with a_channel(fake) as made:
        yield made


def test_an_accepted_notice_arrives_as_it_was_written_with_its_id_in_the_envelope(
    channel: Smtp, fake: FakeSmtp
) -> None:
    envelope = an_envelope()
    accepted = channel.send(envelope)
    [mail] = fake.accepted
    assert (accepted.reference, accepted.detail) == ("FAKE1", "accepted by the mail server [250 2.0.0]")
    assert mail.content == message_bytes(envelope)
    assert mail.recipients == ["robin.marker@example.com"]
    assert mail.sender == "notices@example.org"
    assert mail.options == ["RET=HDRS", f"ENVID={envelope.nid.hex}", "NOTIFY=FAILURE,DELAY"]


def test_failures_come_back_to_an_address_of_the_notices_own(fake: FakeSmtp) -> None:
    envelope = an_envelope()
    with a_channel(fake, bounce_address="bounces@mail.example.org") as channel:
        channel.send(envelope)
    assert fake.accepted[0].sender == f"bounces+{envelope.nid.hex}@mail.example.org"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(text=st.text(alphabet=".a \n", min_size=1, max_size=80).filter(str.strip))
def test_dots_at_the_beginning_of_lines_arrive(channel: Smtp, fake: FakeSmtp, text: str) -> None:
    channel.send(an_envelope(text=text, html=None))
    body = message_from_bytes(fake.accepted[-1].content, policy=policy.SMTP).get_payload(decode=True)
    assert isinstance(body, bytes)
    assert body.decode().replace("\r\n", "\n").rstrip("\n") == text.rstrip("\n")


@pytest.mark.parametrize(("step", "effect"), MEANINGS)
def test_each_reply_has_its_meaning_and_the_next_notice_goes_out(fake: FakeSmtp, step: str, effect: str) -> None:
    patience = {"seconds": 0.3, "final_seconds": 0.3} if effect.endswith("hang") else {}
    fake.stumble(step, effect)
    with a_channel(fake, **patience) as channel:
        with pytest.raises(ChannelError) as failure:
            channel.send(an_envelope())
        assert MEANINGS[step, effect] in type(failure.value).__mro__[:2]
        assert len(fake.accepted) == effect.startswith("accept")
        channel.send(an_envelope())
    said = "".join(traceback.format_exception(failure.value)) + repr(failure.value)
    assert not [mark for mark in (*MARKS, PASSWORD) if mark in said]
    assert len(fake.accepted) == effect.startswith("accept") + 1


def test_a_server_that_ponders_over_the_message_is_given_its_time(fake: FakeSmtp) -> None:
    fake.stumble("END", "accept-slowly")
    with a_channel(fake, seconds=SLOW_SECONDS / 2, final_seconds=30.0) as channel:
        assert channel.send(an_envelope()).reference == "FAKE1"


def test_a_refusal_keeps_the_numbers_of_the_reply(channel: Smtp, fake: FakeSmtp) -> None:
    fake.stumble("RCPT", f"550 5.1.1 {QUOTING}")
    with pytest.raises(Refused) as failure:
        channel.send(an_envelope())
    assert failure.value.code == "550 5.1.1"


def test_one_connection_serves_many_notices_also_after_a_refusal(channel: Smtp, fake: FakeSmtp) -> None:
    channel.check()
    for step in ("", "RCPT", "", "END", ""):
        if step:
            fake.stumble(step, "550 5.1.1 no")
            with pytest.raises(Refused):
                channel.send(an_envelope())
        else:
            channel.send(an_envelope())
    assert fake.connections == 1
    assert len(fake.accepted) == 3


@pytest.mark.parametrize("end", ["hang up", "421 4.4.2 idle for too long"])
def test_a_kept_connection_that_went_stale_is_replaced_unnoticed(channel: Smtp, fake: FakeSmtp, end: str) -> None:
    channel.send(an_envelope())
    if end == "hang up":
        fake.hang_up()
    else:
        fake.stumble("MAIL", end)
    channel.send(an_envelope())
    assert fake.connections == 2
    assert len(fake.accepted) == 2


def test_threads_have_a_connection_each_and_no_notice_is_mixed_up(channel: Smtp, fake: FakeSmtp) -> None:
    together = Barrier(6)
    envelopes = [an_envelope(to_address=f"person{number}@example.com") for number in range(24)]

    def send(number: int) -> None:
        if number < 6:
            together.wait()
        channel.send(envelopes[number])

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(send, range(24)))
    assert fake.connections == 6
    arrived = {mail.recipients[0]: mail.content for mail in fake.accepted}
    assert arrived == {envelope.to_address: message_bytes(envelope) for envelope in envelopes}


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_the_connection_is_sealed_and_logged_in(certificates: Certificates, security: str) -> None:
    with smtp.running(certificates, security, login=True) as fake:
        login = {"username": USERNAME, "password": PASSWORD, "ca_file": certificates.ca_file, "security": security}
        with a_channel(fake, **login) as channel:
            channel.check()
            channel.send(an_envelope())
        assert (len(fake.accepted), fake.connections) == (1, 1)
        with (
            a_channel(fake, **{**login, "password": "mistaken-word"}) as wrong,
            pytest.raises(Halt, match="535") as failure,
        ):
            wrong.check()
        assert "mistaken-word" not in "".join(traceback.format_exception(failure.value))


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_certificate_that_cannot_be_verified_halts(certificates: Certificates, security: str) -> None:
    with (
        smtp.running(certificates, security) as fake,
        a_channel(fake, security=security) as channel,
        pytest.raises(Halt, match="certificate"),
    ):
        channel.send(an_envelope())


def test_a_server_without_starttls_is_not_spoken_to_in_the_clear(fake: FakeSmtp) -> None:
    with a_channel(fake, security="starttls") as channel, pytest.raises(Halt):
        channel.send(an_envelope())
    assert not fake.accepted


def test_a_server_that_is_away_means_try_again() -> None:
    with smtp.running() as gone:
        pass
    with a_channel(gone) as channel, pytest.raises(TryAgain, match="no connection"):
        channel.check()


@pytest.mark.parametrize(
    "changes",
    [
        {"host": "mail.example.org", "security": "none"},
        {"bounce_address": "bounces@example.org\r\nRCPT TO:<sam@example.org>"},
        {"bounce_address": f"{'b' * 40}@example.org"},
        {"username": "forthwith", "password": "pässword"},
        {"ca_file": "missing"},
    ],
    ids=str,
)
def test_a_configuration_that_cannot_work_halts_before_it_is_used(changes: dict[str, Any], tmp_path: Path) -> None:
    if "ca_file" in changes:
        changes = {"ca_file": tmp_path / "missing.pem"}
    with pytest.raises(Halt) as failure:
        Smtp(SmtpSettings(**{"host": "127.0.0.1", **changes}))
    assert "pässword" not in str(failure.value)


def test_an_unsafe_envelope_is_refused_before_anyone_is_called(channel: Smtp, fake: FakeSmtp) -> None:
    with pytest.raises(Refused):
        channel.send(an_envelope(to_address="a@example.org>\r\nRCPT TO:<b@example.org"))
    assert not fake.connections


def test_a_mail_server_gives_no_evidence(channel: Smtp) -> None:
    found = channel.evidence(
        uuid4(), to_address="robin.marker@example.com", category=str(WAVE), since_at=datetime(2026, 11, 21, tzinfo=UTC)
    )
    assert found.finding is Finding.UNCLEAR


def test_the_password_is_not_shown() -> None:
    settings = SmtpSettings("mail.example.org", username=USERNAME, password=PASSWORD)
    assert PASSWORD not in f"{settings} {Smtp(settings)!r}"
