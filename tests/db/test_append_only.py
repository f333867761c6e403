"""What is evidence cannot be changed or deleted, not even by a program that speaks to the database directly."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from db.session import Database
from db.types import Table
from tests.db.world import NOW, fill

APPEND_ONLY = ("journal", "facts", "approvals", "receipts", "imports", "notice_sheets", "acknowledgements")
NEVER_DELETED = (
    "incidents",
    "obligations",
    "decisions",
    "reports",
    "notices",
    "attempts",
    "people",
    "waves",
    "tasks",
    "hand_overs",
    "incident_keys",
    "accounts",
    "intakes",
    "events",
)

KEPT_OF_AN_INTAKE = ("id", "reference", "noticed_at", "received_at", "said", "teller_id", "teller", "reach")
KEPT_OF_AN_INTAKE += ("follow_hash", "sent_key")


@pytest.fixture
def world(database_url: str) -> Iterator[sa.Connection]:
    database = Database(database_url)
    with database.engine.connect() as connection:
        fill(connection)
        yield connection
        connection.rollback()
    database.close()


def refused(world: sa.Connection, act: sa.Executable) -> bool:
    try:
        with world.begin_nested():
            world.execute(act)
    except sa.exc.DBAPIError as error:
        return "is a record" in str(error.orig)
    return False


def test_no_row_of_it_can_be_changed(world: sa.Connection) -> None:
    for table in (Table.metadata.tables[name] for name in APPEND_ONLY):
        for column in table.columns:
            assert refused(world, sa.update(table).values({column: column})), column


def test_no_row_of_it_can_be_deleted(world: sa.Connection) -> None:
    for name in APPEND_ONLY + NEVER_DELETED:
        assert refused(world, sa.delete(Table.metadata.tables[name])), name


def test_no_row_of_it_is_lost_in_each_databases_own_sly_way(world: sa.Connection) -> None:
    """PostgreSQL empties a table without touching its rows; SQLite replaces a row without deleting it aloud."""
    sly = {"postgresql": "TRUNCATE {0} CASCADE", "sqlite": "INSERT OR REPLACE INTO {0} SELECT * FROM {0}"}
    for name in APPEND_ONLY + NEVER_DELETED:
        assert refused(world, sa.text(sly[world.dialect.name].format(name))), name


def test_what_a_provider_told_cannot_be_changed_and_is_settled_once(world: sa.Connection) -> None:
    events = Table.metadata.tables["events"]
    for name in set(events.columns.keys()) - {"settled_at", "came_to", "said", "wave_id"}:
        assert refused(world, sa.update(events).values({name: events.c[name]})), name
    settle = sa.update(events).values(settled_at=NOW, came_to="noted", said=None)
    assert not refused(world, settle)
    assert refused(world, settle)


def test_what_somebody_said_and_when_cannot_be_changed(world: sa.Connection) -> None:
    intakes = Table.metadata.tables["intakes"]
    for name in KEPT_OF_AN_INTAKE:
        assert refused(world, sa.update(intakes).values({name: intakes.c[name]})), name
    assert not refused(world, sa.update(intakes).values(reasons="looked at"))
