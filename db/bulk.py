"""Inserts many rows by the driver's own quickest way, within a transaction that is under way."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sqlalchemy.engine import Dialect
from sqlalchemy.orm import Session

from db.types import Table

Makers = Sequence[Callable[[Any], Any] | None]


def insert_rows(
    session: Session, table: type[Table], columns: Sequence[str], rows: Iterable[Sequence[Any]], **same: Any
) -> None:
    """Insert the rows as they come, holding none of them; *same* is what all have in common. Every constraint counts as always."""
    connection = session.connection()
    every = _bound(_makers(connection.dialect, table, same), list(same.values()))
    makers = _makers(connection.dialect, table, columns)
    made = (_bound(makers, row) + every for row in rows)
    columns = [*columns, *same]
    into = f"{table.__tablename__} ({', '.join(columns)})"
    cursor: Any = connection.connection.cursor()
    try:
        if connection.dialect.name == "sqlite":
            cursor.executemany(f"INSERT INTO {into} VALUES ({', '.join('?' * len(columns))})", made)
        else:
            with cursor.copy(f"COPY {into} FROM STDIN") as copy:
                for row in made:
                    copy.write_row(row)
    finally:
        cursor.close()


def _makers(dialect: Dialect, table: type[Table], columns: Iterable[str]) -> Makers:
    there = table.__table__.c
    return [there[name].type.dialect_impl(dialect).bind_processor(dialect) for name in columns]


def _bound(makers: Makers, row: Sequence[Any]) -> list[Any]:
    return [value if make is None else make(value) for make, value in zip(makers, row, strict=True)]
