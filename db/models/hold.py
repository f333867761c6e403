"""Holds: people who by law are told later; on what ground, how far, why that is proportionate, and until when at most."""

from datetime import datetime
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from db.models.person import AFFECTED_KINDS
from db.types import Table, one_of, only_if

EXTENTS = ("everyone", "kinds", "people")
HOLD_STATES = ("proposed", "stands", "lifted", "renewed", "lapsed")


class Hold(Table):
    """A lawful reason not to tell some people yet. It stands only with a decision that a second person confirmed."""

    __tablename__ = "holds"
    __table_args__ = (
        sa.UniqueConstraint("incident_id", "number"),
        sa.UniqueConstraint("id", "incident_id"),
        sa.UniqueConstraint("decision_id"),
        one_of("extent", EXTENTS),
        one_of("state", HOLD_STATES),
        sa.CheckConstraint("length(trim(proportionate)) > 0", name="says_why_it_is_proportionate"),
        only_if("oral_says_who_and_when", "oral", "length(trim(asked_by)) > 0 AND asked_at IS NOT NULL"),
        only_if("reviewed_before_its_end", "ends_at IS NOT NULL", "review_at <= ends_at"),
        only_if(
            "ended_says_when_and_why",
            "state IN ('lifted', 'renewed', 'lapsed')",
            "ended_at IS NOT NULL AND length(trim(ended_because)) > 0",
        ),
        sa.Index("ix_holds_state", "state", "incident_id", "review_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    incident_id: Mapped[UUID] = mapped_column(sa.ForeignKey("incidents.id"))
    number: Mapped[int]
    decision_id: Mapped[UUID] = mapped_column(sa.ForeignKey("decisions.id"))
    renews_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("holds.id"))
    ground: Mapped[str]
    asked_by: Mapped[str] = mapped_column(default="")
    asked_at: Mapped[datetime | None]
    oral: Mapped[bool] = mapped_column(default=False)
    extent: Mapped[str]
    proportionate: Mapped[str]
    review_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(default="proposed")
    ended_at: Mapped[datetime | None]
    ended_because: Mapped[str] = mapped_column(default="")


class HeldKind(Table):
    """One kind of people whom a hold keeps back."""

    __tablename__ = "held_kinds"
    __table_args__ = (one_of("kind", AFFECTED_KINDS),)

    hold_id: Mapped[UUID] = mapped_column(sa.ForeignKey("holds.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)


class HeldPerson(Table):
    """One person whom a hold keeps back by name."""

    __tablename__ = "held_people"
    __table_args__ = (
        sa.ForeignKeyConstraint(["hold_id", "incident_id"], ["holds.id", "holds.incident_id"]),
        sa.ForeignKeyConstraint(["person_id", "incident_id"], ["people.id", "people.incident_id"]),
        sa.Index("ix_held_people_person", "person_id"),
    )

    hold_id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    incident_id: Mapped[UUID]
