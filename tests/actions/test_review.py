"""The daily look: what has gone stale in the rulebook is said, and written beside the checkpoint of all chains."""

import json

import sqlalchemy as sa

from actions import journal
from actions.desk import Desk
from actions.review import review
from db.models import JournalEntry
from rulebook.library import book
from tests.conftest import Time


def test_laws_that_nobody_compared_for_a_year_are_listed_and_recorded(desk: Desk, time: Time) -> None:
    time.move(days=2)
    assert review(desk).stale == ()
    time.move(days=400)
    stale = review(desk).stale
    assert len(stale) == len(book().laws) and all("over a year ago" in each for each in stale)
    with desk.reading() as session:
        house = sa.select(JournalEntry).where(JournalEntry.chain == journal.HOUSE).order_by(JournalEntry.number.desc())
        entry = session.scalars(house).first()
        assert entry is not None
        details = json.loads(entry.body)
    assert book().hash in json.dumps(details) and stale[0] in json.dumps(details, ensure_ascii=False)
