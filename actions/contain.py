"""Contains: opens the measures that the playbook calls for. It never blocks a report."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa

from actions.desk import Desk
from actions.errors import Conflict
from actions.open_task import open_task
from db.models import Task
from db.queries.facts import as_known
from settings.playbooks import called_for, playbook


@dataclass(frozen=True)
class Containment:
    """How many measures there are, are done, are verified."""

    measures: int
    done: int
    verified: int


def contain(desk: Desk, incident: UUID | str) -> Containment:
    """Open each measure that the facts call for, once. Raises Conflict when the playbook cannot be read."""
    try:
        measures = playbook(desk.settings.home)
    except ValueError as error:
        raise Conflict(str(error)) from None
    with desk.act("contain", incident) as act:
        known = as_known(act.session, act.incident.id)
        for measure in measures:
            if called_for(measure, known):
                due_at = act.incident.declared_at + timedelta(hours=measure.hours)
                open_task(
                    act,
                    kind="containment",
                    key=f"contain:{measure.key}",
                    title=measure.title,
                    why=measure.why,
                    due_at=due_at,
                )
        tasks = act.session.scalars(
            sa.select(Task).where(Task.incident_id == act.incident.id, Task.kind == "containment")
        ).all()
    return Containment(
        len(tasks), sum(task.state != "open" for task in tasks), sum(task.verified_at is not None for task in tasks)
    )
