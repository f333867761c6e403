"""Questions about who is away, and who stands in for whom."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.models import Absence


def away_now(session: Session, at: datetime) -> dict[str, str]:
    """Everyone who is away at this moment, with their delegate."""
    return dict(
        session.execute(sa.select(Absence.name, Absence.delegate).where(*_holds(at)).order_by(Absence.from_at))
        .tuples()
        .all()
    )


def stands_in(session: Session, name: str, at: datetime) -> str:
    """Who acts for this person now: themselves, or their delegate, or the delegate's; empty where everyone is away."""
    return _stands_in(away_now(session, at), name)


def with_delegates(session: Session, names: Sequence[str], at: datetime) -> list[str]:
    """The same people, each once, each who is away followed by whoever stands in for them."""
    away = away_now(session, at)
    found = [name for one in names if one for name in (one, _stands_in(away, one))]
    return list(dict.fromkeys(name for name in found if name))


def _stands_in(away: Mapping[str, str], name: str) -> str:
    now, seen = name.strip().lower(), set[str]()
    while now in away and now not in seen:
        seen.add(now)
        now = away[now]
    return "" if now in seen else (name.strip() if not seen else now)


def acting_for(away: Mapping[str, str], name: str) -> str:
    """The same as *stands_in*, in words that also say for whom; a name that is not away stays as it is."""
    if name.strip().lower() not in away:
        return name
    acts = _stands_in(away, name)
    return f"{acts}, for {name} who is away" if acts else f"{name}, who is away like whoever stands in"


def stands_in_for(session: Session, delegate: str, at: datetime) -> set[str]:
    """All those for whom this person acts now, themselves not among them."""
    away, own = away_now(session, at), delegate.strip().lower()
    return {name for name in away if name != own and _stands_in(away, name) == own}


def coming(session: Session, at: datetime) -> Sequence[Absence]:
    """Absences that hold or are to come, the nearest first."""
    rows = sa.select(Absence).where(Absence.until_at > at, Absence.ended_at.is_(None))
    return session.scalars(rows.order_by(Absence.from_at, Absence.name)).all()


def _holds(at: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return Absence.from_at <= at, Absence.until_at > at, Absence.ended_at.is_(None)
