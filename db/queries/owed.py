"""What asks for anything: conditions in exactly the words of the indexes over obligations, or those would not be used."""

import sqlalchemy as sa
from sqlalchemy.orm.util import AliasedClass

from db.models import Obligation

_OPEN: sa.ColumnClause[str] = sa.literal_column("'open'")
_WATCHING: sa.ColumnClause[str] = sa.literal_column("'watching'")
_UNKNOWN: sa.ColumnClause[str] = sa.literal_column("'unknown'")
_NOT: sa.ColumnClause[str] = sa.literal_column("'does_not_apply'")
Rows = type[Obligation] | AliasedClass[Obligation]


def asks(rows: Rows) -> sa.ColumnElement[bool]:
    """Applies, or may: all but the many duties that do not apply."""
    return rows.answer != _NOT


def is_owed(rows: Rows) -> sa.ColumnElement[bool]:
    """What is owed, and what may be: nobody looked never looks like nothing to do."""
    return sa.or_(rows.state == _OPEN, sa.and_(rows.state == _WATCHING, rows.answer == _UNKNOWN))


def runs(rows: Rows) -> sa.ColumnElement[bool]:
    """Owed, or perhaps, with a limit that is known."""
    return sa.and_(rows.due_at.is_not(None), is_owed(rows))
