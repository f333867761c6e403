"""A database as it was, to be put back in a test: what a deployment has after the worst of its days."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import psycopg

from actions.desk import Desk


class Backup:
    """What a database was, to be put in its place again: a copy of SQLite's file, or of PostgreSQL's database."""

    def __init__(self, desk: Desk, folder: Path, server: str) -> None:
        self._desk, self._server = desk, server
        self._name = desk.database.url.database or ""
        self._copy = str(folder / "backup.db") if desk.database.is_sqlite else f"{self._name}_backup"
        desk.database.close()
        if desk.database.is_sqlite:
            with closing(sqlite3.connect(self._name)) as now, closing(sqlite3.connect(self._copy)) as then:
                now.backup(then)
        else:
            self._say(f"CREATE DATABASE {self._copy} TEMPLATE {self._name}")

    def put_back(self) -> None:
        """Yesterday's in the place of today's."""
        self._desk.database.close()
        if not self._desk.database.is_sqlite:
            self._say(f"DROP DATABASE {self._name} WITH (FORCE)")
            self._say(f"ALTER DATABASE {self._copy} RENAME TO {self._name}")
            return
        for old in Path(self._name).parent.glob(f"{Path(self._name).name}*"):
            old.unlink()
        shutil.copy(self._copy, self._name)

    def _say(self, words: str) -> None:
        with psycopg.connect(self._server, autocommit=True) as connection:
            connection.execute(words.encode())
