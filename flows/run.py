"""What every flow run shares: ids as its only parameters, a name that a manager can read, and the desk that it works at."""

import asyncio
from collections.abc import Callable
from typing import Annotated, TypeVar
from uuid import UUID

from prefect.client.schemas.objects import State
from prefect.runtime import flow_run
from prefect.states import Completed
from pydantic import Field

from actions.desk import Desk, find, open_desk
from db.models import Wave
from db.session import DatabaseBusy
from flows.ask import start
from settings.model import load

T = TypeVar("T")

ACTOR = "system"
_UUID = "^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"

# Prefect's server checks a pattern before it stores a parameter, a format it does not: a name typed into the field by mistake stays out.
IncidentId = Annotated[
    UUID, Field(description="The incident's id, as 'forthwith show' prints it.", json_schema_extra={"pattern": _UUID})
]
WaveId = Annotated[UUID, Field(description="The wave's id.", json_schema_extra={"pattern": _UUID})]


async def at_desk(work: Callable[[Desk], T]) -> T:
    """Do *work* at a desk of this flow run, in a thread, so that the run's sign of life goes on meanwhile.

    Then ask for the runs that it wished for, as every door does.
    """
    run_id = flow_run.id

    def there() -> T:
        with open_desk(load(), ACTOR, run_id) as desk:
            done = work(desk)
            start(desk, desk.asked)
            return done

    return await asyncio.to_thread(there)


async def look(work: Callable[[Desk], object]) -> State[None] | None:
    """Do *work*, which the schedule repeats and which finds then whatever is still due.

    Where another keeps the whole database the run is no failure: it ends, and the state that it ends in says why it did nothing more.
    """
    try:
        await at_desk(work)
    except DatabaseBusy as held:
        return Completed(message=f"{held} The next look does what this one could not.")
    return None


def readable() -> str:
    """The run's name: its flow and what it is about by reference and number, or the bare id while that cannot be read."""
    given = (flow_run.parameters or {}).items()
    about = [_about(name, one) for name, one in given if one is not None]
    return " ".join([str(flow_run.flow_name), *about])


def _about(name: str, given: object) -> str:
    if name == "shard":
        return f"shard {given}"
    try:
        with open_desk(load(), ACTOR) as desk, desk.reading() as session:
            if name == "incident_id":
                return find(session, UUID(str(given))).reference
            wave = session.get_one(Wave, UUID(str(given)))
            return f"{find(session, wave.incident_id).reference} wave {wave.number}"
    except Exception:  # noqa: BLE001 - Prefect would store what went wrong; the flow meets it again, guarded, and says so
        return str(given)
