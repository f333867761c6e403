"""Records a step of a flow: when it began and ended, how, who ran it, in which flow run, with which version."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from actions import clock
from actions.desk import Desk, find
from actions.errors import Conflict
from db.queries.incidents import exercise_of


@contextmanager
def step(desk: Desk, name: str, incident: UUID | str) -> Iterator[None]:
    """Journal one step around its action. A step that fails is journalled as failed, and the failure goes on its way."""
    started_at = clock.now()
    outcome = "failed"
    try:
        yield
        outcome = "done"
    except Conflict:
        outcome = "refused"
        raise
    finally:
        _journal(desk, name, incident, started_at.isoformat(), outcome)


def _journal(desk: Desk, name: str, incident: UUID | str, started_at: str, outcome: str) -> None:
    with desk.reading() as session:
        found = find(session, incident)
        sim_at = clock.now(exercise_of(session, found))
    with desk.act(f"step {name}", incident, closed_too=True) as act:
        act.journal(name, started_at=started_at, ended_at=clock.now(), incident_time=sim_at, outcome=outcome)
