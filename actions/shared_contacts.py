"""Finds people who share an address, a mailbox or a number, with each other or with someone they must be kept from: by SQL on blind indexes."""

from collections.abc import Collection
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from actions.desk import Act
from actions.flagging import Found, flag_all
from db.models import ContactPoint, Person
from db.models.person import GUARDIAN

WHY = "another person is reached in the same way"


def flag_shared(act: Act, around: Collection[UUID] = ()) -> int:
    """Flag who shares a contact; returns how many people were not flagged so before.

    Looks through the whole ledger, or at those alone who share one with the people *around*; no id leaves the database.
    """
    near = sa.select(ContactPoint.digest).where(ContactPoint.person_id.in_(around)) if around else None
    newly = flag_all(act, "shared_contact", _sharing(act.incident.id, near), WHY)
    return max(newly, flag_all(act, "contact_of_accused", _reached_where_the_accused_is(act.incident.id, near), WHY))


def _sharing(incident_id: UUID, near: sa.Select[tuple[bytes]] | None) -> Found:
    """Whoever has a contact in common with someone else. A guardian's own is theirs; who shares it with them is flagged."""
    each = aliased(ContactPoint)
    shared = sa.select(each.digest).where(each.incident_id == incident_id)
    if near is not None:
        shared = shared.where(each.digest.in_(near))
    shared = shared.group_by(each.digest).having(sa.func.count() > 1)
    query = sa.select(ContactPoint.person_id).join(Person, ContactPoint.person_id == Person.id)
    mine = (ContactPoint.incident_id == incident_id, ContactPoint.digest.in_(shared))
    return query.where(*mine, Person.kind != GUARDIAN)


def _reached_where_the_accused_is(incident_id: UUID, near: sa.Select[tuple[bytes]] | None) -> Found:
    """Whoever has a contact in common with an accused person, or with a guardian whose interests may conflict."""
    each, to_avoid = aliased(ContactPoint), _to_avoid(incident_id)
    theirs = sa.select(each.digest).where(each.person_id.in_(to_avoid))
    if near is not None:
        theirs = theirs.where(each.digest.in_(near))
    mine = (ContactPoint.incident_id == incident_id, ContactPoint.digest.in_(theirs))
    return sa.select(ContactPoint.person_id).where(*mine, ContactPoint.person_id.not_in(to_avoid))


def _to_avoid(incident_id: UUID) -> sa.CompoundSelect[tuple[UUID]]:
    """The accused, and guardians of whom a conflict is known, or was never ruled out."""
    someone, ward = aliased(Person), aliased(Person)
    accused = sa.select(someone.id).where(someone.incident_id == incident_id, someone.kind == "accused")
    doubtful = (ward.incident_id == incident_id, ward.guardian_id.is_not(None), ward.guardian_conflict.is_not(False))
    return accused.union(sa.select(ward.guardian_id).where(*doubtful))
