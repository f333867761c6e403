"""Of many e-mails a few go first; the rest is held until they were watched, and a broken limit pauses the wave."""

import random
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from actions import canary, clock
from actions.declare import Declared
from actions.desk import Desk
from actions.errors import Conflict
from actions.flag_person import flag_person
from actions.launch import launch
from actions.reconcile import reconcile
from actions.release_wave import release_wave
from actions.stop_wave import resume_wave, stop_wave
from db.models import Incident, Notice, Person, Task, Trigger, Wave
from db.queries.notices import progress
from db.queries.waiting import waits_for
from tests.conftest import MANAGER, Time
from tests.ledger import an_incident_with, approved, customers

MAILS = 24
FIRST = 1


@given(st.integers(0, 5_000_000))
def test_one_percent_or_fifty_go_first_and_never_nobody(mails: int) -> None:
    size = canary.size(mails)
    if mails < canary.FROM:
        assert size == 0
    else:
        assert 1 <= size <= 50
        assert size == 1 or size <= mails / 100


@given(st.integers(1, 50), st.integers(0, 50), st.integers(0, 50))
def test_a_limit_is_broken_exactly_when_more_failed_than_it_allows(
    accepted: int, bounced: int, complaints: int
) -> None:
    why = canary.broken({"accepted": accepted, "bounced": bounced, "cancelled": 99, "queued": 99}, complaints, 5, 0.1)
    judged = accepted + bounced
    assert bool(why) == (bounced / judged > 0.05 or complaints / judged > 0.001)


def test_a_single_complaint_of_a_canary_is_one_too_many() -> None:
    assert "reported as spam" in canary.broken({"accepted": 50}, 1, 5, 0.1)


@pytest.fixture
def incident(desk: Desk, time: Time, tmp_path: Path) -> Declared:
    """Customers with e-mail, two with a letter, one to be visited; approved in their waves."""
    post = [
        {"reference": f"L{one}", "address": f"{one} Sample Street; Sampletown", "postcode": "SW1A 1AA"}
        for one in range(2)
    ]
    flagged = [{"reference": "F", "email": "f@example.org", "flags": "file_says_so"}]
    made = an_incident_with(desk, tmp_path, [*customers(MAILS), *post, *flagged])
    approved(desk, made)
    return made


def wave(desk: Desk) -> Wave:
    with desk.reading() as session:
        return session.scalars(sa.select(Wave).where(Wave.number == 1)).one()


def states(desk: Desk, *, first: bool | None = None) -> dict[str, int]:
    """By state: of all e-mails, of the canary, or of the rest."""
    query = sa.select(Notice.state, sa.func.count()).where(Notice.channel == "email").group_by(Notice.state)
    with desk.reading() as session:
        return dict(session.execute(query if first is None else query.where(Notice.canary.is_(first))).tuples().all())


def settle(desk: Desk, *ends: str, complained: bool = False) -> None:
    """What became of the canary, one after the other."""
    with desk.writing() as session:
        found = session.scalars(sa.select(Notice).where(Notice.canary).order_by(Notice.nid)).all()
        for notice, end in zip(found, ends, strict=True):
            for state in ("sending", "accepted", *(["bounced"] if end == "bounced" else [])):
                notice.state = state
                session.flush()
            notice.complained_at = notice.dated_at if complained else None


def open_tasks(desk: Desk) -> list[str]:
    with desk.reading() as session:
        return list(session.scalars(sa.select(Task.key).where(Task.state == "open")))


def test_at_launch_a_few_e_mails_go_first_and_whatever_is_no_e_mail_goes_at_once(
    desk: Desk, time: Time, incident: Declared
) -> None:
    launch(desk, incident.id, 1)
    assert states(desk) == {"queued": FIRST, "drafted": MAILS - FIRST}
    assert (wave(desk).canary_size, wave(desk).is_holding) == (FIRST, True)
    with desk.reading() as session:
        others = session.execute(sa.select(Notice.channel, Notice.state).where(Notice.channel != "email")).tuples()
        assert sorted(set(others)) == [("in_person", "queued"), ("letter", "queued")]
        assert not session.scalar(sa.select(sa.func.count()).where(Notice.canary, Notice.flagged))


def test_the_first_are_people_from_anywhere_in_the_list(desk: Desk, time: Time, incident: Declared) -> None:
    """The chance that so many random ids come in the list's own order, or all from its first half, is one in millions."""
    with desk.reading() as session:
        by_nid = session.scalars(
            sa.select(Person.number).join(Notice, Notice.person_id == Person.id).order_by(Notice.nid).limit(20)
        ).all()
    assert max(by_nid) > MAILS / 2
    assert list(by_nid) != sorted(by_nid)


def test_a_wave_of_few_and_an_urgent_one_go_at_once(desk: Desk, time: Time, tmp_path: Path) -> None:
    few = an_incident_with(desk, tmp_path, customers(canary.FROM - 1))
    approved(desk, few)
    launch(desk, few.id, 1)
    assert states(desk) == {"queued": canary.FROM - 1}


def test_an_urgent_wave_goes_at_once_and_says_why(desk: Desk, time: Time, incident: Declared) -> None:
    launch(desk, incident.id, 1, urgent="The thief rings people already.")
    assert states(desk) == {"queued": MAILS}
    assert (wave(desk).canary_size, wave(desk).urgent_because) == (None, "The thief rings people already.")


def test_after_the_hold_somebody_is_asked_to_release_the_rest_and_then_it_goes(
    desk: Desk, time: Time, incident: Declared
) -> None:
    launch(desk, incident.id, 1)
    settle(desk, "accepted")
    reconcile(desk)
    assert wave(desk).judged == ""
    time.move(minutes=31)
    reconcile(desk)
    reconcile(desk)
    assert [key for key in open_tasks(desk) if key.startswith("release:")] == [f"release:{wave(desk).id}"]
    assert wave(desk).judged == "kept"
    with desk.writing() as session:
        session.execute(sa.update(Trigger).values(done_at=time.now))
    release_wave(desk, incident.id, 1)
    assert states(desk) == {"accepted": FIRST, "queued": MAILS - FIRST}
    assert wave(desk).released_by == MANAGER
    assert not [key for key in open_tasks(desk) if key.startswith("release:")]
    with desk.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).where(Trigger.flow == "deliver", Trigger.done_at.is_(None)))
    with pytest.raises(Conflict, match="Nothing of wave 1 is held"):
        release_wave(desk, incident.id, 1)


def test_what_waits_for_a_release_is_named_with_the_command(desk: Desk, time: Time, incident: Declared) -> None:
    launch(desk, incident.id, 1)
    settle(desk, "accepted")
    time.move(minutes=31)
    reconcile(desk)
    with desk.reading() as session:
        commands = [one.command for one in waits_for(session, session.get_one(Incident, incident.id), clock.real_now())]
    assert f"forthwith wave release {incident.reference} 1" in commands


def test_the_policy_may_release_it_by_itself(desk: Desk, time: Time, incident: Declared) -> None:
    launch(desk, incident.id, 1)
    settle(desk, "accepted")
    time.move(minutes=31)
    settings = desk.settings.model_copy(update={"canary_release": "by_itself"})
    with Desk(settings, "watch", database=desk.database) as watch:
        reconcile(watch)
    assert states(desk) == {"accepted": FIRST, "queued": MAILS - FIRST}
    assert wave(desk).released_by == "watch"


def test_the_hold_lasts_while_a_first_message_is_on_its_way(desk: Desk, time: Time, incident: Declared) -> None:
    launch(desk, incident.id, 1)
    time.move(hours=2)
    reconcile(desk)
    assert wave(desk).judged == ""
    with pytest.raises(Conflict, match="on their way"):
        release_wave(desk, incident.id, 1)


@pytest.mark.parametrize("fault", ["bounce", "complaint"])
def test_a_broken_limit_pauses_the_wave_once_and_says_what_and_why(
    desk: Desk, time: Time, incident: Declared, fault: str
) -> None:
    launch(desk, incident.id, 1)
    settle(desk, "bounced" if fault == "bounce" else "accepted", complained=fault == "complaint")
    reconcile(desk)
    assert (wave(desk).state, wave(desk).judged) == ("paused", "broken")
    assert ("bounced" if fault == "bounce" else "spam") in wave(desk).why
    assert f"canary:{wave(desk).id}" in open_tasks(desk)
    resume_wave(desk, incident.id, 1)
    time.move(hours=1)
    reconcile(desk)
    assert (wave(desk).state, wave(desk).is_holding) == ("launched", True)
    with pytest.raises(Conflict, match="broke a limit"):
        release_wave(desk, incident.id, 1)
    release_wave(desk, incident.id, 1, "Both addresses were typed wrong; the list is sound.")
    assert states(desk, first=False) == {"queued": MAILS - FIRST}


def test_a_release_before_the_hold_is_over_needs_reasons(desk: Desk, time: Time, incident: Declared) -> None:
    launch(desk, incident.id, 1)
    with pytest.raises(Conflict, match="watched until"):
        release_wave(desk, incident.id, 1, "  ")
    assert release_wave(desk, incident.id, 1, "The limit is in an hour.").released_because == "The limit is in an hour."


def test_whoever_is_flagged_during_the_hold_gets_no_e_mail_at_the_release(
    desk: Desk, time: Time, incident: Declared
) -> None:
    launch(desk, incident.id, 1)
    with desk.reading() as session:
        held = session.scalars(
            sa.select(Person.number).join(Notice, Notice.person_id == Person.id).where(Notice.state == "drafted")
        ).all()
    flag_person(desk, incident.id, random.Random(1).choice(held), "victim_of_abuse", "they rang")
    release_wave(desk, incident.id, 1, "now")
    assert states(desk, first=False) == {"queued": MAILS - FIRST - 1, "cancelled": 1}


def test_a_stopped_wave_cancels_what_was_held_as_well(desk: Desk, time: Time, incident: Declared) -> None:
    launch(desk, incident.id, 1)
    stop_wave(desk, incident.id, 1, "wrong list")
    assert states(desk) == {"cancelled": MAILS}


def test_the_database_lets_nobody_pass_the_canary_nor_a_wave_end_with_people_held(
    desk: Desk, time: Time, incident: Declared
) -> None:
    launch(desk, incident.id, 1)
    refused = (
        sa.update(Notice).where(Notice.state == "drafted").values(state="queued"),
        sa.update(Notice).where(Notice.canary).values(canary=False),
        sa.update(Wave).values(state="done"),
    )
    for change in refused:
        with pytest.raises(sa.exc.IntegrityError), desk.writing() as session:
            session.execute(change.execution_options(synchronize_session=False))
    with desk.reading() as session:
        assert progress(session, wave(desk).id)["drafted"] == MAILS - FIRST
    release_wave(desk, incident.id, 1, "now")
    late = sa.update(Notice).where(Notice.state == "queued", ~Notice.canary, Notice.channel == "email")
    with pytest.raises(sa.exc.IntegrityError), desk.writing() as session:
        session.execute(late.values(canary=True).execution_options(synchronize_session=False))
