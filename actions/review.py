"""Looks the house over once a day: fixes the heads of all chains in the house's own chain, and says what has gone stale."""

from dataclasses import dataclass

import sqlalchemy as sa

from actions import clock, journal
from actions.desk import Desk
from actions.keep_book import keep_book
from db.models import Heartbeat, JournalHead
from db.queries.journal import verify_all
from rulebook.library import book
from rulebook.review import review as look_at

NAME = "review"


@dataclass(frozen=True)
class Reviewed:
    """How many chains were checked, those that do not hold, and what in the rulebook needs a look."""

    chains: int
    broken: tuple[str, ...]
    stale: tuple[str, ...]


def review(desk: Desk) -> Reviewed:
    """Verify every chain, then write a checkpoint of their heads, so that cutting one short is seen later."""
    keep_book(desk.settings)
    with desk.reading() as session:
        verdicts = verify_all(session)
    broken = tuple(verdict.chain for verdict in verdicts if not verdict.sound)
    now = clock.now()
    stale = tuple(f"{each.file}, {each.key}: {each.says}" for each in look_at(book(), now.date(), None))
    with desk.writing() as session:
        heads = {
            head.chain: [head.number, head.hash]
            for head in session.scalars(sa.select(JournalHead))
            if head.chain != journal.HOUSE
        }
        details = {"heads": heads, "broken": broken, "rulebook": book().hash, "stale": stale}
        journal.append(session, journal.HOUSE, desk.entry("checkpoint", now, NAME, details))
        detail = {"chains": len(verdicts), "stale": len(stale)}
        beat = session.get(Heartbeat, NAME)
        if beat is None:
            session.add(Heartbeat(name=NAME, beat_at=now, detail=detail))
        else:
            beat.beat_at, beat.detail = now, detail
    return Reviewed(len(verdicts), broken, stale)
