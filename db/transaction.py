"""The one way to write: a transaction that is kept whole or not at all; importable from actions only."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from db.session import BEGIN, Database


@contextmanager
def writing(database: Database) -> Iterator[Session]:
    """One transaction. SQLite takes its write lock at once, so that reading first and writing later cannot deadlock."""
    with (
        database.engine.connect().execution_options(**{BEGIN: "BEGIN IMMEDIATE"}) as connection,
        Session(bind=connection, expire_on_commit=False) as session,
        session.begin(),
    ):
        yield session
