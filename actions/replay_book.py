"""Plays a rulebook over every open incident, and says what it would move; changes nothing."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from actions import clock
from actions.ask_book import ask_book
from actions.desk import Desk
from db.models import Incident, Obligation
from db.queries.incidents import all_incidents, exercise_of
from rulebook.library import Rulebook
from rulebook.moves import Move, Side, moves, side


class Replayed(NamedTuple):
    """One open incident, and what another book would move in it."""

    incident: str
    moves: tuple[Move, ...]


def replay_book(desk: Desk, rules: Rulebook) -> list[Replayed]:
    """Compare each obligation as it stands with what a book says now. What was met or waived stays out of it."""
    with desk.reading() as session:
        return [
            Replayed(incident.reference, _moves(desk, session, incident, rules)) for incident in all_incidents(session)
        ]


def _moves(desk: Desk, session: Session, incident: Incident, rules: Rulebook) -> tuple[Move, ...]:
    rows = session.scalars(sa.select(Obligation).where(Obligation.incident_id == incident.id)).all()
    ended = {(row.duty, row.authority) for row in rows if row.state in ("met", "waived")}
    asked = ask_book(session, desk.settings, incident, clock.now(exercise_of(session, incident)), rules)
    then = [told for told in map(side, asked.answers) if (told.duty, told.authority) not in ended]
    return tuple(move for move in moves(_standing(rows, ended), then) if _matters(move))


def _standing(rows: Sequence[Obligation], ended: set[tuple[str, str]]) -> Iterator[Side]:
    for row in rows:
        if (row.duty, row.authority) not in ended:
            yield Side(**{name: getattr(row, name) for name in Side._fields})


def _matters(move: Move) -> bool:
    """A duty that neither book has owed, and one of them does not know, is no move."""
    return any(told is not None and told.answer != "does_not_apply" for told in (move.before, move.after))
