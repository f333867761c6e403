"""The end of an exercise: what the law demanded, what Forthwith did, and what really happened, side by side."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.models import Fact, HandOver, Incident, Notice, Obligation, Report, Task
from flows.scenario import Row


def chronology(session: Session, incident: Incident, rows: tuple[Row, ...]) -> list[dict[str, Any]]:
    """One entry a row, with times in UTC; lateness in whole days after the law's moment."""
    return [_entry(session, incident, row) for row in rows]


def _entry(session: Session, incident: Incident, row: Row) -> dict[str, Any]:
    owed = _obligation(session, incident, row.duty)
    law = row.law or (owed.due_at if owed else None)
    done = _done(session, incident, row.forthwith)
    return {
        "what": row.what,
        "law": law,
        "law_says": row.law_says,
        "own_target": owed.target_at if owed and owed.due_at is None else None,
        "forthwith": done,
        "forthwith_in_time": None if law is None or done is None else done <= law,
        "really": row.really,
        "really_says": row.really_says,
        "really_days_after_detection": _days(_detected(session, incident), row.really),
        "really_days_late": _days(law, row.really),
    }


def _obligation(session: Session, incident: Incident, duty: str) -> Obligation | None:
    mine = sa.select(Obligation).where(Obligation.incident_id == incident.id, Obligation.duty == duty)
    return session.scalar(mine) if duty else None


def _done(session: Session, incident: Incident, what: str) -> datetime | None:
    """When the record says that it was done; of many, the last."""
    match what:
        case "":
            return None
        case "declare":
            return incident.declared_at
        case "take":
            hop = sa.select(HandOver.taken_at).where(
                HandOver.incident_id == incident.id, HandOver.hop == "manager_to_dpo"
            )
            return session.scalar(hop)
        case "report":
            return session.scalar(sa.select(sa.func.min(Report.filed_at)).where(Report.incident_id == incident.id))
        case "told":
            return session.scalar(sa.select(sa.func.max(Notice.settled_at)).where(Notice.incident_id == incident.id))
        case key:
            return session.scalar(sa.select(Task.ended_at).where(Task.incident_id == incident.id, Task.key == key))


def _detected(session: Session, incident: Incident) -> datetime | None:
    fact = session.scalar(
        sa.select(Fact.value).where(Fact.incident_id == incident.id, Fact.name == "events.detected").limit(1)
    )
    return datetime.fromisoformat(fact) if isinstance(fact, str) else None


def _days(since: datetime | None, on: date | None) -> int | None:
    return (on - since.date()).days if since and on and on >= since.date() else None
