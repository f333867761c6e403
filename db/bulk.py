"""Inserts many rows by the driver's own quickest way, within a transaction that is under way."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy.engine import Dialect
from sqlalchemy.orm import Session

from db.types import Table

CACHE_KB = 40_000
"""How much of SQLite's indexes stays in memory meanwhile: one that grows in the middle would be written out again and again."""


def insert_rows(
    session: Session, table: type[Table], columns: Sequence[str], rows: Iterable[Sequence[Any]], **same: Any
) -> None:
    """Insert the rows as they come, holding none of them; *same* is what all have in common. Every constraint counts as always.

    The rows are as the driver takes them (an id as its 32 hexadecimal digits): nothing of ours runs for each while others wait.
    """
    connection = session.connection()
    every = _bound(connection.dialect, table, same)
    into = f"{table.__tablename__} ({', '.join([*columns, *same])})"
    cursor: Any = connection.connection.cursor()
    try:
        if connection.dialect.name == "sqlite":
            _insert(cursor, into, len(columns), rows, every)
        else:
            with cursor.copy(f"COPY {into} FROM STDIN") as copy:
                for row in rows:
                    copy.write_row((*row, *every))
    finally:
        cursor.close()


def _insert(cursor: Any, into: str, width: int, rows: Iterable[Sequence[Any]], every: Sequence[Any]) -> None:
    literals = [cursor.execute("SELECT quote(?)", (value,)).fetchone()[0] for value in every]
    usual = cursor.execute("PRAGMA cache_size").fetchone()[0]
    cursor.execute(f"PRAGMA cache_size = -{CACHE_KB}")
    try:
        cursor.executemany(f"INSERT INTO {into} VALUES ({', '.join(['?'] * width + literals)})", rows)
    finally:
        cursor.execute(f"PRAGMA cache_size = {usual}")


def _bound(dialect: Dialect, table: type[Table], values: dict[str, Any]) -> list[Any]:
    there = table.__table__.c
    makers = [there[name].type.dialect_impl(dialect).bind_processor(dialect) for name in values]
    return [make(value) if make else value for make, value in zip(makers, values.values(), strict=True)]
