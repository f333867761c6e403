"""Questions about what waits for one person: their tasks, and what someone else wrote or decided that needs their word."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.models import Decision, Incident, Obligation, Report, Task, Wave

MOST = 50


@dataclass(frozen=True)
class Wish:
    """One thing that waits: on which incident, what, by when, and the name of the thing."""

    reference: str
    title: str
    what: str
    kind: str
    number: int
    by: datetime | None


def tasks_of(session: Session, open_to: sa.ColumnElement[bool], names: Sequence[str]) -> list[Wish]:
    """Open tasks given to one of these names, the nearest first."""
    query = (
        sa.select(Incident.reference, Incident.title, Task.title, Task.number, Task.due_at)
        .join(Incident, Task.incident_id == Incident.id)
        .where(
            open_to,
            Incident.closed_at.is_(None),
            Task.state == "open",
            Task.assignee.in_([one for one in names if one]),
        )
        .order_by(Task.due_at.is_(None), Task.due_at)
        .limit(MOST)
    )
    return [
        Wish(reference, title, what, "task", number, by)
        for reference, title, what, number, by in session.execute(query)
    ]


def approvals_for(session: Session, open_to: sa.ColumnElement[bool], name: str) -> list[Wish]:
    """Texts that someone else drafted and nobody has approved."""
    here = (open_to, Incident.closed_at.is_(None))
    reports = (
        sa.select(Incident.reference, Incident.title, Obligation.duty, Report.number, Obligation.due_at)
        .join(Incident, Report.incident_id == Incident.id)
        .join(Obligation, Report.obligation_id == Obligation.id)
        .where(*here, Report.state == "draft", Report.drafted_by != name)
    )
    waves = (
        sa.select(Incident.reference, Incident.title, Wave.name, Wave.number)
        .join(Incident, Wave.incident_id == Incident.id)
        .where(*here, Wave.state == "draft", Wave.drafted_by != name)
    )
    found = [
        Wish(reference, title, f"report for {duty}", "report", number, by)
        for reference, title, duty, number, by in session.execute(reports.order_by(Obligation.due_at).limit(MOST))
    ]
    found += [
        Wish(reference, title, f"wave to {what}", "wave", number, None)
        for reference, title, what, number in session.execute(waves.limit(MOST))
    ]
    return found


def seconds_for(session: Session, open_to: sa.ColumnElement[bool], name: str) -> list[Wish]:
    """Decisions of someone else that wait for a second person."""
    query = (
        sa.select(Incident.reference, Incident.title, Decision.kind, Decision.about, Decision.number)
        .join(Incident, Decision.incident_id == Incident.id)
        .where(open_to, Incident.closed_at.is_(None), Decision.state == "proposed", Decision.decided_by != name)
        .limit(MOST)
    )
    return [
        Wish(reference, title, f"{kind.replace('_', ' ')}: {about}", "decision", number, None)
        for reference, title, kind, about, number in session.execute(query)
    ]
