"""Brings a database to the newest migration, and says which one it has."""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from db.session import BEGIN, Database

VERSION_TABLE = "forthwith_version"


def migrate(database: Database, to: str = "head") -> None:
    """Run every missing step in one transaction; a step that fails leaves the schema as it was."""
    if to == "head" and present(database) == newest():
        return
    _run(database, command.upgrade, to)


def step_back(database: Database, to: str) -> None:
    """Undo steps down to *to* (``base`` for all)."""
    _run(database, command.downgrade, to)


def present(database: Database) -> str | None:
    """The migration that the database is at; None for an empty one."""
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE}).get_current_revision()


@cache
def newest() -> str:
    """The newest migration that this version ships."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    assert head is not None, "no migration is shipped"  # noqa: S101 - a broken build, not a broken input
    return head


def _run(database: Database, act: object, to: str) -> None:
    with database.engine.connect().execution_options(**{BEGIN: "BEGIN IMMEDIATE"}) as connection, connection.begin():
        config = _config()
        config.attributes["connection"] = connection
        act(config, to)  # type: ignore[operator]  # alembic's commands take (config, revision)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
