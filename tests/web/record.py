"""What is written down at a moment, to show that a refusal wrote nothing."""

import sqlalchemy as sa

from actions.desk import Desk
from db.types import Table

MOVING = {"web_sessions", "sign_in_tries"}
"""What a mere visit may touch."""


def written(desk: Desk) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table that holds the record, in its order."""
    with desk.reading() as session:
        return {
            name: sorted((tuple(row) for row in session.execute(sa.select(table))), key=repr)
            for name, table in Table.metadata.tables.items()
            if name not in MOVING
        }
