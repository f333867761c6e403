"""Opens a task, once for its key, within an act that is under way."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from actions.desk import Act
from db.models import Task


def open_task(
    act: Act,
    *,
    kind: str,
    key: str,
    title: str,
    why: str = "",
    assignee: str = "",
    due_at: datetime | None = None,
    details: dict[str, Any] | None = None,
    obligation_id: UUID | None = None,
    notice_id: UUID | None = None,
) -> Task:
    """The task of this key: made now, or the one that is there already, whatever its state. Holds no data of affected people."""
    mine = Task.incident_id == act.incident.id
    task = act.session.scalar(sa.select(Task).where(mine, Task.key == key))
    if task is not None:
        return task
    number = (act.session.scalar(sa.select(sa.func.max(Task.number)).where(mine)) or 0) + 1
    task = Task(
        incident_id=act.incident.id,
        number=number,
        kind=kind,
        key=key,
        title=title,
        why=why,
        assignee=assignee or act.incident.owner,
        opened_at=act.now,
        due_at=due_at,
        details=details or {},
        obligation_id=obligation_id,
        notice_id=notice_id,
    )
    act.session.add(task)
    act.session.flush()
    act.journal(f"task {number}", opened=kind, key=key, title=title, due_at=due_at, assignee=task.assignee)
    return task


def end_tasks(act: Act, key: str, outcome: str) -> None:
    """End the open task of this key because what it asked for has happened."""
    _end(act, Task.key == key, outcome)


def end_tasks_like(act: Act, beginning: str, outcome: str) -> None:
    """The same for each open task whose key begins so."""
    _end(act, Task.key.startswith(beginning, autoescape=True), outcome)


def _end(act: Act, which: sa.ColumnElement[bool], outcome: str) -> None:
    mine = sa.select(Task).where(Task.incident_id == act.incident.id, which, Task.state == "open")
    for task in act.session.scalars(mine):
        task.state, task.outcome, task.ended_at, task.ended_by = "done", outcome, act.now, act.desk.actor
        act.journal(f"task {task.number}", done=task.kind, outcome=outcome)
