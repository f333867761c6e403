"""Rows of a list that were not entered with the others: they wait, counted and with a task, until they are mended."""

from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa

from actions.bad_rows import MARK
from actions.desk import Act
from actions.open_task import end_tasks, open_task
from db.bulk import insert_rows
from db.models import Import, LeftOut, Person
from db.spool import Spool


def leave_out(act: Act, own: Import, spool: Spool) -> int:
    """Record the bad rows of this list and open the task to mend them; returns how many there are."""
    insert_rows(
        act.session, LeftOut, ("row", "row_key"), spool.bad_rows(), incident_id=own.incident_id, import_id=own.id
    )
    there = sa.select(Person.row_key).where(Person.incident_id == own.incident_id)
    taken = sa.update(LeftOut).where(LeftOut.import_id == own.id, LeftOut.row_key.in_(there))
    act.session.execute(
        taken.values(row_key=None)
    )  # a reference that stands for someone else tells nothing of this row
    mine = sa.select(sa.func.count()).select_from(LeftOut).where(LeftOut.import_id == own.id)
    count = act.session.scalar(mine) or 0
    if count:
        open_task(
            act,
            kind="check",
            key=_key(own.id),
            title=f"Mend the rows that were left out of list {own.file_sha256[:MARK]}",
            why=f"{count} rows are not on the ledger, so that nobody tells these people.",
            due_at=act.now + timedelta(hours=act.desk.settings.hand_over_target_hours),
            details={"list": own.file_sha256[:MARK], "rows": count},
        )
    return count


def mend(act: Act, own: Import, spool: Spool) -> None:
    """Tick off the rows of earlier lists that this one brings, by their mark or by who they are; a task without rows ends."""
    waiting = sa.update(LeftOut).where(LeftOut.incident_id == own.incident_id, LeftOut.mended_by.is_(None))
    lists = {sha[:MARK]: id_ for sha, id_ in act.session.execute(_lists(own)).tuples()}
    for mark, row in spool.mended():
        if mark in lists and row.isascii() and row.isdecimal() and len(row) < 10:
            this = waiting.where(LeftOut.import_id == lists[mark], LeftOut.row == int(row))
            act.session.execute(this.values(mended_by=own.id))
    there = sa.select(Person.row_key).where(Person.incident_id == own.incident_id)
    earlier = waiting.where(LeftOut.import_id != own.id, LeftOut.row_key.in_(there))
    act.session.execute(earlier.values(mended_by=own.id))
    for id_ in lists.values():
        still = sa.select(LeftOut.row).where(LeftOut.import_id == id_, LeftOut.mended_by.is_(None)).limit(1)
        if act.session.scalar(still) is None:
            end_tasks(act, _key(id_), "every row that was left out has been mended and taken in")


def _lists(own: Import) -> sa.Select[tuple[str, UUID]]:
    """The earlier lists of which rows still wait."""
    waits = sa.select(LeftOut.import_id).where(LeftOut.incident_id == own.incident_id, LeftOut.mended_by.is_(None))
    return sa.select(Import.file_sha256, Import.id).where(Import.id.in_(waits), Import.id != own.id)


def _key(import_id: UUID) -> str:
    return f"left_out:{import_id}"
