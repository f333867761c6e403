"""The database: one engine, and sessions that only read."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

BUSY_SECONDS = 30
BEGIN = "forthwith_begin"


class DatabaseBusy(Exception):
    """Somebody else has been writing for longer than one waits; nothing of this act was kept. Only SQLite has one writer at a time."""

    def __init__(self) -> None:
        super().__init__(
            f"Something else has been writing to the database for more than {BUSY_SECONDS} seconds, a long list of people perhaps. "
            "Nothing of this was kept; try again in a minute."
        )


class Database:
    """One engine on one URL; SQLite (WAL, synchronous FULL, foreign keys) or PostgreSQL, behaving alike."""

    def __init__(self, url: str) -> None:
        self.url = sa.make_url(_with_driver(url))
        self.engine = sa.create_engine(
            self.url,
            pool_pre_ping=not self.is_sqlite,
            hide_parameters=True,  # an error's text must not quote what was being written about people
        )
        if self.is_sqlite:
            sa.event.listen(self.engine, "connect", _set_up_sqlite)
            sa.event.listen(self.engine, "begin", _begin_sqlite)

    @property
    def is_sqlite(self) -> bool:
        """Whether this is SQLite, where one writer at a time holds the whole file."""
        return self.url.get_backend_name() == "sqlite"

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()


@contextmanager
def reading(database: Database) -> Iterator[Session]:
    """A session for questions: one snapshot, and a write through it is refused by the database itself."""
    options: dict[str, Any] = (
        {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        if not database.is_sqlite
        else {BEGIN: "BEGIN"}
    )
    with (
        database.engine.connect().execution_options(**options) as connection,
        Session(bind=connection, autoflush=False) as session,
    ):
        if database.is_sqlite:
            connection.exec_driver_sql("PRAGMA query_only = ON")
        try:
            yield session
        finally:
            session.expunge_all()  # what was read may be used after the question is over
            session.rollback()
            if database.is_sqlite:
                connection.exec_driver_sql("PRAGMA query_only = OFF")
                connection.rollback()


def _with_driver(url: str) -> str:
    return url.replace("postgresql://", "postgresql+psycopg://", 1) if url.startswith("postgresql://") else url


def _set_up_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver's own transaction guessing is off: we say BEGIN ourselves
    for pragma in (
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "recursive_triggers = ON",  # or INSERT OR REPLACE would delete a record without asking its trigger
        f"busy_timeout = {BUSY_SECONDS * 1000}",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: sa.Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get(BEGIN, "BEGIN"))
