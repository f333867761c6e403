"""A desk whose e-mails leave through a fake SendGrid on loopback, and one that looks at what became of a notice."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from actions.desk import Desk
from settings.model import Settings
from tests.conftest import MANAGER, Time, a_deployment
from tests.events import SIGNER, through
from tests.fakes import authority, sendgrid
from tests.fakes.authority import FakeAuthority
from tests.fakes.sendgrid import FakeSendGrid
from tests.filing import an_approved
from tests.ledger import an_incident_with, customers, launched


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


@pytest.fixture(scope="session")
def five_launched(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A launched wave to five customers, to copy: it takes longer to make than most tests take."""
    folder = tmp_path_factory.mktemp("launched")
    shutil.copy(sqlite_template, folder / "forthwith.db")
    with Desk(a_deployment(folder / "home", f"sqlite:///{folder / 'forthwith.db'}"), MANAGER) as desk:
        rows = [{**row, "address": f"{place} Sample Street;Sampletown"} for place, row in enumerate(customers(5), 1)]
        launched(desk, an_incident_with(desk, folder, rows))
    return folder


@pytest.fixture
def deaf_desk(five_launched: Path, tmp_path: Path, fake: FakeSendGrid) -> Iterator[Desk]:
    """Sends through the fake; nobody listens to events."""
    shutil.copytree(five_launched / "home", tmp_path / "home")
    shutil.copy(five_launched / "forthwith.db", tmp_path / "forthwith.db")
    settings = a_deployment(tmp_path / "home", f"sqlite:///{tmp_path / 'forthwith.db'}")
    with Desk(settings.model_copy(update=through(settings, fake)), MANAGER) as made:
        yield made


@pytest.fixture
def told_desk(deaf_desk: Desk) -> Iterator[Desk]:
    """The same desk, at which SendGrid's events are heard."""
    settings = deaf_desk.settings.model_copy(update={"sendgrid_webhook_key": SIGNER.key})
    with Desk(settings, MANAGER, database=deaf_desk.database) as made:
        yield made


@pytest.fixture
def approved(desk: Desk, officer: Desk, time: Time) -> Desk:
    """An incident whose preliminary report is approved."""
    return an_approved(desk, officer)


@pytest.fixture
def machine() -> Iterator[FakeAuthority]:
    with authority.running() as running:
        yield running


@pytest.fixture
def wired(approved: Desk, settings: Settings, machine: FakeAuthority) -> Iterator[Desk]:
    """The manager's desk, with the authority's machine in the settings."""
    token = type(settings.smtp_password)(authority.TOKEN)
    changes = {"authority_machines": {"uk/ico": machine.url}, "authority_tokens": {"uk/ico": token}}
    with Desk(settings.model_copy(update=changes), MANAGER, database=approved.database) as made:
        yield made


@pytest.fixture
def server(request: pytest.FixtureRequest, desk: Desk) -> str:
    """Where databases are made; nowhere, for SQLite."""
    return "" if desk.database.is_sqlite else str(request.getfixturevalue("postgresql"))
