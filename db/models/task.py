"""Tasks: what a person has to do, by when, and what came of it."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from db.types import Table, index_where, one_of, only_if, together

TASK_KINDS = ("containment", "acknowledge", "decide", "approve", "file", "contact", "follow_up", "check")


class Task(Table):
    """Work for a person. Its key is unique within the incident, so that asking twice makes one task."""

    __tablename__ = "tasks"
    __table_args__ = (
        sa.UniqueConstraint("incident_id", "key"),
        sa.UniqueConstraint("incident_id", "number"),
        one_of("kind", TASK_KINDS),
        one_of("state", ("open", "done", "cancelled")),
        only_if(
            "ended_by_someone",
            "state <> 'open'",
            "ended_at IS NOT NULL AND ended_by IS NOT NULL AND length(outcome) > 0",
        ),
        together("verified_by_someone", "verified_at", "verified_by"),
        only_if("verified_when_done", "verified_at IS NOT NULL", "state = 'done'"),
        only_if("contact_has_notice", "kind = 'contact'", "notice_id IS NOT NULL"),
        index_where("ix_tasks_assignee", "state = 'open'", "assignee", "due_at"),
        index_where("ix_tasks_open", "state = 'open'", "incident_id", "due_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    incident_id: Mapped[UUID] = mapped_column(sa.ForeignKey("incidents.id"))
    number: Mapped[int]
    kind: Mapped[str]
    key: Mapped[str]
    title: Mapped[str]
    why: Mapped[str] = mapped_column(default="")
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    assignee: Mapped[str] = mapped_column(default="")
    opened_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    obligation_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("obligations.id"))
    notice_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("notices.nid"))
    state: Mapped[str] = mapped_column(default="open")
    outcome: Mapped[str] = mapped_column(default="")
    note: Mapped[bytes | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None]
    verified_at: Mapped[datetime | None]
    verified_by: Mapped[str | None]
