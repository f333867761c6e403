"""Questions about what still stands between an incident and its closure."""

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.models import Decision, HandOver, Hold, Incident, Obligation, Report, Task
from db.models.obligation import duty_at
from db.queries.numbers import Numbers, numbers
from db.queries.owed import asks, is_owed


def blockers(session: Session, incident: Incident, people: Numbers | None = None) -> list[str]:
    """Each thing in the way, as a sentence; empty when the incident may close. *people* spares counting them again."""
    return [
        *_duties(session, incident),
        *_reports(session, incident),
        *_tasks(session, incident),
        *_people(incident, people or numbers(session, incident.id)),
        *_holds(session, incident),
    ]


def _duties(session: Session, incident: Incident) -> Iterator[str]:
    mine = (Obligation.incident_id == incident.id, asks(Obligation), is_owed(Obligation))
    columns = (Obligation.duty, Obligation.authority, Obligation.state, Obligation.missing_facts)
    for row in session.execute(sa.select(*columns).where(*mine).order_by(Obligation.duty, Obligation.authority)):
        name = duty_at(row.duty, row.authority)
        if row.state == "open":
            yield f"{name} is owed and neither met nor waived"
        else:
            yield f"{name} is undecided: {', '.join(row.missing_facts) or 'a fact'} is missing"


def _reports(session: Session, incident: Incident) -> Iterator[str]:
    unfiled = sa.select(Report).where(Report.incident_id == incident.id, Report.state.in_(("draft", "approved")))
    for report in session.scalars(unfiled.order_by(Report.number)):
        obligation = session.get_one(Obligation, report.obligation_id)
        if obligation.state in ("open", "met"):
            yield f"report {report.number} ({report.stage.replace('_', ' ')}) is {report.state} and not filed"


def _tasks(session: Session, incident: Incident) -> Iterator[str]:
    rows = session.scalars(sa.select(Task).where(Task.incident_id == incident.id).order_by(Task.number))
    for row in rows:
        if row.state == "open":
            yield f"task {row.number} is open: {row.title}"
        elif row.kind == "containment" and row.state == "done" and row.verified_at is None:
            yield f"task {row.number} is done but not verified: {row.title}"
    proposed = sa.select(Decision.number).where(
        Decision.incident_id == incident.id, Decision.state == "proposed", Decision.kind != "close"
    )
    for number in session.scalars(proposed):
        yield f"decision {number} waits for a second person"
    told = sa.select(HandOver).where(
        HandOver.incident_id == incident.id, HandOver.hop == "manager_to_dpo", HandOver.taken_at.is_(None)
    )
    if session.scalar(told) is not None:
        yield "the data protection officer has not acknowledged the incident"


def _people(incident: Incident, people: Numbers) -> Iterator[str]:
    if people.pending:
        yield f"{people.pending} of the people affected are not accounted for ('forthwith people balance {incident.reference}')"


def _holds(session: Session, incident: Incident) -> Iterator[str]:
    mine = sa.select(Hold).where(Hold.incident_id == incident.id, Hold.state == "stands")
    for hold in session.scalars(mine.order_by(Hold.number)):
        yield f"hold {hold.number} still keeps people from being told, until it is reviewed on {hold.review_at:%Y-%m-%d}"
