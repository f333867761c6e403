"""What follows from events: the next way for those whom this one failed, and a halt where the fault is ours."""

from collections.abc import Sequence

import sqlalchemy as sa

from actions.desk import Act
from actions.event_case import Case
from actions.event_meaning import FAILED
from actions.finish_wave import finish
from actions.open_task import open_task
from actions.stop_wave import pause
from db.models import Event, Task, Wave
from db.queries.events import blocked_since


def follow(act: Act, moved: Sequence[Case], settled: Sequence[Event]) -> None:
    """Wish for what comes next, wave by wave. Nothing follows once the incident is closed."""
    if act.incident.closed_at:
        return
    blocked = {event.nid for event in settled if event.kind == "blocked"}
    for wave_id in sorted({case.wave_id for case in moved}):
        wave = act.session.get_one(Wave, wave_id, with_for_update=True)
        mine = [case for case in moved if case.wave_id == wave_id]
        if any(case.state == FAILED for case in mine):
            act.ask_for("respond", because=f"notices of wave {wave.number} did not arrive")
        if any(case.nid in blocked for case in mine):
            _halt(act, wave)
        finish(act, wave)


def _halt(act: Act, wave: Wave) -> None:
    """Ask a person at the first refusal of us as sender, and send nothing more from the set number on."""
    key = f"blocked:{wave.id}:"
    mine = (Task.incident_id == act.incident.id, Task.key.startswith(key))
    asked, answered_at = act.session.execute(
        sa.select(sa.func.count(), sa.func.max(Task.ended_at)).where(*mine, Task.state != "open")
    ).one()
    since = answered_at or wave.launched_at or wave.drafted_at
    count = blocked_since(act.session, wave.id, since)
    open_task(
        act,
        kind="check",
        key=f"{key}{asked}",
        title=f"Find out why mail servers refuse us as sender of wave {wave.number}",
        why="They hold something against the sending domain or address, not against the recipients. See 'forthwith doctor'.",
    )
    if wave.state == "launched" and count >= act.desk.settings.blocked_holds_after:
        pause(act, wave, f"{count} mail servers refused us as sender; a task says so")
