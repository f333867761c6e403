"""Releases the rest of a wave whose canary was watched: a person's act, or the policy's where the limits were kept."""

from uuid import UUID

from actions import canary
from actions.desk import Act, Desk
from actions.errors import Conflict
from actions.find_wave import find_wave
from actions.keep_hours import keep_hours
from actions.launch import leave_out_changed
from actions.moments import spelt
from actions.open_task import end_tasks, end_tasks_like
from actions.queue_notices import queue_rest
from db.models import Wave
from db.queries.canary import canary_states
from db.queries.facts import as_known


def release_wave(desk: Desk, incident: UUID | str, number: int, reasons: str = "") -> Wave:
    """Let the rest of the wave leave. Raises Conflict where nothing is held.

    While the hold lasts, while a first message is on its way still, or after a limit was broken it takes reasons.
    """
    with desk.act("release", incident) as act:
        wave, why = find_wave(act, number), reasons.strip()
        if not wave.is_holding:
            raise Conflict(f"Nothing of wave {number} is held back: it is {wave.state}, and has no canary to wait for.")
        doubt = _doubt(act, wave)
        if doubt and not why:
            raise Conflict(f"{doubt} To release the rest all the same, say why (--reasons); it is kept in the record.")
        if as_known(act.session, act.incident.id).get("findings.telling_restricted"):
            raise Conflict("A decision restricts telling people at present; it must be lifted before anything leaves.")
        if wave.state == "paused":
            wave.state, wave.why, wave.wait_until = "launched", "", None
            end_tasks_like(act, f"paused:{wave.id}:", "released")
        release(act, wave, why)
    return wave


def release(act: Act, wave: Wave, why: str) -> None:
    """Queue the rest within an act that is under way, and wish for the run that sends it."""
    wave.released_at, wave.released_by, wave.released_because = act.now, act.desk.actor, why
    left_out = leave_out_changed(act, wave)
    act.session.flush()
    queue_rest(act, wave)
    keep_hours(act, wave)
    for task in ("release", "canary"):
        end_tasks(act, f"{task}:{wave.id}", f"released by {act.desk.actor}")
    act.journal(f"wave {wave.number}", released=wave.content_sha256, because=why, left_out=left_out)
    act.ask_for("deliver", because=f"the rest of wave {wave.number} was released", wave_id=wave.id)
    if left_out:
        act.ask_for("respond", because=f"{left_out} people of wave {wave.number} need another way")


def _doubt(act: Act, wave: Wave) -> str:
    if wave.judged == "broken":
        return f"The first messages of wave {wave.number} broke a limit."
    if wave.hold_until and act.now < wave.hold_until:
        return f"The first messages of wave {wave.number} are watched until {spelt(wave.hold_until)}."
    if not canary.is_settled(canary_states(act.session, wave.id)):
        return f"Some of the first messages of wave {wave.number} are still on their way."
    return ""
