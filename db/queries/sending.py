"""Questions about how fast a wave leaves, by the newest lines of its journal, what of it waits for the day, and the limit."""

import json
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.models import JournalEntry, Notice, Obligation, Wave

LINES = 400
"""Newest lines that are looked at: some minutes' worth while a wave is being sent."""


def accepted_since(session: Session, wave: Wave, since: datetime) -> int:
    """How many of its messages were taken since that real moment, as far as the newest lines tell."""
    newest = sa.select(JournalEntry.body).where(JournalEntry.chain == str(wave.incident_id))
    found = 0
    for text in session.scalars(newest.order_by(JournalEntry.number.desc()).limit(LINES)):
        body = json.loads(text)
        if datetime.fromisoformat(body["recorded_at"]) < since:
            break
        if body["act"] == "deliver" and body["subject"] == f"wave {wave.number}":
            found += body["details"].get("notices", {}).get("accepted", 0)
    return found


def limit_of(session: Session, incident_id: UUID) -> datetime | None:
    """The law's last moment for telling people, of what is owed still."""
    owed = (Obligation.incident_id == incident_id, Obligation.recipient == "individuals", Obligation.state == "open")
    return session.scalar(sa.select(sa.func.min(Obligation.due_at)).where(*owed))


def put_off(session: Session, wave: Wave, now: datetime) -> tuple[int, datetime | None]:
    """How many of its messages wait for a later moment, and for which first."""
    mine = (Notice.wave_id == wave.id, Notice.state == "queued", Notice.wait_until > now)
    return session.execute(sa.select(sa.func.count(), sa.func.min(Notice.wait_until)).where(*mine)).tuples().one()
