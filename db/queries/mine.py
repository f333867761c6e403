"""Questions about what waits for one person: their tasks, and what someone else wrote or decided that needs their word."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Row
from sqlalchemy.orm import Session

from db.models import Decision, Incident, Obligation, Report, Task, Wave
from db.queries.owed import runs

MOST = 25
Draft: TypeAlias = tuple[str, str, str, int, datetime | None]


@dataclass(frozen=True)
class Wish:
    """One thing that waits: on which incident, what, by when, and the name of the thing."""

    reference: str
    title: str
    what: str
    kind: str
    number: int
    by: datetime | None


def tasks_of(session: Session, open_to: sa.ColumnElement[bool], names: Iterable[str]) -> list[Wish]:
    """Open tasks given to one of these names, the nearest first."""
    found = [wish for name in {one for one in names if one} for wish in _given(session, open_to, name)]
    return sorted(found, key=lambda one: (one.by is None, one.by, one.reference))[:MOST]


def _given(session: Session, open_to: sa.ColumnElement[bool], name: str) -> Iterator[Wish]:
    """Tasks of one name: their index has them in order, so that it ends with the last one shown."""
    rows = session.execute(given_to(open_to, name))
    return (Wish(reference, title, what, "task", number, by) for reference, title, what, number, by in rows)


def given_to(open_to: sa.ColumnElement[bool], name: str) -> sa.Select[Draft]:
    """The question behind it; 'open' stands in it as in its index."""
    opened = Task.state == sa.literal_column("'open'")
    query = sa.select(Incident.reference, Incident.title, Task.title, Task.number, Task.due_at)
    query = query.join(Incident, Task.incident_id == Incident.id)
    mine = query.where(open_to, Incident.closed_at.is_(None), opened, Task.assignee == name)
    return mine.order_by(Task.due_at.asc().nulls_last()).limit(MOST)


def approvals_for(session: Session, open_to: sa.ColumnElement[bool], name: str) -> list[Wish]:
    """Texts that someone else drafted and nobody has approved: reports by their limit, then waves."""
    waves = (
        sa.select(Incident.reference, Incident.title, Wave.name, Wave.number)
        .join(Incident, Wave.incident_id == Incident.id)
        .where(open_to, Incident.closed_at.is_(None), Wave.state == "draft", Wave.drafted_by != name)
    )
    found = [
        Wish(reference, title, f"report for {duty}", "report", number, by)
        for reference, title, duty, number, by in _drafts(session, open_to, name)
    ]
    return found + [
        Wish(reference, title, f"wave to {what}", "wave", number, None)
        for reference, title, what, number in session.execute(waves.limit(MOST))
    ]


def _drafts(session: Session, open_to: sa.ColumnElement[bool], name: str) -> list[Row[Draft]]:
    """Reports that someone else drafted: those whose limit runs, the nearest first, then the others."""
    here = (open_to, Incident.closed_at.is_(None))
    columns = (Incident.reference, Incident.title, Obligation.duty, Report.number, Obligation.due_at)
    query = sa.select(*columns).join(Report, Report.obligation_id == Obligation.id)
    query = query.join(Incident, Incident.id == Obligation.incident_id).where(*_drafted(name))
    first = session.scalars(nearest_drafts(here, name).limit(MOST)).all()
    found = session.execute(query.where(Obligation.id.in_(first)).order_by(Obligation.due_at)).all()
    other = session.scalars(other_drafts(here, name).limit(MOST - len(first))).all() if len(first) < MOST else []
    return [*found, *session.execute(query.where(Report.id.in_(other)))][:MOST]


def nearest_drafts(here: Sequence[sa.ColumnElement[bool]], name: str) -> sa.Select[tuple[UUID]]:
    """Obligations that such reports are for, along their limits: drafts may be many, the nearest fifty are soon found."""
    report = sa.select(sa.true()).select_from(Report).where(Report.obligation_id == Obligation.id, *_drafted(name))
    incident = sa.select(Incident.id).where(Incident.id == Obligation.incident_id, *here)
    query = sa.select(Obligation.id).where(runs(Obligation), report.exists(), incident.exists())
    return query.order_by(Obligation.due_at)


def other_drafts(here: Sequence[sa.ColumnElement[bool]], name: str) -> sa.Select[tuple[UUID]]:
    """Such reports for obligations without a limit that runs."""
    running = sa.select(Obligation.id).where(Obligation.id == Report.obligation_id, runs(Obligation))
    incident = sa.select(Incident.id).where(Incident.id == Report.incident_id, *here)
    return sa.select(Report.id).where(*_drafted(name), incident.exists(), ~running.exists())


def _drafted(name: str) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[bool]]:
    return Report.state == "draft", Report.drafted_by != name


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
