"""Prefect's writers to SQLite: each reads and then writes, all at once, and none is turned away."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from prefect.server.database.configurations import AioSqliteConfiguration

from flows.one_writer import take_turns

WRITERS = 4


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "counted.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript("PRAGMA journal_mode = WAL; CREATE TABLE counts (n); INSERT INTO counts VALUES (0);")
    return path


async def count_up(path: Path) -> int:
    """Every writer adds one to what it read; gives how many were turned away."""
    config = AioSqliteConfiguration(connection_url=f"sqlite+aiosqlite:///{path}")
    engine = await config.engine()

    async def one() -> None:
        async with await config.session(engine) as session, config.begin_transaction(session):
            n = (await session.execute(sa.text("SELECT n FROM counts"))).scalar_one()
            await asyncio.sleep(0.1)  # long enough for the others to have read too
            await session.execute(sa.text("UPDATE counts SET n = :n"), {"n": n + 1})

    done = await asyncio.gather(*(one() for _ in range(WRITERS)), return_exceptions=True)
    await engine.dispose()
    return sum(isinstance(end, sa.exc.OperationalError) for end in done)


def counted(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        n: int = connection.execute("SELECT n FROM counts").fetchone()[0]
        return n


def test_writers_that_take_turns_are_all_served(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(AioSqliteConfiguration, "begin_transaction", AioSqliteConfiguration.begin_transaction)
    take_turns()
    assert asyncio.run(count_up(database)) == 0
    assert counted(database) == WRITERS


def test_prefect_by_itself_turns_writers_away(database: Path) -> None:
    """Why we do it. When this fails, Prefect has mended it, and flows/one_writer.py can go."""
    assert asyncio.run(count_up(database)) > 0
