"""What asks for a flow run, and the sign of life that the deadline check leaves."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from db.types import Table, index_where


class Trigger(Table):
    """A wish for a flow run, written with the act that caused it; Prefect may start it late, never lose it."""

    __tablename__ = "triggers"
    __table_args__ = (index_where("ix_triggers_waiting", "done_at IS NULL", "requested_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    flow: Mapped[str]
    incident_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("incidents.id"))
    wave_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("waves.id"))
    key: Mapped[str] = mapped_column(unique=True)
    because: Mapped[str]
    requested_at: Mapped[datetime]
    asked_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    flow_run_id: Mapped[str | None]
    done_at: Mapped[datetime | None]


class Heartbeat(Table):
    """When a scheduled check last finished."""

    __tablename__ = "heartbeats"

    name: Mapped[str] = mapped_column(primary_key=True)
    beat_at: Mapped[datetime]
    detail: Mapped[dict[str, Any]]
