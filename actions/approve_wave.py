"""Approves a wave: someone who wrote none of its words binds their name to exactly these notices."""

from uuid import UUID

from actions.approve_report import approved
from actions.authors import refuse_author
from actions.desk import Act, Desk
from actions.draft import content_of
from actions.errors import Conflict, Stale
from actions.find_wave import find_wave
from actions.open_task import end_tasks
from actions.redraft import is_stale
from actions.words import demanded, duties_to_people
from db.models import Approval, Wave


def approve_wave(desk: Desk, incident: UUID | str, number: int, content_sha256: str | None = None) -> Approval:
    """Approve the draft of this number. With *content_sha256* it must still be what was read.

    Raises Stale when the words, the template, a notice or the duties have changed since it was drafted; Conflict for an author.
    """
    with desk.act("approve", incident) as act:
        wave = find_wave(act, number)
        if wave.state != "draft":
            raise Conflict(f"Wave {number} is {wave.state}; only a draft can be approved.")
        refuse_author(act, wave.drafted_by, f"wave {number}")
        _refuse_changed(act, wave, content_sha256)
        approval = approved(act, wave, desk.actor)
        end_tasks(act, f"approve:wave:{wave.id}", f"approved by {desk.actor}")
        act.journal(f"wave {number}", approved=wave.content_sha256, author=wave.drafted_by)
        act.ask_for("respond", because=f"wave {number} was approved")
    return approval


def _refuse_changed(act: Act, wave: Wave, content_sha256: str | None) -> None:
    again = f"it is drawn up again by 'forthwith draft {act.incident.reference}'"
    if content_sha256 and not wave.content_sha256.startswith(content_sha256):
        raise Stale(f"Wave {wave.number} is not what you read; read it again with 'forthwith wave show', then approve.")
    if content_of(act, wave) != wave.content_sha256:
        raise Stale(f"A notice of wave {wave.number} is not the one that was drafted; {again}.")
    if is_stale(act, wave):
        raise Stale(f"The words of wave {wave.number} have changed since it was drafted; {again}.")
    unsaid = [key for key in demanded(duties_to_people(act)) if key not in wave.contents]
    if unsaid:
        raise Stale(f"A duty now demands what wave {wave.number} does not say ({', '.join(unsaid)}); {again}.")
