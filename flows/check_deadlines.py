"""Looks at every deadline as of now: tells who must be told, and starts what was asked for and never ran."""

from prefect import flow
from prefect.client.schemas.objects import State

from actions.check_deadlines import check_deadlines as check
from actions.desk import Desk
from actions.triggers import to_start
from db.session import DatabaseBusy
from flows.ask import start
from flows.guard import guarded
from flows.run import look, readable


@flow(name="check_deadlines", flow_run_name=readable, persist_result=False, log_prints=False)
@guarded
async def check_deadlines() -> State[None] | None:
    """Do everything that is due, once, however long ago it fell due. Any number of late runs does no harm."""
    return await look(_look)


def _look(desk: Desk) -> None:
    """What was asked for is started even when an incident could not be checked: the others wait for it too."""
    try:
        check(desk)
    except DatabaseBusy:
        raise  # asking for runs would wait as long, for the same
    except BaseException:
        start(desk, to_start(desk))
        raise
    start(desk, to_start(desk))
