"""The ledger of affected people; what could name or reach them is encrypted with the incident's key."""

from datetime import date, datetime
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from db.types import Table, index_where, one_of, only_if

CIRCLES = {
    "victims": ("victim", "witness"),
    "accused": ("accused",),
    "third_parties": ("third_party",),
    "others": ("employee", "customer", "patient", "student", "other"),
}
"""Who may be in one wave together: the accused and third parties are never in a list, a file or a text with victims."""

GUARDIAN = "guardian"
"""On the ledger only so that someone else can be reached through them: not affected, never told of their own accord."""

AFFECTED_KINDS = tuple(kind for kinds in CIRCLES.values() for kind in kinds)
PERSON_KINDS = (*AFFECTED_KINDS, GUARDIAN)
FLAGS = (
    "victim",
    "child",
    "victim_of_abuse",
    "file_says_so",
    "shared_contact",
    "contact_of_accused",
    "no_fixed_abode",
    "asked_for_no_contact",
)
CONTACT_KINDS = ("email", "phone", "address")


COVERED = "exemption_id IS NOT NULL OR substitute_id IS NOT NULL"
"""Those whom a decision names; whether it stands, the decision says."""


class Person(Table):
    """Someone affected. A flagged person is told by a person, never automatically; the database refuses the other way."""

    __tablename__ = "people"
    __table_args__ = (
        sa.UniqueConstraint("incident_id", "row_key"),
        sa.UniqueConstraint("incident_id", "number"),
        sa.UniqueConstraint("id", "flagged"),
        sa.UniqueConstraint("id", "kind"),
        sa.UniqueConstraint("id", "incident_id"),
        sa.ForeignKeyConstraint(["guardian_id", "incident_id"], ["people.id", "people.incident_id"]),
        one_of("kind", PERSON_KINDS),
        only_if("flagged_because_of_something", "flagged", "length(flags) > 2"),
        only_if("victims_are_flagged", "kind = 'victim'", "flagged"),
        only_if("guardian_is_someone_else", "guardian_id IS NOT NULL", "guardian_id <> id"),
        sa.Index("ix_people_guardian", "guardian_id"),
        sa.Index("ix_people_kind", "incident_id", "kind"),
        index_where("ix_people_covered", COVERED, "incident_id", "kind", "id", "exemption_id", "substitute_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    incident_id: Mapped[UUID] = mapped_column(sa.ForeignKey("incidents.id"))
    import_id: Mapped[UUID] = mapped_column(sa.ForeignKey("imports.id"))
    row: Mapped[int]
    number: Mapped[int]
    row_key: Mapped[bytes]
    row_hash: Mapped[bytes]
    kind: Mapped[str]
    language: Mapped[str] = mapped_column(default="en")
    flagged: Mapped[bool]
    flags: Mapped[str] = mapped_column(default="[]")
    deceased: Mapped[bool] = mapped_column(default=False)
    details: Mapped[bytes]
    guardian_id: Mapped[UUID | None]
    guardian_verified: Mapped[bool] = mapped_column(default=False)
    guardian_conflict: Mapped[bool | None]
    safe_until: Mapped[date | None]
    exemption_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("decisions.id"))
    substitute_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("decisions.id"))
    imported_at: Mapped[datetime]


class ContactPoint(Table):
    """A blind index of one way to reach someone: shows that two people share it, and nothing else."""

    __tablename__ = "contact_points"
    __table_args__ = (
        sa.ForeignKeyConstraint(["person_id", "incident_id"], ["people.id", "people.incident_id"]),
        one_of("kind", CONTACT_KINDS),
        sa.Index("ix_contact_points_shared", "incident_id", "digest"),
    )

    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    digest: Mapped[bytes] = mapped_column(primary_key=True)
    kind: Mapped[str]
    incident_id: Mapped[UUID]


class LeftOut(Table):
    """One row of a list that was not entered with the others: it waits until another list mends it."""

    __tablename__ = "left_out_rows"
    __table_args__ = (
        sa.CheckConstraint("mended_by <> import_id", name="mended_by_another_list"),
        index_where("ix_left_out_rows_waiting", "mended_by IS NULL", "incident_id", "import_id"),
    )

    import_id: Mapped[UUID] = mapped_column(sa.ForeignKey("imports.id"), primary_key=True)
    row: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    incident_id: Mapped[UUID] = mapped_column(sa.ForeignKey("incidents.id"))
    row_key: Mapped[bytes | None]
    mended_by: Mapped[UUID | None] = mapped_column(sa.ForeignKey("imports.id"))


class Import(Table):
    """One list of people taken in, whole or not at all."""

    __tablename__ = "imports"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    incident_id: Mapped[UUID] = mapped_column(sa.ForeignKey("incidents.id"))
    file_sha256: Mapped[str]
    rows: Mapped[int]
    imported_at: Mapped[datetime]
    imported_by: Mapped[str]
