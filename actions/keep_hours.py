"""Lets e-mails wait while it is night where their people live, and never beyond what the law's limit leaves room for."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from actions import clock
from actions.desk import Act
from actions.ramp import ends_at
from actions.windows import is_open, opens_at
from db.models import Notice, Wave
from db.queries.sending import limit_of

AHEAD = timedelta(minutes=6)
"""Hours that end before the next look count as over: what is queued now may be sent until then."""


def keep_hours(act: Act, wave: Wave) -> int:
    """Put off the queued e-mails of a launched wave for whom it is night. Returns how many. Safe to repeat."""
    hours = act.desk.settings.hours_to_write
    if hours is None or wave.urgent_because or wave.state != "launched":
        return 0
    now, zone = clock.now(), act.incident.time_zone
    put_off = 0
    for country, number in _countries(act, wave):
        if not all(is_open(hours, country, at, zone) for at in (now, now + AHEAD)):
            opens = opens_at(hours, country, now + AHEAD, zone)
            if is_in_time(act, wave, number, opens):
                put_off += _put_off(act, wave, country, opens)
    if put_off:
        act.journal(f"wave {wave.number}", put_off=put_off, because="it is night where they live")
    return put_off


def is_in_time(act: Act, wave: Wave, number: int, opens: datetime) -> bool:
    """Whether so many messages that begin to leave then are all gone before the law's limit."""
    limit = limit_of(act.session, wave.incident_id)
    if limit is None:
        return True
    ends = ends_at(act.desk.settings, number, act.now + (opens - clock.now()))
    return ends is not None and ends <= limit


def _countries(act: Act, wave: Wave) -> list[tuple[str, int]]:
    """Where those live who are queued and not put off yet, and how many everywhere together."""
    mine = (*_queued(wave), sa.or_(Notice.wait_until.is_(None), Notice.wait_until <= clock.now() + AHEAD))
    query = sa.select(Notice.country, sa.func.count()).where(*mine).group_by(Notice.country)
    rows = list(act.session.execute(query.order_by(Notice.country)).tuples())
    together = sum(number for _, number in rows)
    return [(country, together) for country, _ in rows]


def _put_off(act: Act, wave: Wave, country: str, until: datetime) -> int:
    mine = (*_queued(wave), Notice.country == country)
    early = sa.or_(Notice.wait_until.is_(None), Notice.wait_until < until)
    done = act.session.execute(sa.update(Notice).where(*mine, early).values(wait_until=until))
    return int(getattr(done, "rowcount", 0))


def _queued(wave: Wave) -> tuple[sa.ColumnElement[bool], ...]:
    return Notice.wave_id == wave.id, Notice.state == "queued", Notice.channel == "email"
