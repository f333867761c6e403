"""Promise 2: a deadline is never lost because something was down; what was missed is caught up once and said to be late."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from actions.assess import assess
from actions.check_deadlines import check_deadlines
from actions.desk import Desk
from actions.hand_over import take_over
from db.models import Alert, JournalEntry, Obligation, Rung
from tests.builders import an_incident
from tests.conftest import Time


@pytest.mark.parametrize("looks", [1, 2, 24])
def test_however_seldom_the_watch_looked_the_same_has_been_told_in_the_end(
    desk: Desk, officer: Desk, time: Time, looks: int
) -> None:
    take_over(officer, an_incident(desk).id)
    assess(desk, "FW-2026-0001")
    check_deadlines(desk)
    end, step = time.now + timedelta(hours=73), timedelta(hours=73) / looks
    while time.now < end:
        time.now = min(end, time.now + step)
        check_deadlines(desk)
    with desk.reading() as session:
        assert not session.scalar(sa.select(sa.func.count()).where(Rung.told_at.is_(None), Rung.fires_at <= time.now))
        due = session.scalars(sa.select(Obligation).where(Obligation.duty == "uk-p3-67-1")).one()
        assert due.overdue_at == due.due_at
        overdue = session.scalars(
            sa.select(Alert.recipient).where(Alert.subject.contains("OVERDUE"), Alert.subject.contains("Commissioner"))
        )
        told = overdue.all()
        assert "executive@example.org" in told and len(told) == len(set(told))
        said = " ".join(session.scalars(sa.select(JournalEntry.body).where(JournalEntry.chain == str(due.incident_id))))
        assert "late_seconds" in said and "overtaken" in said
