"""Column types and small constraints that every table shares."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase


class Instant(sa.TypeDecorator[datetime]):
    """A moment: a naive value is refused, UTC is stored, UTC comes back (SQLite would drop the zone)."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a time without an offset: it must never be taken as local or as now."""
        if value is None:
            return None
        if value.utcoffset() is None:
            raise ValueError("a time without an offset was given to the database")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give back UTC on both databases."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Json = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Table(DeclarativeBase):
    """The base of every table."""

    metadata = sa.MetaData(naming_convention=NAMING)
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads this name from the class
        datetime: Instant(),
        date: sa.Date(),
        UUID: sa.Uuid(),
        str: sa.Text(),
        bytes: sa.LargeBinary(),
        dict[str, Any]: Json,
        list[str]: Json,
    }


def one_of(column: str, words: Iterable[str]) -> sa.CheckConstraint:
    """The column holds one of these words."""
    listed = ", ".join(f"'{word}'" for word in words)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


def together(name: str, *columns: str) -> sa.CheckConstraint:
    """These columns are all empty or all filled."""
    empty = " AND ".join(f"{column} IS NULL" for column in columns)
    filled = " AND ".join(f"{column} IS NOT NULL" for column in columns)
    return sa.CheckConstraint(f"({empty}) OR ({filled})", name=name)


def only_if(name: str, condition: str, required: str) -> sa.CheckConstraint:
    """Where the condition holds, so must the requirement; an unknown (NULL) requirement counts as unmet."""
    return sa.CheckConstraint(f"NOT ({condition}) OR COALESCE(({required}), false)", name=name)


def index_where(name: str, condition: str, *columns: str, unique: bool = False) -> sa.Index:
    """An index of these columns over only the rows that meet the condition."""
    where = sa.text(condition)
    return sa.Index(name, *columns, unique=unique, sqlite_where=where, postgresql_where=where)
