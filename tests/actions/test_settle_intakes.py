"""An intake is settled once: promoted, joined, or dismissed with reasons; the time that it waited is seen for good."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from actions.check_deadlines import check_deadlines
from actions.declare import Declaration, Declared, declare
from actions.desk import Desk
from actions.dismiss import dismiss, look_again
from actions.errors import Conflict, NotFound
from actions.exercise import start_exercise
from actions.join import join
from actions.promote import promote
from db.models import Alert, HandOver, Incident, Trigger
from db.queries.facts import as_known, history
from db.queries.journal import entries, verify_all
from rulebook.facts import BadFacts
from tests.builders import an_incident
from tests.conftest import Time
from tests.intakes import NOTICED, kept, told

REF = "IN-2026-0001"
DECLARATION = Declaration("A stick was lost", {"data": ["video"]})
SETTLED: tuple[Callable[[Desk], object], ...] = (
    lambda desk: promote(desk, REF, DECLARATION),
    lambda desk: join(desk, REF, an_incident(desk).id),
    lambda desk: dismiss(desk, REF, "It was found in the bag"),
)


def bodies(desk: Desk, chain: str, act: str) -> list[dict[str, Any]]:
    with desk.reading() as session:
        assert all(verdict.sound for verdict in verify_all(session))
        return [body for _, _, _, body in entries(session, chain) if body["act"] == act]


def hop(desk: Desk, incident: Incident | Declared) -> HandOver:
    with desk.reading() as session:
        mine = sa.select(HandOver).where(HandOver.incident_id == incident.id, HandOver.hop == "finder_to_manager")
        return session.scalars(mine).one()


def count(desk: Desk, table: Any) -> int:
    with desk.reading() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def test_the_ten_days_that_it_lay_unread_are_seen_for_good(desk: Desk, time: Time) -> None:
    received_at = time.now
    told(desk)
    time.move(days=10)
    made = promote(desk, REF, DECLARATION)
    passed = hop(desk, made)
    assert (passed.given_at, passed.taken_at, passed.taken_by) == (received_at, time.now, desk.actor)
    assert passed.target_at == received_at + timedelta(hours=desk.settings.hand_over_target_hours)
    for chain in ("house", str(made.id)):
        (entry,) = bodies(desk, chain, "promote")
        assert entry["details"]["waited_seconds"] == 10 * 86_400
    held = kept(desk)
    assert (held.state, held.incident_id, held.settled_by, held.settled_at) == (
        "promoted",
        made.id,
        desk.actor,
        time.now,
    )


def test_the_incident_was_detected_when_it_was_noticed_whatever_the_form_says(desk: Desk, time: Time) -> None:
    told(desk)
    later = {"events.detected": time.now.isoformat(), "story.what_happened": "A data carrier was lost."}
    made = promote(desk, REF, Declaration("A stick was lost", later))
    with desk.reading() as session:
        known = as_known(session, made.id)
        sources = {fact.source for fact in history(session, made.id)}
        assert session.scalars(sa.select(Trigger.flow)).all() == ["respond"]
    assert datetime.fromisoformat(known["events.detected"]) == NOTICED
    assert datetime.fromisoformat(known["events.aware"]) == NOTICED
    assert known["story.what_happened"] == "A data carrier was lost."
    assert sources == {f"intake {REF}"}
    assert [wish.flow for wish in desk.asked] == ["respond"]


def test_nothing_of_what_was_said_goes_into_the_incident_by_itself(desk: Desk, time: Time) -> None:
    told(desk)
    made = promote(desk, REF, DECLARATION)
    with desk.reading() as session:
        assert "Zyxwvut" not in str(as_known(session, made.id)) + str(list(entries(session, str(made.id))))


@pytest.mark.parametrize(
    "said", [Declaration(" ", {}), Declaration("x", {"kinds": ["dragon"]}), Declaration("x", {"events.aware": "2026-11-19T08:00+00:00"})]
)  # fmt: skip
def test_a_promotion_that_cannot_stand_leaves_it_new(desk: Desk, time: Time, said: Declaration) -> None:
    told(desk)
    with pytest.raises((Conflict, BadFacts)):
        promote(desk, REF, said)
    assert kept(desk).state == "new"
    assert count(desk, Incident) == count(desk, Trigger) == 0
    assert desk.asked == []


def test_two_who_promote_at_once_make_one_incident(desk: Desk) -> None:
    told(desk)

    def once(number: int) -> bool:
        try:
            promote(desk, REF, Declaration(f"Manager {number}", {}))
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(once, range(4))) == [False, False, False, True]
    assert count(desk, Incident) == 1


def test_joined_to_an_incident_it_moves_its_times_back_where_it_was_earlier(desk: Desk, time: Time) -> None:
    told(desk)
    received_at = time.now
    time.move(hours=30)
    noticed = time.now.isoformat()
    made = an_incident(desk, events__detected=noticed, events__aware=noticed)
    join(desk, REF, made.reference)
    with desk.reading() as session:
        (before, fact) = history(session, made.id, "events.detected")
    assert datetime.fromisoformat(before.value) == time.now
    assert (datetime.fromisoformat(fact.value), fact.source, fact.known_at) == (NOTICED, f"intake {REF}", received_at)
    assert hop(desk, made).given_at == received_at
    (entry,), (mine,) = (
        bodies(desk, "house", "join"),
        [body for body in bodies(desk, str(made.id), "join") if "waited_seconds" in body["details"]],
    )
    assert entry["details"]["waited_seconds"] == mine["details"]["waited_seconds"] == 30 * 3600
    assert kept(desk).incident_id == made.id


def test_joined_later_than_the_incident_knew_it_moves_nothing(desk: Desk, time: Time) -> None:
    made = an_incident(desk)
    given = hop(desk, made).given_at
    time.move(hours=5)
    told(desk, noticed_at=time.now)
    join(desk, REF, made.reference)
    with desk.reading() as session:
        assert len(history(session, made.id, "events.detected")) == 1
    assert hop(desk, made).given_at == given


def test_what_is_real_joins_no_drill(desk: Desk, time: Time, tmp_path: Path) -> None:
    told(desk)
    drill = start_exercise(desk, "Drill", law_as_of=time.now.date(), at=time.now, folder=tmp_path)
    made = declare(desk, Declaration("A drill", {}, exercise_id=drill.id))
    with pytest.raises(Conflict, match="is an exercise"):
        join(desk, REF, made.id)
    real = promote(desk, REF, Declaration("A stick was lost", {}, exercise_id=drill.id))
    assert real.reference == "FW-2026-0001"


def test_what_is_not_there_is_not_joined(desk: Desk, time: Time) -> None:
    told(desk)
    with pytest.raises(NotFound):
        join(desk, REF, "FW-2026-0099")
    with pytest.raises(NotFound, match="forthwith intake list"):
        join(desk, "IN-2026-0099", an_incident(desk).id)
    assert kept(desk).state == "new"


def test_a_dismissal_needs_reasons_and_can_be_looked_at_again(desk: Desk, officer: Desk, time: Time) -> None:
    told(desk)
    with pytest.raises(Conflict, match="why"):
        dismiss(desk, REF, "  ")
    received_at = time.now
    time.move(hours=1)
    dismiss(desk, REF, "It was found in the bag")
    assert (kept(desk).state, kept(desk).reasons) == ("dismissed", "It was found in the bag")
    with pytest.raises(Conflict, match="why"):
        look_again(officer, REF, "")
    look_again(officer, REF, "The bag had been open")
    held = kept(desk)
    assert (held.state, held.settled_by, held.reasons, held.received_at) == ("new", None, "", received_at)
    (entry,) = bodies(desk, "house", "look_again")
    assert entry["details"]["dismissed_by"] == desk.actor
    time.move(hours=1)
    assert hop(desk, promote(desk, REF, DECLARATION)).given_at == received_at


@pytest.mark.parametrize("first", SETTLED)
@pytest.mark.parametrize("then", SETTLED)
def test_what_is_settled_is_not_settled_again(
    desk: Desk, time: Time, first: Callable[[Desk], object], then: Callable[[Desk], object]
) -> None:
    told(desk)
    first(desk)
    state, incident = kept(desk).state, kept(desk).incident_id
    with pytest.raises(Conflict, match="settled already by"):
        then(desk)
    assert (kept(desk).state, kept(desk).incident_id) == (state, incident)


def test_only_a_dismissal_is_looked_at_again(desk: Desk, time: Time) -> None:
    told(desk)
    with pytest.raises(Conflict):
        look_again(desk, REF, "why not")
    promote(desk, REF, DECLARATION)
    with pytest.raises(Conflict):
        look_again(desk, REF, "why not")


def test_whoever_lets_it_lie_is_reminded_after_the_target_and_every_day(desk: Desk, time: Time) -> None:
    told(desk)
    seen: list[tuple[float, int]] = []
    for _ in range(60):
        before = count(desk, Alert)
        check_deadlines(desk)
        seen.append(((time.now - kept(desk).received_at) / timedelta(hours=1), count(desk, Alert) - before))
        time.move(hours=1)
    assert [(hours, told) for hours, told in seen if told] == [(4, 3), (24, 4), (48, 4)]
    dismiss(desk, REF, "It was found in the bag")
    time.move(days=3)
    assert check_deadlines(desk).told == 0


def test_reminders_that_were_missed_are_told_once_together(desk: Desk, time: Time) -> None:
    told(desk)
    time.move(days=9, hours=3)
    assert (check_deadlines(desk).told, check_deadlines(desk).told) == (1, 0)
    (entry,) = bodies(desk, "house", "remind")
    assert entry["details"]["reminder"] == "waits 9 d"
    assert "executive@example.org" in entry["details"]["told"]
