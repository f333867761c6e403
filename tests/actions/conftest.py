"""A desk whose e-mails leave through a fake SendGrid on loopback, and one that looks at what became of a notice."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from actions.desk import Desk
from settings.model import Settings
from tests.conftest import MANAGER
from tests.fakes import sendgrid
from tests.fakes.sendgrid import FakeSendGrid


@pytest.fixture
def fake(tmp_path: Path) -> Iterator[FakeSendGrid]:
    with sendgrid.running(tmp_path / "sendgrid") as running:
        yield running


@pytest.fixture
def sender(settings: Settings, desk: Desk, fake: FakeSendGrid) -> Iterator[Desk]:
    """The manager's desk, sending through the fake, as fast as it takes messages."""
    changes = {"email_channel": "sendgrid", "sendgrid_host": fake.url, "rate_per_second": 5000.0}
    key = {"sendgrid_api_key": type(settings.sendgrid_api_key)(sendgrid.KEY)}
    with Desk(settings.model_copy(update=changes | key), MANAGER, database=desk.database) as made:
        yield made
