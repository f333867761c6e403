"""Questions about how fast a wave leaves, asked of the newest lines of its journal."""

import json
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.models import JournalEntry, Wave

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
