"""The numbered steps of the database: one line of them, up and down on both databases, and equal to the models."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

import db.models  # noqa: F401 - fills the metadata
from db import schema
from db.session import Database
from db.types import Instant, Table

VERSIONS = Path(schema.__file__).parent / "migrations" / "versions"


def steps() -> list[Path]:
    return sorted(path for path in VERSIONS.glob("*.py") if path.name != "__init__.py")


def test_steps_are_numbered_without_gaps_and_follow_each_other() -> None:
    for number, path in enumerate(steps(), 1):
        assert path.name.startswith(f"{number:04d}_")
        text = path.read_text("utf-8")
        before = f'"{number - 1:04d}"' if number > 1 else "None"
        assert f'revision = "{number:04d}"\ndown_revision = {before}\n' in text


def test_there_is_one_newest_step() -> None:
    assert len(ScriptDirectory(str(VERSIONS.parent)).get_heads()) == 1
    assert schema.newest() == f"{len(steps()):04d}"


def test_the_steps_lead_to_what_the_models_say(database_url: str) -> None:
    database = Database(database_url)
    with database.engine.connect() as connection:
        options = {"version_table": schema.VERSION_TABLE, "compare_type": True}
        different = compare_metadata(MigrationContext.configure(connection, opts=options), Table.metadata)
        checks = checks_of(connection)
    database.close()
    assert different == []
    assert checks == {
        str(one.name)
        for table in Table.metadata.tables.values()
        for one in table.constraints
        if isinstance(one, sa.CheckConstraint)
    }


def checks_of(connection: sa.Connection) -> set[str]:
    """The names of the CHECKs, which the comparison above does not look at."""
    inspector = sa.inspect(connection)
    return {str(one["name"]) for table in Table.metadata.tables for one in inspector.get_check_constraints(table)}


def test_every_check_says_the_same_in_the_steps_and_in_the_models(database_url: str, tmp_path: Path) -> None:
    """Word for word, in the one database that keeps the words as they were written."""
    if not database_url.startswith("sqlite"):
        pytest.skip("PostgreSQL rewrites the words of a CHECK")
    fresh = sa.create_engine(f"sqlite:///{tmp_path / 'models.db'}")
    Table.metadata.create_all(fresh)
    migrated = sa.create_engine(database_url)
    assert words_of(migrated) == words_of(fresh)
    fresh.dispose()
    migrated.dispose()


def words_of(engine: sa.Engine) -> dict[str, str]:
    inspector = sa.inspect(engine)
    return {
        str(one["name"]): str(one["sqltext"])
        for table in Table.metadata.tables
        for one in inspector.get_check_constraints(table)
    }


def test_each_step_can_be_undone_and_done_again(database_url: str) -> None:
    database = Database(database_url)
    for number in range(len(steps()) - 1, -1, -1):
        schema.step_back(database, f"{number:04d}" if number else "base")
        assert schema.present(database) == (f"{number:04d}" if number else None)
    assert set(sa.inspect(database.engine).get_table_names()) <= {schema.VERSION_TABLE}
    schema.migrate(database)
    assert schema.present(database) == schema.newest()
    database.close()


def test_a_step_that_fails_leaves_the_schema_as_it_was(database_url: str) -> None:
    """Something in the way of the third step: the second is not kept either."""
    database = Database(database_url)
    schema.step_back(database, "0001")
    with database.engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE rungs (in_the_way INTEGER)"))
    before = set(sa.inspect(database.engine).get_table_names())
    with pytest.raises(sa.exc.DBAPIError):
        schema.migrate(database)
    assert schema.present(database) == "0001"
    assert set(sa.inspect(database.engine).get_table_names()) == before
    database.close()


def test_moments_and_days_have_the_types_that_their_names_promise() -> None:
    columns = [column for table in Table.metadata.tables.values() for column in table.columns]
    assert [str(one) for one in columns if isinstance(one.type, sa.DateTime)] == []
    assert [str(one) for one in columns if one.name.endswith("_at") and not isinstance(one.type, Instant)] == []
    days = [one for one in columns if one.name.endswith("_on") and one.name != "rests_on"]
    assert [str(one) for one in days if not isinstance(one.type, sa.Date)] == []
