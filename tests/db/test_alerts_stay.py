"""Alerts outlive the step that lets them be about intakes, up and down, on both databases."""

from typing import Any

import sqlalchemy as sa

from db import schema
from db.session import Database
from db.types import Table
from tests.db.world import INTAKE, an_id, fill, insert, valid


def held(database: Database) -> list[dict[str, Any]]:
    with database.engine.connect() as connection:
        rows = connection.execute(sa.text("SELECT * FROM alerts ORDER BY id")).mappings().all()
    return [{name: str(value) for name, value in row.items() if name != "intake_id"} for row in rows]


def test_alerts_about_incidents_stay_and_those_about_intakes_go_with_them(database_url: str) -> None:
    database = Database(database_url)
    with database.engine.begin() as connection:
        fill(connection)
    before = held(database)
    with database.engine.begin() as connection:
        more = {"id": an_id(98), "incident_id": None, "intake_id": INTAKE, "rung_id": None}
        insert(connection, "alerts", valid("alerts", **more))
    schema.step_back(database, "0006")
    assert held(database) == before != []
    assert "intakes" not in sa.inspect(database.engine).get_table_names()
    schema.migrate(database)
    assert held(database) == before
    assert set(sa.inspect(database.engine).get_table_names()) >= {"intakes"} <= set(Table.metadata.tables)
    database.close()
