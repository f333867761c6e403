"""Enters what was checked and sealed into the ledger, all of it within the act that is under way."""

from uuid import UUID

import sqlalchemy as sa

from actions.desk import Act
from actions.enter_people import id_of
from actions.seal_list import CHUNK, chunks
from db.bulk import insert_rows
from db.models import ContactPoint, Person
from db.queries.people import next_number
from db.spool import PERSON, Spool


def enter_list(act: Act, import_id: UUID, spool: Spool) -> int:
    """Enter those who are new, in the list's own order by number; returns how many. Guardians are linked when all are there.

    The spool holds them in order and as the driver takes them: other writers wait for nothing but the database's own work.
    """
    same = {"incident_id": act.incident.id, "import_id": import_id, "imported_at": act.now}
    people = spool.ranked(next_number(act.session, act.incident.id) - 1)
    insert_rows(act.session, Person, ("id", "number", "row", *PERSON), people, **same)
    reached = spool.reached()
    insert_rows(act.session, ContactPoint, ("person_id", "kind", "digest"), reached, incident_id=act.incident.id)
    for some in chunks(spool.wards(), CHUNK):
        act.session.execute(sa.update(Person), [{"id": id_of(ward), "guardian_id": id_of(own)} for ward, own in some])
    return spool.how_many_new()
