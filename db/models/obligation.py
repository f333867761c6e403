"""Obligations: one row of coverage for each duty of the rulebook, with the terms that it was born with, and its escalation rungs."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from db.types import Table, index_where, one_of, only_if, together

TOLD_OTHERWISE = ("individuals", "internal_register", "internal_assessment")
"""Who hears by notices, or is the record itself; everyone else to whom something is owed gets a report."""


ASKED = "answer <> 'does_not_apply'"
"""The few of an incident's obligations that ask for anything, or may."""
OWED = "due_at IS NOT NULL AND (state = 'open' OR state = 'watching' AND answer = 'unknown')"
"""Those of them whose limit runs, or runs if they apply: by these the front page is in order."""


def duty_at(duty: str, authority: str) -> str:
    """A duty towards one authority; the duty alone where it is owed to none."""
    return f"{duty}@{authority}" if authority else duty


class Obligation(Table):
    """A duty seen against one incident: whether it applies, since when, until when, and how it ended.

    watching: does not apply, or not known yet; open: owed; met: done, with its lateness frozen; waived: by a seconded decision.
    """

    __tablename__ = "obligations"
    __table_args__ = (
        sa.UniqueConstraint("incident_id", "duty", "authority"),
        sa.UniqueConstraint("id", "incident_id"),
        one_of("answer", ("applies", "does_not_apply", "unknown")),
        one_of("state", ("watching", "open", "met", "waived")),
        only_if("open_means_it_applies", "state = 'open'", "answer = 'applies'"),
        only_if("owed_has_terms", "state <> 'watching'", "terms IS NOT NULL AND born_at IS NOT NULL"),
        only_if("met_says_how_late", "state = 'met'", "met_at IS NOT NULL AND late IS NOT NULL"),
        only_if("late_carries_reasons", "late", "length(trim(late_reasons)) > 0"),
        only_if("waived_by_decision", "state = 'waived'", "waiver_id IS NOT NULL"),
        together("born_with_terms", "born_at", "terms"),
        index_where("ix_obligations_owed", OWED, "due_at", "incident_id", "id"),
        index_where("ix_obligations_asked", ASKED, "incident_id", "due_at", "state", "answer", "recipient"),
        index_where("ix_obligations_open", "state = 'open'", "due_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    incident_id: Mapped[UUID] = mapped_column(sa.ForeignKey("incidents.id"))
    law: Mapped[str]
    duty: Mapped[str]
    authority: Mapped[str] = mapped_column(default="")
    recipient: Mapped[str]
    phase: Mapped[str]
    answer: Mapped[str]
    because: Mapped[str]
    facts_used: Mapped[dict[str, Any]]
    missing_facts: Mapped[list[str]]
    state: Mapped[str]
    born_at: Mapped[datetime | None]
    terms: Mapped[dict[str, Any] | None]
    rulebook_version: Mapped[str]
    rulebook_hash: Mapped[str]
    target_at: Mapped[datetime | None]
    target_why: Mapped[str] = mapped_column(default="")
    due_at: Mapped[datetime | None]
    due_on: Mapped[date | None]
    due_kind: Mapped[str]
    time_zone: Mapped[str]
    citation: Mapped[str]
    href: Mapped[str]
    mark: Mapped[str]
    contents: Mapped[list[str]]
    overdue_at: Mapped[datetime | None]
    met_at: Mapped[datetime | None]
    late: Mapped[bool | None]
    late_reasons: Mapped[str] = mapped_column(default="")
    waiver_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("decisions.id"))

    @property
    def about(self) -> str:
        """The duty, and the authority to which it is owed, as people and commands name it."""
        return duty_at(self.duty, self.authority)


class Rung(Table):
    """One step of a ladder of warnings. Each is told once; telling it is a row in alerts."""

    __tablename__ = "rungs"
    __table_args__ = (
        sa.UniqueConstraint("subject_id", "rung"),
        one_of("subject", ("obligation", "hand_over", "task")),
        sa.Index("ix_rungs_incident", "incident_id"),
        index_where("ix_rungs_waiting", "told_at IS NULL", "fires_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    incident_id: Mapped[UUID] = mapped_column(sa.ForeignKey("incidents.id"))
    exercise_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("exercises.id"))
    subject: Mapped[str]
    subject_id: Mapped[UUID]
    rung: Mapped[str]
    level: Mapped[int]
    fires_at: Mapped[datetime]
    told_at: Mapped[datetime | None]
    outcome: Mapped[str] = mapped_column(default="")


class Alert(Table):
    """A warning to one member of staff about an incident or an intake, told once; it holds no data of affected people."""

    __tablename__ = "alerts"
    __table_args__ = (
        sa.UniqueConstraint("rung_id", "recipient"),
        sa.UniqueConstraint("intake_id", "kind", "recipient"),
        sa.CheckConstraint("(incident_id IS NULL) <> (intake_id IS NULL)", name="about_one_thing"),
        only_if("intakes_are_real", "intake_id IS NOT NULL", "NOT sealed"),
        sa.ForeignKeyConstraint(["incident_id", "sealed"], ["incidents.id", "incidents.sealed"]),
        one_of("state", ("queued", "sending", "accepted", "unknown", "rejected")),
        index_where("ix_alerts_waiting", "state = 'queued'", "queued_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    incident_id: Mapped[UUID | None]
    intake_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("intakes.id"))
    sealed: Mapped[bool]
    rung_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("rungs.id"))
    kind: Mapped[str]
    recipient: Mapped[str]
    subject: Mapped[str]
    text: Mapped[str]
    state: Mapped[str]
    queued_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    detail: Mapped[str] = mapped_column(default="")
