"""Ends a run over a wave: asks a person for what only a person can mend, and marks the wave as done when nothing of it is open."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from actions import clock
from actions.desk import Act, Desk
from actions.errors import NotFound
from actions.lease import Lease, hold
from actions.open_task import open_task
from actions.people_told import settle_duties
from actions.stop_wave import pause
from db.models import Notice, Wave
from db.queries.notices import AUTOMATIC, UNFINISHED


def after_sending(desk: Desk, lease: Lease, counts: Mapping[str, int], halted: str) -> None:
    """Pause the wave with a task where the channel stopped, ask about what was refused, and finish it when it is over."""
    with desk.act("deliver", lease.incident_id) as act:
        wave = hold(act.session, lease)
        if halted:
            _stop_for(act, wave, halted)
        if counts.get("rejected"):
            ask_about_refused(act, wave)
        finish(act, wave)


def put_off(desk: Desk, lease: Lease, for_: timedelta) -> None:
    """Let the wave rest; the watch wishes for a run when it is over."""
    with desk.writing() as session:
        hold(session, lease).wait_until = clock.now() + for_


def left_to_send(desk: Desk, wave_id: UUID) -> tuple[int, datetime | None]:
    """How many notices are queued to be sent, and from when on the first of them may go if not now."""
    queued = sa.select(sa.func.count(), sa.func.count(Notice.wait_until), sa.func.min(Notice.wait_until))
    mine = queued.where(Notice.wave_id == wave_id, Notice.state == "queued", Notice.channel.in_(AUTOMATIC))
    with desk.reading() as session:
        wave = session.get(Wave, wave_id)
        if wave is None:
            raise NotFound("There is no such wave.")
        count, waiting, first_at = session.execute(mine).one()
    moments = [wave.wait_until, first_at if count and waiting == count else None]
    ahead = [moment for moment in moments if moment is not None and moment > clock.now()]
    return (count if wave.state == "launched" else 0), max(ahead, default=None)


def finish(act: Act, wave: Wave) -> bool:
    """Mark a launched wave as done when none of its notices is open. Returns whether it is done now."""
    unfinished = sa.select(Notice.nid).where(Notice.wave_id == wave.id, Notice.state.in_(UNFINISHED))
    if wave.state != "launched" or act.session.scalar(unfinished.limit(1)) is not None:
        return False
    wave.state = "done"
    act.session.flush()
    settle_duties(act)
    act.journal(f"wave {wave.number}", done=True)
    act.ask_for("respond", because=f"wave {wave.number} is done")
    return True


def ask_about_refused(act: Act, wave: Wave) -> None:
    """One task for all that a channel refused; their people go on to the next way by themselves."""
    title = f"Look at the notices of wave {wave.number} that were refused: are the addresses right?"
    why = "A channel will not take them as they are. The next way of each person is drafted by itself."
    open_task(act, kind="check", key=f"refused:{wave.id}", title=title, why=why)
    act.ask_for("respond", because=f"notices of wave {wave.number} were refused")


def _stop_for(act: Act, wave: Wave, halted: str) -> None:
    title = f"Mend what stopped wave {wave.number}, then launch it again"
    open_task(act, kind="check", key=f"paused:{wave.id}:{wave.fence}", title=title, why=halted)
    if wave.state == "launched":
        pause(act, wave, halted)
