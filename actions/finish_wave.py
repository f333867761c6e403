"""Ends a run over a wave: asks a person for what only a person can mend, and marks the wave as done when nothing of it is open."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from actions import clock
from actions.desk import Act, Desk
from actions.errors import NotFound
from actions.lease import Lease, hold
from actions.open_task import open_task
from actions.people_told import settle_duties
from actions.shards import is_held, within
from actions.stop_wave import pause
from db.models import Notice, Shard, Wave
from db.queries.notices import AUTOMATIC, UNFINISHED


def after_sending(desk: Desk, lease: Lease, counts: Mapping[str, int], halted: str, changed: int = 0) -> None:
    """Pause the wave with a task where the channel stopped, ask about what was refused, and finish it when it is over.

    Those whose way *changed* since the draft wait for another notice.
    """
    with desk.act("deliver", lease.incident_id) as act:
        act.session.get_one(Wave, lease.wave_id, with_for_update=True)  # before the shard, as whoever takes one does
        wave = hold(act.session, lease)
        if halted:
            _stop_for(act, wave, halted)
        if counts.get("rejected"):
            ask_about_refused(act, wave)
        if changed:
            act.ask_for("respond", because=f"{changed} people of wave {wave.number} need another way")
        finish(act, wave)


def put_off(desk: Desk, lease: Lease, for_: timedelta) -> None:
    """Let the wave rest; the watch wishes for a run when it is over."""
    with desk.writing() as session:
        session.get_one(Wave, lease.wave_id, with_for_update=True)
        hold(session, lease).wait_until = clock.now() + for_


def left_to_send(desk: Desk, wave_id: UUID, shard: int | None = None) -> tuple[bool, datetime | None]:
    """Whether notices are queued that nobody else is sending, and from when on the first of them may go if none may now.

    Of one shard, or of the whole wave. They are not counted: it is asked every few seconds, of a million perhaps.
    """
    now = clock.now()
    with desk.reading() as session:
        wave = session.get(Wave, wave_id)
        if wave is None:
            raise NotFound("There is no such wave.")
        shards = _shards(session, wave_id, shard)
        mine = [Notice.wave_id == wave_id, Notice.state == "queued", Notice.channel.in_(AUTOMATIC)]
        mine += [sa.not_(within(one)) for one in shards if is_held(one)]
        mine += [within(one) for one in shards] if shard is not None else []
        ready = sa.select(Notice.nid).where(*mine, sa.or_(Notice.wait_until.is_(None), Notice.wait_until <= now))
        may_go = session.scalar(ready.limit(1)) is not None
        first_at = None if may_go else session.scalar(sa.select(sa.func.min(Notice.wait_until)).where(*mine))
    ahead = [moment for moment in (wave.wait_until, first_at) if moment is not None and moment > now]
    return wave.state == "launched" and (may_go or first_at is not None), max(ahead, default=None)


def is_being_sent(desk: Desk, wave_id: UUID, shard: int | None = None) -> bool:
    """Whether somebody sends this shard, or any of the wave, at this moment."""
    with desk.reading() as session:
        return any(is_held(one) for one in _shards(session, wave_id, shard))


def _shards(session: Session, wave_id: UUID, number: int | None) -> Sequence[Shard]:
    query = sa.select(Shard).where(Shard.wave_id == wave_id)
    return session.scalars(query if number is None else query.where(Shard.number == number)).all()


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
