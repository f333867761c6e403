"""Alarm targets: handed over once, sure or not sure, and their URLs are in no name, error or log."""

import logging
from collections.abc import Iterator

import pytest

from channels import push
from channels.outcome import Halt, Unknown
from channels.push import Push
from tests.fakes import alarm_target
from tests.fakes.alarm_target import SECRET, Webhook


@pytest.fixture
def fake() -> Iterator[Webhook]:
    with alarm_target.running() as running:
        yield running


def test_a_warning_reaches_the_target_once_and_whole(fake: Webhook) -> None:
    Push(fake.url).send("FW-2026-0001: 6 hours left", "Report it.\nThen say so.")
    (told,) = fake.told
    assert told["title"] == "FW-2026-0001: 6 hours left" and told["message"] == "Report it.\nThen say so."


@pytest.mark.parametrize("wrong", ["500", "302", "404", "accept-then-drop", "drop-before-accept", "garbage"])
def test_a_target_that_does_not_take_it_is_not_sure_and_shows_nothing_of_its_url(
    fake: Webhook, wrong: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    fake.wrong = wrong
    with caplog.at_level(logging.DEBUG), pytest.raises(Unknown) as refused:
        Push(fake.url).send("subject", "text")
    seen = caplog.text + "".join(capfd.readouterr()) + str(refused.value) + repr(Push(fake.url)) + Push(fake.url).name
    assert SECRET not in seen and "127.0.0.1" not in seen
    assert len(fake.server.requests) == 1


def test_a_target_that_does_not_answer_is_waited_for_no_longer_than_is_set(
    fake: Webhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(push, "READ_SECONDS", 0.2)
    fake.wrong = "hang"
    with pytest.raises(Unknown):
        Push(fake.url).send("subject", "text")


@pytest.mark.parametrize("url", ["nothing://at/all", "json://", "slack://x"])
def test_a_url_that_nothing_understands_stops_and_is_not_shown(url: str) -> None:
    with pytest.raises(Halt) as refused:
        Push(url).send("subject", "text")
    assert url not in str(refused.value)


def test_two_targets_of_a_kind_have_names_of_their_own() -> None:
    first, second = Push("json://127.0.0.1/a"), Push("json://127.0.0.1/b")
    assert first.name != second.name and first.name.startswith("json:")
