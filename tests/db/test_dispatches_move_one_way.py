"""A dispatch takes only the steps that it may take, and keeps its address and its bytes, whatever the code above does."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa

from db.session import Database
from db.types import Table
from tests.db.world import NOW, RECEIPT, fill, valid

DISPATCHES = Table.metadata.tables["dispatches"]
STEPS = {
    "queued": {"sending", "rejected"},
    "sending": {"queued", "accepted", "unknown", "rejected"},
    "unknown": {"accepted", "rejected"},
    "accepted": {"rejected"},
    "rejected": set[str](),
}


@pytest.fixture
def world(database_url: str) -> Iterator[sa.Connection]:
    """A connection to a database with one valid row in every table, in a transaction that is never kept."""
    database = Database(database_url)
    with database.engine.connect() as connection:
        fill(connection)
        connection.execute(sa.update(DISPATCHES).values(state="rejected", settled_at=NOW))
        yield connection
        connection.rollback()
    database.close()


def moves(world: sa.Connection, before: str, **values: Any) -> bool:
    """Whether the database lets a dispatch that stands there change so."""
    filled = {"sent": b"x", "sent_sha256": "ab" * 32, "handed_over_at": NOW, "settled_at": NOW, "receipt_id": RECEIPT}
    row = valid("dispatches", id=uuid4(), state=before, **filled)
    try:
        with world.begin_nested() as attempt:
            world.execute(sa.insert(DISPATCHES).values(**row))
            world.execute(sa.update(DISPATCHES).where(DISPATCHES.c.id == row["id"]).values(**values))
            attempt.rollback()
    except sa.exc.IntegrityError:
        return False
    return True


def test_every_pair_of_states_is_allowed_exactly_where_it_may_be(world: sa.Connection) -> None:
    wrong = [
        (before, after)
        for before, may in STEPS.items()
        for after in STEPS
        if moves(world, before, state=after) is not (after in may or after == before)
    ]
    assert wrong == []


@pytest.mark.parametrize("change", [{"address": "y"}, {"way": "machine"}, {"sent_sha256": "cd" * 32}, {"sealed": True}])
def test_what_was_sent_and_where_to_stands(world: sa.Connection, change: dict[str, Any]) -> None:
    assert not moves(world, "sending", **change)
    assert moves(world, "sending", detail="the server was slow")


def test_a_dispatch_is_never_deleted(world: sa.Connection) -> None:
    with pytest.raises(sa.exc.IntegrityError), world.begin_nested():
        world.execute(sa.delete(DISPATCHES))
