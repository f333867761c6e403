"""Each answer of SendGrid, and each way of not answering, means exactly one thing for the notice; the key and the person stay out of it."""

from __future__ import annotations

import logging
import time
import traceback
from typing import TYPE_CHECKING

import pytest

from channels.https import Line
from channels.outcome import ChannelError, Halt, Refused, TryAgain, Unknown
from channels.sendgrid import SendGrid, SendGridSettings
from tests.channels.envelopes import MARKS, an_envelope
from tests.fakes.http import http_bytes
from tests.fakes.sendgrid import KEY, WAIT, FakeSendGrid

if TYPE_CHECKING:
    from collections.abc import Iterator

MEANINGS: dict[str, type[ChannelError]] = {
    "400": Refused,
    "413": Refused,
    "422": Refused,
    "429": TryAgain,
    "400-from": Halt,
    "401": Halt,
    "402": Halt,
    "403": Halt,
    "404": Halt,
    "409": Unknown,
    "500": Unknown,
    "502": Unknown,
    "503": Unknown,
    "redirect": Unknown,
    "sandbox": Unknown,
    "no-id": Unknown,
    "garbage": Unknown,
    "hang": Unknown,
    "drip": Unknown,
    "endless": Unknown,
    "truncated": Unknown,
    "drop-before-accept": Unknown,
    "accept-then-drop": Unknown,
    "accept-then-reset": Unknown,
    "accept-then-hang": Unknown,
    "accept-then-500": Unknown,
}
SENT_AFTER_ALL = {"no-id", "drip", "endless", "truncated"} | {fault for fault in MEANINGS if fault.startswith("accept")}


def test_an_accepted_notice_has_the_providers_reference_and_was_taken_once(
    channel: SendGrid, fake: FakeSendGrid
) -> None:
    envelope = an_envelope()
    accepted = channel.send(envelope)
    [record] = fake.ledger.records()
    assert record["nid"] == str(envelope.nid)
    assert record["message_id"] == f"<{envelope.nid}@example.org>"
    assert accepted.reference == record["reference"].partition(".")[0]
    assert accepted.pause is None


@pytest.mark.parametrize(("fault", "meaning"), MEANINGS.items())
def test_each_fault_has_its_meaning_and_the_next_notice_goes_out(
    channel: SendGrid, fake: FakeSendGrid, fault: str, meaning: type[ChannelError]
) -> None:
    fake.faults.then(fault)
    envelope = an_envelope()
    with pytest.raises(ChannelError) as failure:
        channel.send(envelope)
    assert type(failure.value) is meaning
    assert fake.ledger.copies()[str(envelope.nid)] == (1 if fault in SENT_AFTER_ALL else 0)
    assert len(fake.messages) == 1, "nothing may try again by itself"
    channel.send(an_envelope())
    assert not fake.ledger.duplicates()


def test_a_surely_unsent_notice_never_reached_the_account() -> None:
    """Of the meanings above: what is called sure must be sure."""
    assert {MEANINGS[fault] for fault in SENT_AFTER_ALL} == {Unknown}


@pytest.mark.parametrize("fault", ["redirect", "sandbox", "no-id"])
def test_answers_that_are_not_mail_sends_own_stop_the_run(channel: SendGrid, fake: FakeSendGrid, fault: str) -> None:
    fake.faults.then(fault)
    with pytest.raises(Unknown) as failure:
        channel.send(an_envelope())
    assert failure.value.stops_run


@pytest.mark.parametrize(("fault", "wait"), [("429", WAIT), ("429-retry-after", 3), ("429-nonsense", None)])
def test_a_tired_provider_says_how_long_to_wait(
    channel: SendGrid, fake: FakeSendGrid, fault: str, wait: float | None
) -> None:
    fake.faults.then(fault)
    with pytest.raises(TryAgain) as failure:
        channel.send(an_envelope())
    if wait is None:
        assert failure.value.retry_after is None
    else:
        assert failure.value.retry_after in (wait, wait - 1)  # moments come in whole seconds
    assert not failure.value.stops_run


def test_an_acceptance_that_uses_up_the_allowance_asks_for_a_pause(channel: SendGrid, fake: FakeSendGrid) -> None:
    fake.faults.then("exhausted")
    assert channel.send(an_envelope()).pause in (WAIT, WAIT - 1)
    fake.faults.then("roomy")
    assert channel.send(an_envelope()).pause is None


def test_a_redirect_is_not_followed_and_the_key_goes_nowhere_else(channel: SendGrid, fake: FakeSendGrid) -> None:
    fake.faults.then("redirect")
    with pytest.raises(Unknown):
        channel.send(an_envelope())
    assert [(request.method, request.path) for request in fake.server.requests] == [("POST", "/v3/mail/send")]


def test_notices_share_a_connection_and_one_that_was_closed_meanwhile_is_replaced(
    channel: SendGrid, fake: FakeSendGrid
) -> None:
    channel.send(an_envelope())
    channel.send(an_envelope())
    assert fake.server.connections == 1
    fake.faults.then("then-close")
    channel.send(an_envelope())
    while fake.server.open_connections:
        time.sleep(0.005)
    channel.send(an_envelope())
    assert fake.server.connections == 2
    assert len(fake.ledger.copies()) == 4


def test_a_refused_message_names_the_field_only(
    channel: SendGrid, fake: FakeSendGrid, monkeypatch: pytest.MonkeyPatch
) -> None:
    errors = [
        {"message": "robin.marker@example.com is no address", "field": "personalizations.0.to.0.email"},
        {"message": "x", "field": "robin.marker@example.com"},
        {"message": "x", "field": None},
        "robin.marker@example.com",
    ]
    monkeypatch.setattr(fake, "answer", lambda *_: http_bytes(400, {"errors": errors}))
    with pytest.raises(Refused) as failure:
        channel.send(an_envelope())
    assert failure.value.code == "400 personalizations.0.to.0.email"


@pytest.mark.parametrize("key", ["", "   ", None, "short", "SG.with space.inside", "SG.line\nbreak.inside"])
def test_a_key_that_cannot_be_one_halts_at_once(key: str) -> None:
    with pytest.raises(Halt, match="key"):
        SendGrid(SendGridSettings(key))


def test_a_region_is_global_or_eu() -> None:
    for region in ("global", "eu"):
        SendGrid(SendGridSettings(KEY, region=region)).close()
    with pytest.raises(Halt, match="region"):
        SendGrid(SendGridSettings(KEY, region="moon"))


def test_a_check_passes_with_a_key_that_may_send_and_halts_with_another(channel: SendGrid, fake: FakeSendGrid) -> None:
    channel.check()
    fake.scopes = ["user.profile.read"]
    with pytest.raises(Halt, match="may not send"):
        channel.check()
    wrong = SendGrid(SendGridSettings("SG.not-the-key", base_url=fake.url))
    with pytest.raises(Halt, match="401"):
        wrong.check()
    wrong.close()
    assert not fake.messages


@pytest.mark.parametrize(
    ("answer", "meaning"),
    [
        (http_bytes(403, {}), Halt),
        (http_bytes(302, None, {"Location": "https://example.org"}), Halt),
        (http_bytes(200, {"scopes": 7}), Halt),
        (http_bytes(200), Halt),
        (http_bytes(429), TryAgain),
        (http_bytes(500), TryAgain),
        (b"no HTTP at all\r\n\r\n", TryAgain),
    ],
    ids=lambda value: value.decode()[:16] if isinstance(value, bytes) else None,
)
def test_a_check_says_whether_a_person_must_act_or_only_wait(
    channel: SendGrid, fake: FakeSendGrid, monkeypatch: pytest.MonkeyPatch, answer: bytes, meaning: type[ChannelError]
) -> None:
    monkeypatch.setattr(fake, "answer", lambda *_: answer)
    with pytest.raises(ChannelError) as failure:
        channel.check()
    assert type(failure.value) is meaning


@pytest.fixture
def everything_logged(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """Logging as a careless deployment has it: everything at DEBUG, set before the channel is built."""
    chatty = [logging.getLogger(name) for name in ("urllib3", "python_http_client", "sendgrid", "channels")]
    levels = [logger.level for logger in chatty]
    for logger in chatty:
        logger.setLevel(logging.DEBUG)
    caplog.set_level(logging.DEBUG)
    yield caplog
    for logger, level in zip(chatty, levels, strict=True):
        logger.setLevel(level)


@pytest.mark.parametrize("fault", ["", *MEANINGS])
def test_neither_the_key_nor_the_person_is_in_a_log_an_error_or_a_repr(
    everything_logged: pytest.LogCaptureFixture, fake: FakeSendGrid, fault: str
) -> None:
    settings = SendGridSettings(KEY, base_url=fake.url, line=Line(answer_seconds=0.4))
    channel = SendGrid(settings)
    fake.faults.then(fault)
    said = [repr(settings), repr(channel)]
    try:
        said.append(repr(channel.send(an_envelope())))
    except ChannelError as error:
        said += [repr(error), str(error), *traceback.format_exception(error), *chain_of(error)]
    channel.close()
    everything = "\n".join([*said, everything_logged.text])
    assert not [secret for secret in (KEY, "SG.", *MARKS) if secret in everything]


def chain_of(error: BaseException) -> Iterator[str]:
    """The errors behind an error, also those that a traceback would not print."""
    behind: BaseException | None = error
    while behind is not None:
        yield f"{behind!r} {vars(behind)}"
        behind = behind.__cause__ or behind.__context__
