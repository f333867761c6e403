"""Questions about one incident's work: its duties, tasks, decisions, reports and hand-overs, each in order."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.models import Decision, HandOver, Obligation, Receipt, Report, Task
from db.models.incident import HOPS


class Idle(NamedTuple):
    """A duty that does not apply."""

    duty: str
    authority: str
    because: str


def obligations(session: Session, incident_id: UUID) -> Sequence[Obligation]:
    """Every duty of the book as it stands here: those with the nearest limit first, those without one last."""
    query = sa.select(Obligation).where(Obligation.incident_id == incident_id)
    moment = sa.func.coalesce(Obligation.due_at, Obligation.target_at)
    return session.scalars(query.order_by(moment.is_(None), moment, Obligation.duty, Obligation.authority)).all()


def asked(session: Session, incident_id: UUID) -> Sequence[Obligation]:
    """Those duties that apply or may, or that somebody settled, in the same order."""
    query = sa.select(Obligation).where(Obligation.incident_id == incident_id, ~_idle())
    moment = sa.func.coalesce(Obligation.due_at, Obligation.target_at)
    return session.scalars(query.order_by(moment.is_(None), moment, Obligation.duty, Obligation.authority)).all()


def idle(session: Session, incident_id: UUID) -> Sequence[Idle]:
    """All the others, which are many: duties that do not apply, and why."""
    columns = (Obligation.duty, Obligation.authority, Obligation.because)
    query = sa.select(*columns).where(Obligation.incident_id == incident_id, _idle())
    return [Idle(*row) for row in session.execute(query.order_by(Obligation.duty, Obligation.authority))]


def _idle() -> sa.ColumnElement[bool]:
    return sa.and_(Obligation.answer == "does_not_apply", Obligation.state == "watching")


def tasks(session: Session, incident_id: UUID, *, ended_too: bool = True) -> Sequence[Task]:
    """Every task by number; the open ones alone unless *ended_too*."""
    query = sa.select(Task).where(Task.incident_id == incident_id).order_by(Task.number)
    return session.scalars(query if ended_too else query.where(Task.state == "open")).all()


def decisions(session: Session, incident_id: UUID) -> Sequence[Decision]:
    """Every decision by number."""
    return session.scalars(
        sa.select(Decision).where(Decision.incident_id == incident_id).order_by(Decision.number)
    ).all()


def reports(session: Session, incident_id: UUID) -> Sequence[tuple[Report, Obligation]]:
    """Every report by number, with the obligation that it is made for."""
    query = sa.select(Report, Obligation).join(Obligation, Report.obligation_id == Obligation.id)
    return session.execute(query.where(Report.incident_id == incident_id).order_by(Report.number)).tuples().all()


def report(session: Session, incident_id: UUID, number: int) -> tuple[Report, Obligation] | None:
    """The report of this number, with its obligation."""
    query = sa.select(Report, Obligation).join(Obligation, Report.obligation_id == Obligation.id)
    return session.execute(query.where(Report.incident_id == incident_id, Report.number == number)).tuples().first()


def receipt(session: Session, receipt_id: UUID | None) -> Receipt | None:
    """The proof of a filing."""
    return session.get(Receipt, receipt_id) if receipt_id else None


def hand_overs(session: Session, incident_id: UUID) -> Sequence[HandOver]:
    """Each passing from hand to hand that has begun, from the finder to the filing."""
    rows = session.scalars(sa.select(HandOver).where(HandOver.incident_id == incident_id)).all()
    return sorted(rows, key=lambda row: HOPS.index(row.hop))
