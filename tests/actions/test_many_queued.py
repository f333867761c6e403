"""What is asked every few seconds of a wave costs the same however many of its notices are queued."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from actions import clock
from actions.desk import Desk
from actions.finish_wave import left_to_send
from actions.keep_hours import keep_hours
from actions.launch import launch
from db.models import Notice, Wave
from db.queries import notices
from db.queries.notices import counts_of, samples_of
from tests.conftest import MANAGER
from tests.delivery import a_wave
from tests.ledger import an_incident_with, approved, customers

FEW, MANY = 4, 60


@contextmanager
def steps(desk: Desk) -> Iterator[list[int]]:
    """Counts the steps of SQLite's machine."""
    counted = [0]

    def step() -> None:
        counted[0] += 1

    def watch(connection: sqlite3.Connection, *_: object) -> None:
        connection.set_progress_handler(step, 1)

    desk.database.close()  # so that the connection is opened anew, and watched
    sa.event.listen(desk.database.engine, "connect", watch)
    try:
        yield counted
    finally:
        sa.event.remove(desk.database.engine, "connect", watch)
        desk.database.close()


def cost(desk: Desk, wave_id: UUID) -> int:
    with steps(desk) as counted:
        assert left_to_send(desk, wave_id)[0]
    return counted[0]


def test_asking_whether_something_is_left_reads_no_more_of_many_than_of_few(desk: Desk, tmp_path: Path) -> None:
    if not desk.database.is_sqlite:
        pytest.skip("only SQLite counts its steps")
    _, few = a_wave(desk, tmp_path, FEW)
    _, many = a_wave(desk, tmp_path, MANY)
    assert cost(desk, many.id) <= cost(desk, few.id) + MANY // 2


def test_the_hours_to_write_in_are_kept_by_looking_at_the_queue_alone(desk: Desk, tmp_path: Path) -> None:
    if not desk.database.is_sqlite:
        pytest.skip("only SQLite says how it goes about it before it does")
    incident = an_incident_with(desk, tmp_path, customers(FEW))
    approved(desk, incident)
    wave = launch(desk, incident.id, 1)
    at_night = Desk(desk.settings.model_copy(update={"send_window": "08:00-20:00"}), MANAGER, database=desk.database)
    asked: list[tuple[str, Any]] = []
    sa.event.listen(desk.database.engine, "before_cursor_execute", lambda *told: asked.append((told[2], told[3])))
    with at_night.act("reconcile", incident.id) as act:
        keep_hours(act, act.session.get_one(Wave, wave.id))
        counting = [one for one in asked if "count(" in one[0] and "FROM notices" in one[0]]
        plans = [
            act.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", given).all()
            for text, given in counting
        ]
    assert plans
    assert all("COVERING INDEX ix_notices_queue" in str(plan) for plan in plans), plans


def test_what_waits_is_left_from_its_moment_on_and_hides_nothing_that_may_go(desk: Desk, tmp_path: Path) -> None:
    _, wave = a_wave(desk, tmp_path, FEW)
    first, later = clock.now() + timedelta(hours=1), clock.now() + timedelta(hours=2)
    put_off(desk, sa.true(), later)
    with desk.reading() as session:
        nid = session.scalars(sa.select(Notice.nid)).first()
    put_off(desk, Notice.nid == nid, first)
    assert left_to_send(desk, wave.id) == (True, first)
    put_off(desk, Notice.nid == nid, None)
    assert left_to_send(desk, wave.id) == (True, None)


def put_off(desk: Desk, whom: sa.ColumnElement[bool], until: datetime | None) -> None:
    with desk.writing() as session:
        session.execute(sa.update(Notice).where(whom).values(wait_until=until))


def test_samples_of_a_large_wave_are_of_each_way_and_kind_and_begin_with_the_first(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notices, "LOOKED_AT", 2)
    written = [{"reference": f"L{number}", "address": f"{number} Sample Street; Sampletown"} for number in range(3)]
    rows = [*customers(9), *written, {"reference": "E1", "email": "employee@example.org", "kind": "employee"}]
    incident = an_incident_with(desk, tmp_path, rows)
    [wave] = approved(desk, incident)
    with desk.reading() as session:
        found = samples_of(session, session.get_one(Wave, wave.id), counts_of(session, wave.id))
    assert {(channel, kind) for _, channel, kind in found} == {
        ("email", "customer"),
        ("letter", "customer"),
        ("email", "employee"),
    }
    assert len(found) <= 2 + 2 + 1
    monkeypatch.setattr(notices, "LOOKED_AT", 500)
    with desk.reading() as session:
        found = samples_of(session, session.get_one(Wave, wave.id), counts_of(session, wave.id))
    assert found[:3] == [(1, "email", "customer"), (10, "letter", "customer"), (13, "email", "employee")]
    assert len(found) == 12
