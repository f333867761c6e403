"""The fake refuses what SendGrid refuses, understands the package that SendGrid publishes, and outlives whoever sends."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any

import pytest
import sendgrid as package
from python_http_client.exceptions import BadRequestsError, UnauthorizedError
from sendgrid.helpers.mail import Mail

from channels.https import Line
from channels.sendgrid import SendGrid, SendGridSettings
from channels.sendgrid_payload import payload
from tests.channels.envelopes import an_envelope
from tests.fakes.faults import Faults
from tests.fakes.ledger import Ledger
from tests.fakes.sendgrid import KEY, FakeSendGrid, spawned

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

REFUSED: dict[str, Callable[[dict[str, Any]], object]] = {
    "personalizations.0.to.1.email": lambda message: message["personalizations"][0]["to"].append(
        {"email": "ROBIN.marker@example.com"}
    ),
    "personalizations.0.custom_args": lambda message: message["personalizations"][0]["custom_args"].update(nid=7),
    "personalizations.0.to": lambda message: message["personalizations"][0].pop("to"),
    "from.email": lambda message: message.pop("from"),
    "subject": lambda message: message.pop("subject"),
    "content": lambda message: message["content"].reverse(),
    "headers": lambda message: message["headers"].update(To="sam@example.org"),
    "categories": lambda message: message["categories"].append("x" * 256),
    "mail_settings.bypass_list_management": lambda message: message["mail_settings"].update(
        bypass_list_management={"enable": True}
    ),
}


@pytest.mark.parametrize("field", REFUSED)
def test_what_sendgrid_answers_400_to_the_fake_does_too(fake: FakeSendGrid, field: str) -> None:
    message = json.loads(json.dumps(payload(an_envelope())))
    REFUSED[field](message)
    with pytest.raises(BadRequestsError) as refusal:
        package.SendGridAPIClient(KEY, host=fake.url).client.mail.send.post(request_body=message)
    assert json.loads(refusal.value.body)["errors"][0]["field"] == field
    assert not fake.ledger.records()


def test_the_published_package_can_send_through_the_fake(fake: FakeSendGrid) -> None:
    mail = Mail("notices@example.org", "robin@example.org", "A subject", "A text")
    answer = package.SendGridAPIClient(KEY, host=fake.url).send(mail)
    assert (answer.status_code, len(fake.ledger.records())) == (202, 1)
    assert answer.headers["X-Message-Id"]
    with pytest.raises(UnauthorizedError):
        package.SendGridAPIClient("SG.another", host=fake.url).send(mail)


def test_building_the_channel_silences_the_loggers_that_would_tell_the_key() -> None:
    for name in ("python_http_client", "urllib3"):
        logging.getLogger(name).setLevel(logging.DEBUG)
    SendGrid(SendGridSettings(KEY)).close()
    for name in ("python_http_client.client", "urllib3.connectionpool"):
        assert not logging.getLogger(name).isEnabledFor(logging.INFO)


def test_chances_are_seeded_and_a_queue_comes_first() -> None:
    drawn = []
    for _ in range(2):
        faults = Faults({"500": 0.3, "hang": 0.2}, seed=7)
        faults.then("401", "")
        drawn.append([faults.draw() for _ in range(200)])
    assert drawn[0] == drawn[1]
    assert drawn[0][:2] == ["401", ""]
    assert {"", "500", "hang"} == set(drawn[0][2:])


def test_the_fake_runs_as_a_process_of_its_own_and_its_ledger_can_be_read_from_outside(tmp_path: Path) -> None:
    with spawned(tmp_path, "--tls") as url:
        channel = SendGrid(SendGridSettings(KEY, base_url=url, line=Line(ca_file=tmp_path / "ca.pem")))
        channel.check()
        envelope = an_envelope()
        for _ in range(2):
            channel.send(envelope)
        channel.close()
    assert Ledger(tmp_path).duplicates() == {str(envelope.nid): 2}
