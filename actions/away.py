"""Writes down that someone is away and who stands in for them, and that they are back."""

from datetime import datetime

import sqlalchemy as sa

from actions.desk import Desk
from actions.errors import Conflict
from actions.house_act import HouseAct, house_act
from db.models import Absence


def away(desk: Desk, name: str, delegate: str, until_at: datetime, from_at: datetime | None = None) -> Absence:
    """Away until then: tasks and gates are the delegate's meanwhile. Raises Conflict for times or people that cannot be."""
    name, delegate = name.strip().lower(), delegate.strip().lower()
    with house_act(desk, "away") as act:
        begins = from_at or act.now
        _check(act, name, delegate, begins, until_at)
        row = Absence(
            name=name, delegate=delegate, from_at=begins, until_at=until_at, made_at=act.now, made_by=desk.actor
        )
        act.session.add(row)
        act.session.flush()
        act.journal(name, delegate=delegate, from_at=begins, until_at=until_at)
    return row


def back(desk: Desk, name: str) -> int:
    """Back earlier, or not leaving after all; gives how many absences ended. Raises Conflict where there is none."""
    with house_act(desk, "back") as act:
        rows = _coming(act, name.strip().lower())
        if not rows:
            raise Conflict(f"{name.strip()} is not away, and is not going to be.")
        for row in rows:
            row.ended_at, row.ended_by = act.now, desk.actor
        act.journal(name.strip().lower(), absences_ended=len(rows))
    return len(rows)


def _check(act: HouseAct, name: str, delegate: str, from_at: datetime, until_at: datetime) -> None:
    if not name or not delegate:
        raise Conflict("Say who is away, and who stands in for them.")
    if name == delegate:
        raise Conflict("Nobody stands in for themselves; name someone else as the delegate.")
    if from_at.utcoffset() is None or until_at.utcoffset() is None:
        raise Conflict("The time has no offset; write it as 2026-12-24T17:00+00:00.")
    if until_at <= max(from_at, act.now):
        raise Conflict("An absence ends after it begins, and in the future.")
    if any(row.from_at < until_at and from_at < row.until_at for row in _coming(act, name)):
        raise Conflict(f"{name} is away then already; end that first ('forthwith away {name} --back').")


def _coming(act: HouseAct, name: str) -> list[Absence]:
    mine = (Absence.name == name, Absence.ended_at.is_(None), Absence.until_at > act.now)
    return list(act.session.scalars(sa.select(Absence).where(*mine).with_for_update()))
