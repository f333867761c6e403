"""Acknowledgements: somebody said "I have it" to a warning, which stops its repeats and none of the later ones."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from db.types import Table


class Acknowledgement(Table):
    """Who acknowledged a rung, and when; a rung is acknowledged once, and that is never changed."""

    __tablename__ = "acknowledgements"
    __table_args__ = (
        sa.CheckConstraint("length(trim(by)) > 0", name="has_a_name"),
        sa.Index("ix_acknowledgements_incident", "incident_id"),
    )

    rung_id: Mapped[UUID] = mapped_column(sa.ForeignKey("rungs.id"), primary_key=True)
    incident_id: Mapped[UUID] = mapped_column(sa.ForeignKey("incidents.id"))
    by: Mapped[str]
    at: Mapped[datetime]
