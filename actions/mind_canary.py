"""Watches the canary of a launched wave: pauses the wave when a limit is broken, and asks for its release when the hold is over."""

from actions import canary
from actions.desk import Act
from actions.moments import spelt
from actions.open_task import open_task
from actions.release_wave import release
from actions.stop_wave import pause
from db.models import Wave
from db.queries.canary import canary_complaints, canary_states


def mind_canary(act: Act, wave: Wave) -> None:
    """Look at what became of the canary so far. Safe to repeat: each thing is said, paused or released once."""
    if not wave.is_holding or wave.state != "launched" or wave.judged:
        return
    settings, states = act.desk.settings, canary_states(act.session, wave.id)
    complaints = canary_complaints(act.session, wave.id)
    why = canary.broken(states, complaints, settings.canary_bounce_percent, settings.canary_complaint_percent)
    if why:
        _judge(act, wave, "broken", why)
        title = f"Find out why the first messages of wave {wave.number} failed: is the list old, or the text taken for spam?"
        open_task(act, kind="check", key=f"canary:{wave.id}", title=title, why=f"{why}. The rest is held back.")
        pause(act, wave, why)
    elif canary.is_settled(states) and wave.hold_until and act.now >= wave.hold_until:
        _judge(act, wave, "kept", "")
        if settings.canary_release == "by_itself":
            release(act, wave, "the canary kept its limits, and the settings let the rest follow by itself")
        else:
            _ask_for_release(act, wave)


def _judge(act: Act, wave: Wave, verdict: str, why: str) -> None:
    wave.judged = verdict
    act.session.flush()
    act.journal(f"wave {wave.number}", canary=verdict, because=why, watched_until=act.now)


def _ask_for_release(act: Act, wave: Wave) -> None:
    title = f"Release the rest of wave {wave.number}: its first {wave.canary_size} messages arrived"
    held = f"Held since {spelt(wave.launched_at)}; no limit was broken." if wave.launched_at else ""
    open_task(act, kind="decide", key=f"release:{wave.id}", title=title, why=held)
