"""What never arrived, or of which nobody says anything: failed after a time, sooner near a limit, told to a person otherwise."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from actions import clock
from actions.desk import Desk
from actions.reconcile import reconcile
from db.models import Notice, Obligation, Wave
from tests.conftest import MANAGER
from tests.delivery import open_tasks
from tests.events import found, sent, tell
from tests.fakes.webhook import an_event


def age(desk: Desk, wave: Wave, hours: float) -> None:
    """As if the wave had left so long ago, with nothing due meanwhile."""
    with desk.writing() as session:
        back = clock.now() - timedelta(hours=hours)
        session.execute(sa.update(Wave).where(Wave.id == wave.id).values(launched_at=back))
        session.execute(sa.update(Notice).where(Notice.wave_id == wave.id).values(settled_at=back))


def due(desk: Desk, at: datetime | None) -> None:
    with desk.writing() as session:
        owed = (Obligation.recipient == "individuals", Obligation.answer == "applies")
        session.execute(sa.update(Obligation).where(*owed).values(due_at=at, state="open"))


@pytest.mark.parametrize(
    ("left", "delayed", "state"),
    [(None, 71, "accepted"), (None, 73, "bounced"), (20, 11, "bounced"), (20, 9, "accepted")],
)
def test_a_delay_counts_as_failed_after_three_days_and_sooner_near_a_limit(
    told_desk: Desk, left: float | None, delayed: float, state: str
) -> None:
    wave, [nid] = sent(told_desk)
    due(told_desk, clock.now() + timedelta(hours=left) if left else None)
    age(told_desk, wave, delayed)
    tell(told_desk, an_event(nid, "deferred", clock.now() - timedelta(hours=delayed)))
    reconcile(told_desk)
    reconcile(told_desk)
    assert found(told_desk, [nid]) == {state: 1}


@pytest.mark.parametrize(("policy", "state"), [(False, "accepted"), (True, "bounced")])
def test_silence_is_told_to_a_person_or_leads_to_a_letter_by_policy(told_desk: Desk, policy: bool, state: str) -> None:
    wave, nids = sent(told_desk, 2)
    settings = told_desk.settings.model_copy(update={"silence_next_way": policy})
    with Desk(settings, MANAGER, database=told_desk.database) as desk:
        tell(desk, an_event(nids[0], "delivered", clock.now()))
        reconcile(desk)
        age(desk, wave, 71)
        reconcile(desk)
        assert found(desk, nids) == {"delivered": 1, "accepted": 1}
        age(desk, wave, 73)
        reconcile(desk)
        reconcile(desk)
        assert found(desk, nids) == {"delivered": 1} | {state: 1}
        asked = [title for title in open_tasks(desk) if title.startswith("No delivery was confirmed")]
        assert len(asked) == (0 if policy else 1)


def test_where_nobody_listens_for_events_silence_means_nothing(deaf_desk: Desk) -> None:
    wave, nids = sent(deaf_desk)
    age(deaf_desk, wave, 200)
    reconcile(deaf_desk)
    assert found(deaf_desk, nids) == {"accepted": 1}
    assert not any("confirmed" in title for title in open_tasks(deaf_desk))
