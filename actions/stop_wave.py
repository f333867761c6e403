"""Pauses, resumes and stops a wave; whoever is sending sees it before the next message."""

from uuid import UUID

import sqlalchemy as sa

from actions.desk import Act, Desk
from actions.errors import Conflict
from actions.find_wave import find_wave
from actions.flagging import CALLED_BACK, cancel_contacts
from actions.keep_hours import keep_hours
from actions.open_task import end_tasks, end_tasks_like
from db.models import Notice, Wave


def pause_wave(desk: Desk, incident: UUID | str, number: int, reasons: str) -> Wave:
    """Send nothing more of it until it is resumed. Raises Conflict unless it is launched."""
    with desk.act("pause_wave", incident) as act:
        wave = find_wave(act, number)
        if wave.state != "launched":
            raise Conflict(f"Wave {number} is {wave.state}; only a launched wave can be paused.")
        pause(act, wave, _reasons(reasons))
    return wave


def resume_wave(desk: Desk, incident: UUID | str, number: int) -> Wave:
    """Let it go on. Raises Conflict unless it is paused."""
    with desk.act("resume_wave", incident) as act:
        wave = find_wave(act, number)
        if wave.state != "paused":
            raise Conflict(f"Wave {number} is {wave.state}; only a paused wave can be resumed.")
        resume(act, wave)
    return wave


def stop_wave(desk: Desk, incident: UUID | str, number: int, reasons: str) -> Wave:
    """Send nothing more of it, ever. What has not left is cancelled; what is leaving at this moment is settled by evidence."""
    with desk.act("stop_wave", incident) as act:
        wave, why = find_wave(act, number), _reasons(reasons)
        if wave.state in ("done", "stopped"):
            raise Conflict(f"Wave {number} is {wave.state} already.")
        mine = (Notice.wave_id == wave.id, Notice.state.in_(CALLED_BACK))
        nids = list(act.session.scalars(sa.select(Notice.nid).where(*mine)))
        act.session.execute(
            sa.update(Notice).where(*mine).values(state="cancelled", ended_because=why, settled_at=act.now)
        )
        cancel_contacts(act, nids, f"wave {number} was stopped")
        wave.state, wave.why = "stopped", why
        act.session.flush()
        end_tasks(act, f"approve:wave:{wave.id}", f"stopped: {why}")
        act.journal(f"wave {number}", stopped=why, cancelled=len(nids))
    return wave


def pause(act: Act, wave: Wave, why: str) -> None:
    """Pause within an act that is under way."""
    wave.state, wave.why = "paused", why
    act.session.flush()
    act.journal(f"wave {wave.number}", paused=why)


def resume(act: Act, wave: Wave) -> None:
    """Resume within an act that is under way, and wish for the run that sends."""
    wave.state, wave.why, wave.wait_until = "launched", "", None
    act.session.flush()
    end_tasks_like(act, f"paused:{wave.id}:", "resumed")
    act.journal(f"wave {wave.number}", resumed=True)
    keep_hours(act, wave)
    act.ask_for("deliver", because=f"wave {wave.number} was resumed", wave_id=wave.id)


def _reasons(reasons: str) -> str:
    if not reasons.strip():
        raise Conflict("Say in a sentence why (--reasons); it is kept in the record.")
    return reasons.strip()
