"""Prefect's empty database, written down: the same as its own migrations make, and never laid over another."""

import sqlite3
import stat
from contextlib import closing
from importlib.resources import files
from pathlib import Path

import prefect.server.database
from alembic.script import ScriptDirectory

from flows.fresh import COPY, dump, lay_down


def lines(sql: str) -> list[str]:
    """In any order: Prefect writes the constraints of a table in a different one each time."""
    return sorted(line.strip().rstrip(",") for line in sql.splitlines())


def test_the_copy_stands_at_the_newest_migration_of_the_installed_prefect() -> None:
    """When this fails after a change of Prefect's version, run: python -m flows.fresh > flows/fresh_prefect.sql"""
    migrations = Path(prefect.server.database.__file__).parent / "_migrations"
    shipped = ScriptDirectory(str(migrations), version_locations=[str(migrations / "versions" / "sqlite")])
    assert (
        f"INSERT INTO \"alembic_version\" VALUES('{shipped.get_current_head()}');"
        in files("flows").joinpath(COPY).read_text()
    )


def test_what_is_laid_down_is_the_copy_and_its_owners_only(tmp_path: Path) -> None:
    lay_down(tmp_path / "prefect")
    database = tmp_path / "prefect" / "prefect.db"
    assert lines(dump(database)) == lines(files("flows").joinpath(COPY).read_text())
    assert stat.S_IMODE(database.stat().st_mode) == 0o600
    assert stat.S_IMODE(database.parent.stat().st_mode) == 0o700
    assert [path.name for path in database.parent.iterdir()] == ["prefect.db"]


def test_a_database_that_is_there_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "prefect.db").write_bytes(b"mine")
    lay_down(tmp_path)
    assert (tmp_path / "prefect.db").read_bytes() == b"mine"


def test_what_a_kill_left_half_made_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "prefect.db.new").write_bytes(b"half")
    lay_down(tmp_path)
    with closing(sqlite3.connect(tmp_path / "prefect.db")) as connection:
        assert connection.execute("SELECT count(*) FROM alembic_version").fetchone() == (1,)
