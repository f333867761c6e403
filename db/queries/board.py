"""Questions about all incidents at once, for the front page: the nearest limit first, and how far each is, in few queries."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from db.models import Decision, Exercise, HandOver, Incident, Obligation, Report, Task, Wave
from db.queries.owed import asks, runs

PAGE = 25
WALKED = 20
"""So many pages are read along the limits; for later ones it is quicker to ask each incident for its nearest."""

_NEARER = aliased(Obligation)


@dataclass
class Line:
    """One incident on the board. *sure* is False where the nearest limit belongs to a duty that may apply: nobody knows yet."""

    incident: Incident
    exercise: Exercise | None
    due_at: datetime | None = None
    sure: bool = True
    duty: str = ""
    authority: str = ""
    zone: str = ""
    measures: int = 0
    measures_done: int = 0
    reports: int = 0
    reports_met: int = 0
    people_owed: int = 0
    people_met: int = 0
    undecided: int = 0
    tasks: int = 0
    waits: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Wanted:
    """Which incidents to show: by words in title or reference, state, kind, owner; and which page of them."""

    words: str = ""
    state: str = "open"
    exercises: bool = False
    owner: str = ""
    page: int = 1


def board(session: Session, open_to: sa.ColumnElement[bool], wanted: Wanted) -> tuple[list[Line], int]:
    """One page of incidents that *open_to* allows, the nearest limit first, and how many there are in all."""
    asked = _asked(open_to, wanted)
    total = session.scalar(sa.select(sa.func.count()).select_from(Incident).where(*asked)) or 0
    ids = _page(session, wanted, asked) if total else []
    query = sa.select(Incident, Exercise).join(Exercise, Exercise.id == Incident.exercise_id, isouter=True)
    rows = session.execute(query.where(Incident.id.in_(ids)))
    found = {incident.id: Line(incident, exercise) for incident, exercise in rows}
    lines = [found[one] for one in ids]
    fill(session, lines)
    return lines, total


def _page(session: Session, wanted: Wanted, asked: Sequence[sa.ColumnElement[bool]]) -> Sequence[UUID]:
    """The incidents of one page. Most visits want an early page of all that is open: its limits are few to read."""
    skip = (wanted.page - 1) * PAGE
    if wanted == Wanted(page=wanted.page) and wanted.page <= WALKED:
        ids = session.scalars(by_limit(asked).limit(PAGE).offset(skip)).all()
        if len(ids) == PAGE:
            return ids
    return session.scalars(by_incident(asked).limit(PAGE).offset(skip)).all()


def by_incident(asked: Sequence[sa.ColumnElement[bool]]) -> sa.Select[tuple[UUID]]:
    """Incidents by the nearest limit of each, those without one last: what is asked for narrows what is read."""
    mine = (Obligation.incident_id == Incident.id, asks(Obligation), runs(Obligation))
    nearest = sa.select(sa.func.min(Obligation.due_at)).where(*mine).scalar_subquery()
    columns = (Incident.id, nearest.label("at"), Incident.declared_at, Incident.reference)
    each = sa.select(*columns).where(*asked).subquery()
    return sa.select(each.c.id).order_by(each.c.at.asc().nulls_last(), each.c.declared_at.desc(), each.c.reference)


def by_limit(asked: Sequence[sa.ColumnElement[bool]]) -> sa.Select[tuple[UUID]]:
    """The same order without those that have no limit: along the limits themselves, each incident at its nearest one.

    Incidents are asked for with EXISTS, not joined: no planner then reads all of them before the first limit.
    """
    nearer = _NEARER
    mine = (nearer.incident_id == Obligation.incident_id, asks(nearer), runs(nearer))
    ahead = sa.or_(
        nearer.due_at < Obligation.due_at, sa.and_(nearer.due_at == Obligation.due_at, nearer.id < Obligation.id)
    )
    another = sa.select(nearer.id).where(*mine, nearer.due_at <= Obligation.due_at, ahead)
    its = Incident.id == Obligation.incident_id
    wanted = sa.select(Incident.id).where(its, *asked)
    declared_at, reference = (
        sa.select(column).where(its).scalar_subquery() for column in (Incident.declared_at, Incident.reference)
    )
    query = sa.select(Obligation.incident_id).where(runs(Obligation), wanted.exists(), ~another.exists())
    return query.order_by(Obligation.due_at, declared_at.desc(), reference)


def _asked(open_to: sa.ColumnElement[bool], wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    asked: list[sa.ColumnElement[bool]] = [open_to, Incident.sealed.is_(wanted.exercises)]
    if wanted.state != "all":
        asked.append(Incident.closed_at.is_(None) if wanted.state == "open" else Incident.closed_at.is_not(None))
    if wanted.words:
        like = "%" + wanted.words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        asked.append(sa.or_(Incident.title.ilike(like, escape="\\"), Incident.reference.ilike(like, escape="\\")))
    if wanted.owner:
        asked.append(Incident.owner == wanted.owner)
    return asked


def fill(session: Session, lines: Sequence[Line]) -> None:
    """How far each of these incidents is."""
    by_id = {line.incident.id: line for line in lines}
    if by_id:
        _limits(session, by_id)
        _duties(session, by_id)
        _tasks(session, by_id)
        _waits(session, by_id)


def _limits(session: Session, by_id: dict[UUID, Line]) -> None:
    columns = (Obligation.incident_id, Obligation.due_at, Obligation.state, Obligation.duty, Obligation.authority)
    query = sa.select(*columns, Obligation.time_zone).where(
        Obligation.incident_id.in_(by_id), asks(Obligation), runs(Obligation)
    )
    for incident_id, due_at, state, duty, authority, zone in session.execute(query):
        line = by_id[incident_id]
        if line.due_at is None or (due_at, state != "open") < (line.due_at, not line.sure):
            line.due_at, line.sure, line.duty, line.authority, line.zone = (
                due_at,
                state == "open",
                duty,
                authority,
                zone,
            )


def _duties(session: Session, by_id: dict[UUID, Line]) -> None:
    columns = (Obligation.incident_id, Obligation.recipient, Obligation.state, Obligation.answer)
    mine = (Obligation.incident_id.in_(by_id), asks(Obligation))
    query = sa.select(*columns, sa.func.count()).where(*mine).group_by(*columns)
    for incident_id, recipient, state, answer, number in session.execute(query):
        line = by_id[incident_id]
        if state == "watching":
            line.undecided += number if answer == "unknown" else 0
        elif recipient == "individuals":
            line.people_owed += number
            line.people_met += number if state != "open" else 0
        else:
            line.reports += number
            line.reports_met += number if state != "open" else 0


def _tasks(session: Session, by_id: dict[UUID, Line]) -> None:
    columns = (Task.incident_id, Task.kind == "containment", Task.state)
    mine = (Task.incident_id.in_(by_id), Task.state != "cancelled")
    for incident_id, measure, state, number in session.execute(
        sa.select(*columns, sa.func.count()).where(*mine).group_by(*columns)
    ):
        line = by_id[incident_id]
        line.tasks += number if state == "open" else 0
        if measure:
            line.measures += number
            line.measures_done += number if state == "done" else 0


def _waits(session: Session, by_id: dict[UUID, Line]) -> None:
    """What it waits for, in the words of the front page: the incident's own page has the whole of it."""
    asked: tuple[tuple[str, Any, tuple[Any, ...]], ...] = (
        (
            "the data protection officer's acknowledgement",
            HandOver,
            (HandOver.hop == "manager_to_dpo", HandOver.taken_at.is_(None)),
        ),
        ("a second person", Decision, (Decision.state == "proposed",)),
        ("an approval", Report, (Report.state == "draft",)),
        ("an approval", Wave, (Wave.state == "draft",)),
        ("filing", Report, (Report.state == "approved",)),
        ("a launch", Wave, (Wave.state.in_(("approved", "paused")),)),
    )
    each = [
        sa.select(table.incident_id, sa.literal_column(str(place)).label("place"))
        .where(table.incident_id.in_(by_id), *where)
        .distinct()
        for place, (_, table, where) in enumerate(asked)
    ]
    found = sorted(session.execute(sa.union_all(*each)), key=lambda one: one.place)
    for incident_id, place in found:
        if (words := asked[place][0]) not in by_id[incident_id].waits:
            by_id[incident_id].waits.append(words)
