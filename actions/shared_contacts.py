"""Finds people who share an address, a mailbox or a number, with each other or with someone they must be kept from."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from actions.desk import Act
from actions.flagging import raise_flags
from db.models import ContactPoint, Person
from db.models.person import GUARDIAN

_WARD = aliased(Person)
# A guardian counts when a conflict is known, or was never ruled out.
KEPT_FROM = sa.or_(
    Person.kind == "accused",
    Person.id.in_(
        sa.select(_WARD.guardian_id).where(_WARD.guardian_id.is_not(None), _WARD.guardian_conflict.is_not(False))
    ),
)


def flag_shared(act: Act) -> int:
    """Look through the whole ledger and flag who shares a contact; returns how many people were not flagged so before."""
    flags: dict[UUID, set[str]] = defaultdict(set)
    for person_id in _sharing(act):
        flags[person_id].add("shared_contact")
    for person_id in _reached_where_the_accused_is(act):
        flags[person_id].add("contact_of_accused")
    return raise_flags(act, flags, "another person is reached in the same way")


def _sharing(act: Act) -> Sequence[UUID]:
    """Whoever has a contact in common with someone else; a guardian's own is theirs to share with their ward."""
    points = (
        sa.select(ContactPoint.digest)
        .join(Person, ContactPoint.person_id == Person.id)
        .where(ContactPoint.incident_id == act.incident.id, Person.kind != GUARDIAN)
        .group_by(ContactPoint.digest)
        .having(sa.func.count() > 1)
    )
    query = (
        sa.select(ContactPoint.person_id)
        .join(Person, ContactPoint.person_id == Person.id)
        .where(ContactPoint.incident_id == act.incident.id, Person.kind != GUARDIAN, ContactPoint.digest.in_(points))
    )
    return act.session.scalars(query.distinct()).all()


def _reached_where_the_accused_is(act: Act) -> Sequence[UUID]:
    """Whoever has a contact in common with an accused person, or with a guardian whose interests may conflict."""
    theirs = (
        sa.select(ContactPoint.digest)
        .join(Person, ContactPoint.person_id == Person.id)
        .where(ContactPoint.incident_id == act.incident.id, KEPT_FROM)
    )
    query = (
        sa.select(ContactPoint.person_id)
        .join(Person, ContactPoint.person_id == Person.id)
        .where(ContactPoint.incident_id == act.incident.id, ~KEPT_FROM, ContactPoint.digest.in_(theirs))
    )
    return act.session.scalars(query.distinct()).all()
