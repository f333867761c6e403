"""Enters what was checked and sealed into the ledger, all of it within the act that is under way."""

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from actions.desk import Act
from actions.enter_people import id_of
from actions.seal_list import CHUNK, chunks
from db.bulk import insert_rows
from db.models import ContactPoint, Person
from db.queries.people import next_number
from db.spool import PERSON, Row, Spool

KINDS = {"e": "email", "p": "phone", "a": "address"}
WIDTH = 33
"""A letter for the kind, and the digest."""


def enter_list(act: Act, import_id: UUID, spool: Spool) -> int:
    """Enter those who are new, in the list's own order by number; returns how many. Guardians are linked when all are there."""
    count, first = spool.rank(), next_number(act.session, act.incident.id)
    same = {"incident_id": act.incident.id, "import_id": import_id, "imported_at": act.now}
    insert_rows(act.session, Person, ("id", "number", "row", *PERSON), _people(spool, first - 1), **same)
    insert_rows(act.session, ContactPoint, ("person_id", "kind", "digest"), _points(spool), incident_id=act.incident.id)
    for some in chunks(spool.wards(), CHUNK):
        act.session.execute(sa.update(Person), [{"id": id_of(ward), "guardian_id": id_of(own)} for ward, own in some])
    return count


def _people(spool: Spool, before: int) -> Iterator[Row]:
    for place, row, key, *rest in spool.ranked():
        until = rest[-1]
        yield (id_of(key), before + place, row, key, *rest[:-1], date.fromisoformat(until) if until else None)


def _points(spool: Spool) -> Iterator[tuple[Any, ...]]:
    for key, points in spool.points():
        person = id_of(key)
        for start in range(0, len(points), WIDTH):
            yield person, KINDS[chr(points[start])], points[start + 1 : start + WIDTH]
