"""Questions about a wave's canary: what became of those who went first, and how many wait behind them."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.models import Notice


def canary_states(session: Session, wave_id: UUID) -> dict[str, int]:
    """How many of the canary are in each state."""
    mine = sa.select(Notice.state, sa.func.count()).where(Notice.wave_id == wave_id, Notice.canary)
    return dict(session.execute(mine.group_by(Notice.state)).tuples().all())


def canary_complaints(session: Session, wave_id: UUID) -> int:
    """How many of the canary reported their message as spam."""
    mine = (Notice.wave_id == wave_id, Notice.canary, Notice.complained_at.is_not(None))
    return session.scalar(sa.select(sa.func.count()).select_from(Notice).where(*mine)) or 0


def held_behind(session: Session, wave_id: UUID) -> int:
    """How many are drafted and wait for the canary."""
    mine = (Notice.wave_id == wave_id, Notice.state == "drafted")
    return session.scalar(sa.select(sa.func.count()).select_from(Notice).where(*mine)) or 0
