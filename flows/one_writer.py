"""Lets Prefect's writers to SQLite wait their turn: by itself it reads first and then finds that it may not write."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from prefect.server.database import configurations
from sqlalchemy.ext.asyncio import AsyncSession, AsyncSessionTransaction


@asynccontextmanager
async def _begin_as_writer(
    _self: configurations.AioSqliteConfiguration,
    session: AsyncSession,
    with_for_update: bool = False,
) -> AsyncIterator[AsyncSessionTransaction]:
    token = configurations.SQLITE_BEGIN_MODE.set("IMMEDIATE")
    try:
        async with session.begin() as transaction:
            yield transaction
    finally:
        configurations.SQLITE_BEGIN_MODE.reset(token)


def take_turns() -> None:
    """Take SQLite's write lock when a transaction begins, for which the busy timeout waits, and not in its middle, where
    "database is locked" comes at once and the API answers 503. Prefect offers no setting for it; a test holds it in place."""
    setattr(configurations.AioSqliteConfiguration, "begin_transaction", _begin_as_writer)  # noqa: B010 - mypy refuses the plain form
