"""A notice takes only the steps that it may take, and keeps the words that it was drafted with, whatever the code above does."""

import importlib.util
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa

from db.models.notice import NOTICE_STATES, TRANSITIONS
from db.session import Database
from db.types import Table
from tests.db.world import fill, valid

NOTICES = Table.metadata.tables["notices"]


@pytest.fixture
def world(database_url: str) -> Iterator[sa.Connection]:
    """A connection to a database with one valid row in every table, in a transaction that is never kept."""
    database = Database(database_url)
    with database.engine.connect() as connection:
        fill(connection)
        yield connection
        connection.rollback()
    database.close()


def a_notice(world: sa.Connection, **changes: Any) -> Any:
    """One more notice to the same person, for a purpose of its own."""
    nid = uuid4()
    world.execute(sa.insert(NOTICES).values(**valid("notices", nid=nid, purpose=str(nid), **changes)))
    return nid


def moves(world: sa.Connection, nid: Any, **values: Any) -> bool:
    """Whether the database lets it."""
    try:
        with world.begin_nested():
            world.execute(sa.update(NOTICES).where(NOTICES.c.nid == nid).values(**values))
    except sa.exc.IntegrityError:
        return False
    return True


def test_every_pair_of_states_is_allowed_exactly_where_the_model_says(world: sa.Connection) -> None:
    wrong = []
    for before in NOTICE_STATES:
        channel = "phone" if before == "told" else "email"
        for after in NOTICE_STATES:
            spoken = "phone" if after == "told" else channel
            fits = not (spoken == "phone" and after in ("sending", "unknown", "accepted", "delivered", "bounced"))
            nid = a_notice(world, channel=spoken if before in ("drafted", "queued") else channel, state=before)
            allowed = after == before or after in TRANSITIONS[before]
            if fits and moves(world, nid, state=after) is not allowed:
                wrong.append((before, after))
    assert wrong == []


def test_every_state_has_its_steps() -> None:
    assert set(TRANSITIONS) == set(NOTICE_STATES)


def test_the_migration_holds_the_steps_of_the_model() -> None:
    path = next(Path("db/migrations/versions").glob("0005_*.py"))
    spec = importlib.util.spec_from_file_location("step", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert {**dict.fromkeys(NOTICE_STATES, ()), **dict(module.STEPS)} == TRANSITIONS


@pytest.mark.parametrize("change", [{"content": b"other"}, {"content_sha256": "cd" * 32}, {"channel": "letter"}])
def test_the_words_of_a_notice_never_change(world: sa.Connection, change: dict[str, Any]) -> None:
    assert not moves(world, a_notice(world, state="drafted"), **change)
