"""Ends a task with its outcome, and verifies one that was done; a containment counts only when verified."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from actions.desk import Act, Desk
from actions.errors import Conflict, NotFound
from db.models import Task


def end_task(
    desk: Desk, incident: UUID | str, number: int, outcome: str, *, state: str = "done", at: datetime | None = None
) -> Task:
    """Mark a task done (or cancelled) with what came of it. Contacts with people have an act of their own, with outcomes."""
    with desk.act("end_task", incident) as act:
        task = find_task(act, number)
        if task.kind == "contact":
            raise Conflict(
                f"Task {number} is a contact with a person; record it with 'forthwith task contact', which keeps its outcome safe."
            )
        if task.state != "open":
            raise Conflict(
                f"Task {number} is {task.state} already, since {task.ended_at:%d %B %Y %H:%M} UTC by {task.ended_by}."
            )
        if not outcome.strip():
            raise Conflict(f"Task {number} needs an outcome: say in a few words what came of it.")
        if at is not None and at.utcoffset() is None:
            raise Conflict(f"Task {number}: the time has no offset; write it as 2026-12-01T10:00+00:00.")
        if at is not None and not task.opened_at <= at <= act.now:
            raise Conflict(
                f"Task {number} cannot have ended at {at.isoformat()}: that is before it was opened, or in the future."
            )
        task.state, task.outcome, task.ended_at, task.ended_by = state, outcome.strip(), at or act.now, desk.actor
        act.journal(f"task {number}", kind=task.kind, state=state, outcome=task.outcome, ended_at=task.ended_at)
        act.ask_for("respond", because=f"task {number} ended")
    return task


def verify_task(desk: Desk, incident: UUID | str, number: int, how: str) -> Task:
    """Confirm that what a task claims was really done: who looked, and how."""
    with desk.act("verify_task", incident) as act:
        task = find_task(act, number)
        if task.state != "done":
            raise Conflict(f"Task {number} is {task.state}; only what is done can be verified.")
        if task.verified_at:
            raise Conflict(f"Task {number} was verified already, by {task.verified_by}.")
        if not how.strip():
            raise Conflict(f"Say how task {number} was verified: what was looked at.")
        task.verified_at, task.verified_by = act.now, desk.actor
        act.journal(f"task {number}", verified=True, how=how.strip())
        act.ask_for("respond", because=f"task {number} verified")
    return task


def find_task(act: Act, number: int) -> Task:
    """The task of this number. Raises NotFound."""
    task = act.session.scalar(sa.select(Task).where(Task.incident_id == act.incident.id, Task.number == number))
    if task is None:
        raise NotFound(
            f"{act.incident.reference} has no task {number}; 'forthwith task list {act.incident.reference}' shows them."
        )
    return task
