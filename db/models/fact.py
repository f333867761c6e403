"""Facts: everything known about an incident, appended and never overwritten."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from db.types import Json, Table


class Fact(Table):
    """One thing known: what was true when (true_at), and since when we knew it (known_at)."""

    __tablename__ = "facts"
    __table_args__ = (
        sa.UniqueConstraint("incident_id", "number"),
        sa.Index("ix_facts_name", "incident_id", "name", "known_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    incident_id: Mapped[UUID] = mapped_column(sa.ForeignKey("incidents.id"))
    number: Mapped[int]
    name: Mapped[str]
    value: Mapped[Any] = mapped_column(Json, nullable=True)
    true_at: Mapped[datetime | None]
    known_at: Mapped[datetime]
    source: Mapped[str]
    recorded_by: Mapped[str]
    recorded_at: Mapped[datetime]
    decision_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("decisions.id"))
