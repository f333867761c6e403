"""Questions for the day when everything else is down: the next limits, and the latest drafts of reports on them."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, defer

from db.models import Incident, Obligation, Report
from db.queries.owed import runs

MOST = 200
_REAL = sa.and_(Incident.closed_at.is_(None), Incident.sealed.is_(False))


@dataclass(frozen=True)
class Limit:
    """One thing owed by a moment, which the law sets or, where it sets none, the organisation's own target."""

    incident: Incident
    obligation: Obligation
    at: datetime
    by_law: bool


def next_limits(session: Session, most: int = MOST) -> list[Limit]:
    """The nearest limits of real open incidents, and the own targets of the youngest of these, in one order."""
    return sorted((*_by_law(session, most), *_own(session, most)), key=lambda one: one.at)


def _by_law(session: Session, most: int) -> Iterator[Limit]:
    query = sa.select(Obligation, Incident).join(Incident, Obligation.incident_id == Incident.id)
    nearest = query.where(_REAL, runs(Obligation)).order_by(Obligation.due_at).limit(most)
    for obligation, incident in session.execute(nearest).tuples():
        if obligation.due_at:
            yield Limit(incident, obligation, obligation.due_at, True)


def _own(session: Session, most: int) -> Iterator[Limit]:
    youngest = sa.select(Incident.id).where(_REAL).order_by(Incident.declared_at.desc()).limit(most)
    query = sa.select(Obligation, Incident).join(Incident, Obligation.incident_id == Incident.id)
    owed = query.where(
        Obligation.incident_id.in_(youngest.scalar_subquery()),
        Obligation.answer != "does_not_apply",
        Obligation.state == "open",
        Obligation.due_at.is_(None),
        Obligation.target_at.is_not(None),
    )
    for obligation, incident in session.execute(owed.order_by(Obligation.target_at).limit(most)).tuples():
        if obligation.target_at:
            yield Limit(incident, obligation, obligation.target_at, False)


def latest_drafts(session: Session, obligations: Collection[UUID]) -> list[tuple[Report, str]]:
    """The newest report not filed yet on each of these, with its incident's reference; the PDFs stay where they are."""
    waiting = Report.obligation_id.in_(obligations), Report.state.in_(("draft", "approved"))
    newest = sa.select(sa.func.max(Report.number), Report.obligation_id).where(*waiting).group_by(Report.obligation_id)
    of_them = sa.tuple_(Report.number, Report.obligation_id).in_(newest)
    query = sa.select(Report, Incident.reference).join(Incident, Incident.id == Report.incident_id).where(of_them)
    return list(session.execute(query.options(defer(Report.pdf)).order_by(Incident.reference, Report.number)).tuples())
