"""Dead-man's switches: a report that a policy files by itself when nobody acted, announced twice before, at most once ever."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from db.types import Table, one_of, only_if


class Switch(Table):
    """One for an obligation that a policy covers. armed: it may fire; stopped: a person said no; fired: the report was handed on."""

    __tablename__ = "switches"
    __table_args__ = (
        sa.ForeignKeyConstraint(["incident_id", "sealed"], ["incidents.id", "incidents.sealed"]),
        sa.CheckConstraint("NOT sealed", name="never_in_an_exercise"),
        one_of("state", ("armed", "stopped", "fired")),
        sa.CheckConstraint("length(trim(policy)) > 0", name="by_a_policy"),
        only_if(
            "stopped_by_someone_with_reasons",
            "state = 'stopped'",
            "ended_at IS NOT NULL AND length(trim(ended_by)) > 0 AND length(trim(reasons)) > 0",
        ),
        only_if("announced_in_order", "second_told_at IS NOT NULL", "second_told_at > first_told_at"),
        only_if("announced_twice_before", "state = 'fired'", "ended_at > second_told_at"),
        only_if("fired_before_the_limit", "state = 'fired'", "ended_at < due_at"),
        only_if("fired_hands_on_a_report", "state = 'fired'", "report_id IS NOT NULL"),
        sa.Index("ix_switches_incident", "incident_id"),
    )

    obligation_id: Mapped[UUID] = mapped_column(sa.ForeignKey("obligations.id"), primary_key=True)
    incident_id: Mapped[UUID]
    sealed: Mapped[bool] = mapped_column(default=False)
    policy: Mapped[str]
    due_at: Mapped[datetime]
    first_told_at: Mapped[datetime | None]
    second_told_at: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(default="armed")
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str] = mapped_column(default="")
    reasons: Mapped[str] = mapped_column(default="")
    report_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("reports.id"))
