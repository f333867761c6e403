"""Promise 13: the data protection officer is told of every personal-data incident, and the acknowledgement is recorded."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from actions import clock
from actions.check_deadlines import check_deadlines
from actions.close import close
from actions.desk import Desk
from actions.errors import Conflict
from actions.hand_over import take_over
from db.models import HandOver, Incident
from db.queries.journal import entries
from db.queries.waiting import waits_for
from tests.builders import an_incident
from tests.conftest import MANAGER, OFFICER, Time

REF = "FW-2026-0001"


def hand_over(desk: Desk) -> HandOver:
    with desk.reading() as session:
        return session.scalars(sa.select(HandOver).where(HandOver.hop == "manager_to_dpo")).one()


@pytest.mark.parametrize("facts", [{}, {"risk": "unlikely"}, {"people__GB": None, "data": None, "kinds": None}])
def test_every_incident_is_handed_to_the_officer_at_once_however_small(
    desk: Desk, time: Time, facts: dict[str, object]
) -> None:
    an_incident(desk, **facts)
    given = hand_over(desk)
    assert (given.to, given.given_at, given.taken_at) == (OFFICER, time.now, None)


def test_it_waits_for_the_officer_by_name_and_with_a_limit_of_its_own(desk: Desk, time: Time) -> None:
    made = an_incident(desk)
    with desk.reading() as session:
        waiting = [
            one for one in waits_for(session, session.get_one(Incident, made.id), clock.real_now()) if one.on == OFFICER
        ]
    assert [one.by for one in waiting] == [time.now + timedelta(hours=desk.settings.hand_over_target_hours)]


def test_only_the_officer_acknowledges_and_the_moment_and_the_hours_are_on_record(
    desk: Desk, officer: Desk, time: Time
) -> None:
    made = an_incident(desk)
    with pytest.raises(Conflict, match="only they"):
        take_over(desk, REF)
    time.move(hours=2)
    take_over(officer, REF)
    taken = hand_over(desk)
    assert (taken.taken_by, taken.taken_at) == (OFFICER, time.now)
    with desk.reading() as session:
        told = [body for _, _, _, body in entries(session, str(made.id)) if body["subject"] == "manager_to_dpo"]
    assert told[-1]["details"] == {"taken": True, "hours": 2.0}
    assert told[-1]["actor"] == OFFICER
    with pytest.raises(Conflict, match="already"):
        take_over(officer, REF)


def test_an_officer_who_does_not_answer_is_an_alarm(desk: Desk, time: Time) -> None:
    an_incident(desk)
    check_deadlines(desk)
    time.move(hours=desk.settings.hand_over_target_hours, minutes=1)
    assert check_deadlines(desk).told == 1


def test_an_incident_does_not_close_without_the_officers_word(desk: Desk) -> None:
    an_incident(desk)
    with pytest.raises(Conflict, match="data protection officer has not acknowledged"):
        close(desk.acting_as(MANAGER), REF, "done")
