"""Drops drafts whose words have changed since, so that they are drawn up again; what was approved is never touched."""

import sqlalchemy as sa

from actions.desk import Act
from actions.flagging import CALLED_BACK
from actions.open_task import end_tasks
from actions.words import words_for, words_sha256
from db.models import Notice, Wave
from notices.compose import template_sha256


def drop_stale_drafts(act: Act) -> int:
    """Stop each draft whose template or words are no longer those of today; returns how many."""
    drafts = sa.select(Wave).where(Wave.incident_id == act.incident.id, Wave.state.in_(("drafting", "draft")))
    stale = [wave for wave in act.session.scalars(drafts.order_by(Wave.number)).all() if is_stale(act, wave)]
    for wave in stale:
        drop(act, wave, "the words changed before anyone approved them")
    return len(stale)


def is_stale(act: Act, wave: Wave) -> bool:
    """Whether the wave would read differently if it were drawn up now."""
    words = {kind: words_for(act, kind) for kind in wave.audience}
    return (template_sha256(wave.template), words_sha256(words)) != (wave.template_sha256, wave.words_sha256)


def drop(act: Act, wave: Wave, why: str) -> None:
    """Stop a wave of which nothing has left, and cancel its notices; their people wait for another."""
    mine = sa.update(Notice).where(Notice.wave_id == wave.id, Notice.state.in_(CALLED_BACK))
    act.session.execute(mine.values(state="cancelled", ended_because=why, settled_at=act.now))
    wave.state, wave.why = "stopped", why
    act.session.flush()
    end_tasks(act, f"approve:wave:{wave.id}", why)
    act.journal(f"wave {wave.number}", dropped=why)


def drop_empty(act: Act, why: str) -> None:
    """Stop each wave of which nobody is left: it needs no approval and no launch any more."""
    left = sa.select(Notice.nid).where(Notice.wave_id == Wave.id, Notice.state == "drafted")
    empty = sa.select(Wave).where(
        Wave.incident_id == act.incident.id, Wave.state.in_(("draft", "approved")), ~left.exists()
    )
    for wave in act.session.scalars(empty).all():
        drop(act, wave, why)
