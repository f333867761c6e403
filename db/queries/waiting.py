"""Questions about what an incident waits for, and on whom."""

from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.models import Decision, HandOver, Incident, Notice, Obligation, Report, Task, Wave
from db.queries.absences import acting_for, away_now
from db.queries.dispatches import under_way


@dataclass(frozen=True)
class Waiting:
    """One thing that has to happen: what, on whom it waits ('anyone' where no one is named), by when, and the command for it."""

    what: str
    on: str
    by: datetime | None
    command: str

    def as_json(self) -> dict[str, Any]:
        """The same as plain values."""
        return asdict(self) | {"by": self.by.isoformat() if self.by else None}


def waits_for(session: Session, incident: Incident, at: datetime) -> list[Waiting]:
    """Everything that waits for a person, the most urgent first; what has no moment comes last.

    Who is away at this (real) moment is named after whoever acts for them.
    """
    found = [*_hand_overs(session, incident), *_decisions(session, incident), *_reports(session, incident)]
    found += [*_waves(session, incident), *_tasks(session, incident), *_notices(session, incident)]
    away = away_now(session, at)
    named = [replace(one, on=acting_for(away, one.on)) for one in found]
    return sorted(named, key=lambda one: (one.by is None, one.by))


def _hand_overs(session: Session, incident: Incident) -> list[Waiting]:
    rows = session.scalars(sa.select(HandOver).where(HandOver.incident_id == incident.id, HandOver.taken_at.is_(None)))
    words = {"manager_to_dpo": "acknowledgement by the data protection officer"}
    return [
        Waiting(
            words.get(row.hop, row.hop.replace("_", " ")),
            row.to or "anyone",
            row.target_at,
            f"forthwith take {incident.reference}",
        )
        for row in rows
        if row.hop in words
    ]


def _decisions(session: Session, incident: Incident) -> list[Waiting]:
    rows = session.scalars(sa.select(Decision).where(Decision.incident_id == incident.id, Decision.state == "proposed"))
    return [
        Waiting(
            f"second person for decision {row.number} ({row.kind.replace('_', ' ')}: {row.choice})",
            f"someone other than {row.decided_by}",
            None,
            f"forthwith second {incident.reference} {row.number}",
        )
        for row in rows
    ]


def _reports(session: Session, incident: Incident) -> list[Waiting]:
    """Drafts to approve and approved reports to file, each by the limit of its obligation."""
    rows = session.execute(
        sa.select(Report, Obligation.due_at)
        .join(Obligation, Report.obligation_id == Obligation.id)
        .where(Report.incident_id == incident.id, Report.state.in_(("draft", "approved")))
    )
    found, leaving = [], under_way(session, incident.id)
    for row, due_at in rows.tuples():
        what = f"report {row.number} ({row.stage.replace('_', ' ')})"
        if row.state == "draft":
            command = f"forthwith approve {incident.reference} report {row.number}"
            found.append(Waiting(f"approval of {what}", f"someone other than {row.drafted_by}", due_at, command))
        elif leaving.get(row.id) in ("queued", "sending"):
            command = f"forthwith report show {incident.reference} {row.number}"
            found.append(Waiting(f"{what} on its way to the authority", "the respond flow", due_at, command))
        elif row.id not in leaving:
            command = f"forthwith report file {incident.reference} {row.number}"
            found.append(Waiting(f"filing of {what}", incident.owner or "anyone", due_at, command))
    return found


def _waves(session: Session, incident: Incident) -> list[Waiting]:
    held = sa.and_(Wave.state == "launched", Wave.judged != "", Wave.released_at.is_(None))
    rows = session.scalars(
        sa.select(Wave).where(
            Wave.incident_id == incident.id, sa.or_(Wave.state.in_(("draft", "approved", "paused")), held)
        )
    )
    ways = {
        "draft": ("approval of wave {0} ({1})", "approve {0} wave {1}"),
        "approved": ("launch of wave {0} ({1})", "launch {0} {1}"),
        "paused": ("wave {0} ({1}) is paused", "launch {0} {1}"),
        "launched": ("release of the rest of wave {0} ({1})", "wave release {0} {1}"),
    }
    found = []
    for row in rows:
        what, command = ways[row.state]
        on = f"someone other than {row.drafted_by}" if row.state == "draft" else incident.owner or "anyone"
        found.append(
            Waiting(
                what.format(row.number, row.name),
                on,
                None,
                f"forthwith {command.format(incident.reference, row.number)}",
            )
        )
    return found


def _tasks(session: Session, incident: Incident) -> list[Waiting]:
    """Open tasks, and containment that nobody verified; approvals and releases are listed with what they let go."""
    open_or_unverified = sa.or_(
        sa.and_(Task.state == "open", Task.kind != "approve", Task.key.not_like("release:%")),
        sa.and_(Task.kind == "containment", Task.state == "done", Task.verified_at.is_(None)),
    )
    rows = session.scalars(sa.select(Task).where(Task.incident_id == incident.id, open_or_unverified))
    return [
        Waiting(
            row.title if row.state == "open" else f"verification: {row.title}",
            row.assignee or "anyone",
            row.due_at,
            f"forthwith {_command(row, incident.reference)}",
        )
        for row in rows
    ]


def _command(task: Task, reference: str) -> str:
    """What to type for a task: some are done by deciding or by speaking, not by saying that they are done."""
    if task.state != "open":
        return f"task verify {reference} {task.number}"
    if task.kind == "contact":
        return f"task script {reference} {task.number}"
    return (
        f"decide {reference} risk unlikely|risk|high" if task.key == "risk" else f"task done {reference} {task.number}"
    )


def _notices(session: Session, incident: Incident) -> list[Waiting]:
    moving = session.scalar(
        sa.select(sa.func.count()).where(
            Notice.wave_id.in_(sa.select(Wave.id).where(Wave.incident_id == incident.id)),
            Notice.channel.in_(("email", "letter")),
            Notice.state.in_(("queued", "sending", "unknown")),
        )
    )
    return (
        [
            Waiting(
                f"{moving} notices on their way",
                "the deliver flow",
                None,
                f"forthwith people balance {incident.reference}",
            )
        ]
        if moving
        else []
    )
