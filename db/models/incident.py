"""Incidents, the exercises that some of them belong to, their keys, and the hand-overs between people."""

from datetime import date, datetime
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from db.types import Table, index_where, one_of, only_if, together

HOPS = ("finder_to_manager", "manager_to_dpo", "dpo_to_decision", "decision_to_approval", "approval_to_filing")


class Exercise(Table):
    """A drill: its own clock (sim_at moves with speed since real_at) and the law that it is played under."""

    __tablename__ = "exercises"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    name: Mapped[str]
    law_as_of: Mapped[date]
    sim_at: Mapped[datetime]
    real_at: Mapped[datetime]
    speed: Mapped[float] = mapped_column(default=0.0)
    folder: Mapped[str]
    ended_at: Mapped[datetime | None]


class Incident(Table):
    """One breach. Sealed incidents belong to an exercise; everything below them carries the same mark by foreign key."""

    __tablename__ = "incidents"
    __table_args__ = (
        sa.UniqueConstraint("id", "sealed"),
        only_if("sealed_is_exercise", "sealed", "exercise_id IS NOT NULL"),
        only_if("exercise_is_sealed", "exercise_id IS NOT NULL", "sealed"),
        only_if("law_as_of_only_in_exercise", "law_as_of IS NOT NULL", "sealed"),
        together("closed_by_someone", "closed_at", "closed_by"),
        index_where("ix_incidents_open", "closed_at IS NULL", "sealed", "declared_at", "restricted"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    reference: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    sealed: Mapped[bool]
    exercise_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("exercises.id"))
    law_as_of: Mapped[date | None]
    time_zone: Mapped[str]
    declared_at: Mapped[datetime]
    declared_by: Mapped[str]
    owner: Mapped[str] = mapped_column(default="")
    deputy: Mapped[str] = mapped_column(default="")
    executive: Mapped[str] = mapped_column(default="")
    data_protection_officer: Mapped[str] = mapped_column(default="")
    restricted: Mapped[bool] = mapped_column(default=False)
    on_hold: Mapped[bool] = mapped_column(default=False)
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[str | None]


class IncidentKey(Table):
    """The incident's own data key, wrapped by the master key; destroying it makes the people's data unreadable."""

    __tablename__ = "incident_keys"

    incident_id: Mapped[UUID] = mapped_column(sa.ForeignKey("incidents.id"), primary_key=True)
    wrapped: Mapped[bytes | None]
    master_key_id: Mapped[str]
    made_at: Mapped[datetime]
    destroyed_at: Mapped[datetime | None]


class HandOver(Table):
    """The incident passing from one pair of hands to the next, with the time that it took."""

    __tablename__ = "hand_overs"
    __table_args__ = (
        sa.UniqueConstraint("incident_id", "hop"),
        one_of("hop", HOPS),
        together("taken_by_someone", "taken_at", "taken_by"),
        only_if("taken_after_given", "taken_at IS NOT NULL", "taken_at >= given_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    incident_id: Mapped[UUID] = mapped_column(sa.ForeignKey("incidents.id"))
    hop: Mapped[str]
    given_at: Mapped[datetime]
    target_at: Mapped[datetime]
    to: Mapped[str]
    taken_at: Mapped[datetime | None]
    taken_by: Mapped[str | None]
