"""Absences: who is away from when until when, and who stands in for them."""

from datetime import datetime
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from db.types import Table, together


class Absence(Table):
    """One absence. Names are those by which the journal, the tasks and the gates know people, in lower case."""

    __tablename__ = "absences"
    __table_args__ = (
        sa.CheckConstraint("delegate <> name", name="delegate_is_someone_else"),
        sa.CheckConstraint("length(trim(name)) > 0 AND length(trim(delegate)) > 0", name="names_both"),
        sa.CheckConstraint("until_at > from_at", name="ends_after_it_begins"),
        together("ended_by_someone", "ended_at", "ended_by"),
        sa.Index("ix_absences_name", "name", "until_at"),
        sa.Index("ix_absences_delegate", "delegate", "until_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    name: Mapped[str]
    delegate: Mapped[str]
    from_at: Mapped[datetime]
    until_at: Mapped[datetime]
    made_at: Mapped[datetime]
    made_by: Mapped[str]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None]
