"""Reading cannot write, writing is all or nothing, and SQLite is set up as the record needs it."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from db.models import Heartbeat, JournalHead
from db.session import BUSY_SECONDS, Database, reading
from db.transaction import writing


@pytest.fixture
def database(database_url: str):  # type: ignore[no-untyped-def]  # pytest knows
    made = Database(database_url)
    yield made
    made.close()


def heads(database: Database) -> set[str]:
    with reading(database) as session:
        return set(session.scalars(sa.select(JournalHead.chain)))


def test_a_reading_session_is_refused_by_the_database_when_it_writes(database: Database) -> None:
    with pytest.raises(sa.exc.DBAPIError, match=r"readonly|read-only"), reading(database) as session:
        session.add(JournalHead(chain="sly", number=0, hash="0" * 64))
        session.flush()
    assert heads(database) == set()


def test_a_connection_that_has_only_read_can_write_again_afterwards(database: Database) -> None:
    heads(database)
    with writing(database) as session:
        session.add(JournalHead(chain="honest", number=0, hash="0" * 64))
    assert heads(database) == {"honest"}


def test_what_is_written_before_a_failure_is_not_kept(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), writing(database) as session:
        session.add(JournalHead(chain="half", number=0, hash="0" * 64))
        session.flush()
        _ = 1 / 0
    assert heads(database) == set()


def test_a_reader_sees_one_moment_while_others_write(database: Database) -> None:
    with reading(database) as session:
        before = session.scalars(sa.select(JournalHead.chain)).all()
        with writing(database) as writer:
            writer.add(JournalHead(chain="meanwhile", number=0, hash="0" * 64))
        assert session.scalars(sa.select(JournalHead.chain)).all() == before
    assert heads(database) == {"meanwhile"}


def test_sqlite_runs_with_a_log_full_sync_and_foreign_keys(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'new.db'}")
    with database.engine.connect() as connection:
        held = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "recursive_triggers", "busy_timeout")
        }
    database.close()
    assert held == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "recursive_triggers": 1,
        "busy_timeout": BUSY_SECONDS * 1000,
    }


def test_values_never_show_in_a_databases_errors(database: Database) -> None:
    marker = "marker-of-a-person"
    with pytest.raises(sa.exc.DBAPIError) as broken, writing(database) as session:
        session.execute(sa.insert(Heartbeat).values(name=marker, detail=sa.text("nonsense(1)")))
    assert marker not in str(broken.value)


@pytest.mark.parametrize("url", ["postgresql://127.0.0.1/x", "postgresql+psycopg://127.0.0.1/x"])
def test_a_plain_postgresql_url_gets_the_driver_that_is_shipped(url: str) -> None:
    assert Database(url).url.drivername == "postgresql+psycopg"
