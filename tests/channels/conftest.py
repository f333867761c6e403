"""Fakes for the tests of the channels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from channels.https import Line
from channels.sendgrid import SendGrid, SendGridSettings
from tests.fakes import sendgrid
from tests.fakes.certificates import Certificates, make_certificates

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return make_certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def fake(tmp_path: Path) -> Iterator[sendgrid.FakeSendGrid]:
    with sendgrid.running(tmp_path / "sendgrid") as running:
        yield running


@pytest.fixture
def channel(fake: sendgrid.FakeSendGrid) -> Iterator[SendGrid]:
    """SendGrid as a deployment would set it up, but impatient."""
    made = SendGrid(SendGridSettings(sendgrid.KEY, base_url=fake.url, line=Line(answer_seconds=0.4)))
    yield made
    made.close()
