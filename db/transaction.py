"""The one way to write: a transaction that is kept whole or not at all; importable from actions only."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.session import BEGIN, BUSY_SECONDS, Database, DatabaseBusy


@contextmanager
def writing(database: Database) -> Iterator[Session]:
    """One transaction. SQLite takes its write lock at once, so that reading first and writing later cannot deadlock.

    Raises DatabaseBusy where another keeps that lock for longer than one waits.
    """
    try:
        with (
            database.engine.connect().execution_options(**{BEGIN: "BEGIN IMMEDIATE"}) as connection,
            Session(bind=connection, expire_on_commit=False) as session,
            session.begin(),
        ):
            yield session
    except sa.exc.OperationalError as error:
        if getattr(error.orig, "sqlite_errorname", "").startswith("SQLITE_BUSY"):
            raise DatabaseBusy from error
        raise


@contextmanager
def writing_if_free(database: Database) -> Iterator[Session | None]:
    """A transaction for what may as well be left out; None where another writer holds all of SQLite at this moment."""
    with database.engine.connect().execution_options(**{BEGIN: "BEGIN IMMEDIATE"}) as connection:
        began = _begun_at_once(connection) if database.is_sqlite else connection.begin()
        if began is None:
            yield None
            return
        with began, Session(bind=connection, expire_on_commit=False) as session:
            yield session
            session.flush()


def _begun_at_once(connection: sa.Connection) -> sa.RootTransaction | None:
    """Begin without waiting; the connection waits again afterwards, since others will use it."""
    driver = connection.connection.cursor()
    driver.execute("PRAGMA busy_timeout = 0")
    try:
        return connection.begin()
    except sa.exc.OperationalError:
        return None
    finally:
        driver.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
        driver.close()
