"""Queues the notices of a wave that is launched or released: all of them, or the canary's e-mails and what is no e-mail."""

import sqlalchemy as sa

from actions import canary
from actions.desk import Act
from db.models import Notice, Wave


def queue_first(act: Act, wave: Wave) -> int:
    """Queue what goes at launch; where there is a canary, of the e-mails only that many. Returns the canary's size, or 0.

    The ids of notices are random, so the first of them are people from anywhere in the list.
    """
    mails = (*_drafted(wave), Notice.channel == "email")
    size = 0 if wave.urgent_because else canary.size(_count(act, *mails))
    if not size:
        queue_rest(act, wave)
        return 0
    others = (*_drafted(wave), Notice.channel != "email")
    _queue(act, sa.update(Notice).where(*others))
    first = sa.select(Notice.nid).where(*mails, ~Notice.flagged).order_by(Notice.nid).limit(size)
    _queue(act, sa.update(Notice).where(Notice.nid.in_(first)).values(canary=True))
    return _count(act, Notice.wave_id == wave.id, Notice.canary)


def queue_rest(act: Act, wave: Wave) -> None:
    """Queue everything that is drafted still."""
    _queue(act, sa.update(Notice).where(*_drafted(wave)))


def _drafted(wave: Wave) -> tuple[sa.ColumnElement[bool], ...]:
    return Notice.wave_id == wave.id, Notice.state == "drafted"


def _queue(act: Act, change: sa.Update) -> None:
    act.session.execute(change.values(state="queued", dated_at=act.now))


def _count(act: Act, *which: sa.ColumnExpressionArgument[bool]) -> int:
    return act.session.scalar(sa.select(sa.func.count()).select_from(Notice).where(*which)) or 0
