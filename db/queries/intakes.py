"""Questions about intakes: what was said, what waits to be looked at, and what someone said themselves."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.models import Incident, Intake
from db.queries.viewer import Viewer
from db.queries.visible import visible


def open_intakes(viewer: Viewer) -> sa.ColumnElement[bool]:
    """A condition on Intake: one that belongs to an incident is known to those alone who may know of the incident."""
    its_own = sa.select(Incident.id).where(Incident.id == Intake.incident_id, visible(viewer))
    return sa.or_(Intake.incident_id.is_(None), its_own.correlate(Intake).exists())


def intake_named(session: Session, reference: str, *, lock: bool = False) -> Intake | None:
    """The intake of this reference, however it was typed."""
    wanted = reference.strip().upper()
    if not wanted.isprintable():
        return None  # no reference holds such a sign, and not every database would take the question
    query = sa.select(Intake).where(Intake.reference == wanted)
    return session.scalar(query.with_for_update().execution_options(populate_existing=True) if lock else query)


def listed_intakes(
    session: Session, open_to: sa.ColumnElement[bool], *, settled_too: bool, most: int = 200
) -> Sequence[tuple[Intake, Incident | None]]:
    """New ones first, the longest wait on top; then what was settled, the newest first. With the incident that took it up."""
    query = sa.select(Intake, Incident).join(Incident, Incident.id == Intake.incident_id, isouter=True).where(open_to)
    if not settled_too:
        query = query.where(Intake.state == "new")
    waits = sa.case((Intake.state == "new", Intake.received_at))
    order = (Intake.state != "new", waits, Intake.settled_at.desc(), Intake.reference)
    return [(row, found) for row, found in session.execute(query.order_by(*order).limit(most))]


def new_intakes(session: Session) -> tuple[int, datetime | None]:
    """How many nobody has settled yet, and since when the oldest waits."""
    query = sa.select(sa.func.count(), sa.func.min(Intake.received_at)).where(Intake.state == "new")
    return session.execute(query).tuples().one()


def waiting_intakes(session: Session, until: datetime) -> Sequence[Intake]:
    """Those that came before then and that nobody has settled yet, the oldest first."""
    query = sa.select(Intake).where(Intake.state == "new", Intake.received_at <= until)
    return session.scalars(query.order_by(Intake.received_at, Intake.reference)).all()


def intakes_by(session: Session, account_id: UUID, most: int = 50) -> Sequence[Intake]:
    """What this account said under its name, the newest first."""
    query = sa.select(Intake).where(Intake.teller_id == account_id)
    return session.scalars(query.order_by(Intake.received_at.desc(), Intake.reference.desc()).limit(most)).all()


def intakes_of(session: Session, incident_id: UUID) -> Sequence[Intake]:
    """What was said about this incident, the oldest first."""
    query = sa.select(Intake).where(Intake.incident_id == incident_id)
    return session.scalars(query.order_by(Intake.received_at, Intake.reference)).all()


def recent_intakes(session: Session, open_to: sa.ColumnElement[bool], since: datetime, most: int) -> Sequence[Intake]:
    """The newest ones since then."""
    query = sa.select(Intake).where(open_to, Intake.received_at >= since)
    return session.scalars(query.order_by(Intake.received_at.desc(), Intake.reference.desc()).limit(most)).all()


def next_intake_reference(session: Session, year: int) -> str:
    """The next free reference of that year, such as IN-2026-0001."""
    prefix = f"IN-{year}-"
    query = sa.select(Intake.reference).where(Intake.reference.like(prefix + "%"))
    last = session.scalar(query.order_by(sa.func.length(Intake.reference).desc(), Intake.reference.desc()).limit(1))
    return f"{prefix}{int(last[len(prefix) :]) + 1 if last else 1:04d}"
