"""What providers tell of notices: kept once, settled forwards only, and followed by what a person would want to follow."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from actions import clock
from actions.content import open_notice
from actions.deliver import deliver
from actions.desk import Desk
from actions.errors import Conflict, NotSignedIn
from actions.event_meaning import LEADS_TO, step
from actions.flag_person import flag_person
from actions.prepare_notices import prepare_notices
from actions.receive_events import keep_events, receive_sendgrid
from actions.reconcile import reconcile
from channels.event import Event as Told
from channels.sendgrid_events import SIGNATURE, TIMESTAMP
from db.models import Attempt, Event, Incident, Notice, Person, Receipt, Wave
from db.queries.events import Fared, fared, unknown_events
from settings.model import Settings
from tests.conftest import MANAGER
from tests.delivery import a_wave, claim_all, expire, later, open_tasks, taken
from tests.events import SIGNER, found, sent, tell, through
from tests.fakes.sendgrid import FakeSendGrid
from tests.fakes.webhook import an_event, posted


def came_to(desk: Desk) -> Counter[str | None]:
    with desk.reading() as session:
        return Counter(session.scalars(sa.select(Event.came_to)))


def test_a_delivery_is_kept_once_settled_and_proved(told_desk: Desk) -> None:
    wave, [nid] = sent(told_desk)
    words = "250 2.0.0 OK, delivered to someone@example.org"
    event = an_event(nid, "delivered", clock.now(), response=words)
    for again in (event, event, event | {"sg_event_id": uuid4().hex}):
        assert tell(told_desk, again) == 1
    assert reconcile(told_desk).events == 1
    assert found(told_desk, [nid]) == {"delivered": 1}
    with told_desk.reading() as session:
        [kept] = session.scalars(sa.select(Event)).all()
        [receipt] = session.scalars(sa.select(Receipt).where(Receipt.kind == "delivered")).all()
        proof = told_desk.vault(session, receipt.incident_id).open(receipt.proof or b"", f"receipts/proof/{nid}")
    assert (kept.came_to, kept.said, kept.wave_id) == ("moved", None, wave.id)
    assert proof.decode() == words
    assert reconcile(told_desk).events == 0


def test_no_address_and_no_word_of_a_server_stands_in_the_open(told_desk: Desk) -> None:
    _, [nid] = sent(told_desk)
    tell(told_desk, an_event(nid, "bounce", clock.now(), reason="550 5.1.1 <someone@example.org> is unknown"))
    with told_desk.reading() as session:
        row = session.execute(sa.select(*Event.__table__.columns)).one()
    assert "someone" not in repr(row)
    assert row.said is not None
    reconcile(told_desk)
    with told_desk.reading() as session:
        shown = (*session.scalars(sa.select(Notice.ended_because)), *session.scalars(sa.select(Event.code)))
        assert "someone" not in repr(shown)


@pytest.mark.parametrize(
    ("headers", "refusal"),
    [({SIGNATURE: "x"}, NotSignedIn), ({TIMESTAMP: "1700000000"}, NotSignedIn), ({SIGNATURE: ""}, NotSignedIn)],
)
def test_what_is_not_signed_changes_nothing(told_desk: Desk, headers: dict[str, str], refusal: type[Conflict]) -> None:
    _, [nid] = sent(told_desk)
    body = posted([an_event(nid, "bounce", clock.now())])
    given_ = SIGNER.headers(body, clock.now()) | headers
    with pytest.raises(refusal):
        receive_sendgrid(told_desk, body, given_[SIGNATURE], given_[TIMESTAMP])
    reconcile(told_desk)
    assert found(told_desk, [nid]) == {"accepted": 1}
    assert came_to(told_desk) == {}


def test_what_was_signed_long_ago_and_what_is_no_list_is_refused(told_desk: Desk, deaf_desk: Desk) -> None:
    for body, at, says in (
        (posted([]), clock.now() - timedelta(days=2), "not signed within the last day"),
        (b"{}", clock.now(), "no list of events"),
    ):
        headers = SIGNER.headers(body, at)
        with pytest.raises(Conflict, match=says):
            receive_sendgrid(told_desk, body, headers[SIGNATURE], headers[TIMESTAMP])
    with pytest.raises(Conflict, match="SENDGRID_WEBHOOK_KEY"):
        receive_sendgrid(deaf_desk, posted([]), "", "")


KINDS = sorted(LEADS_TO)


@given(st.permutations(KINDS), st.integers(1, len(KINDS)))
def test_the_end_does_not_depend_on_the_order_of_arrival(kinds: Sequence[str], count: int) -> None:
    def end(order: Sequence[str]) -> str:
        state = "accepted"
        for kind in order:
            state = step(state, kind) or state
        return state

    some = kinds[:count]
    assert end(some) == end(list(reversed(some))) == end(sorted(some))


def test_events_that_come_late_and_out_of_order_never_lead_back(told_desk: Desk) -> None:
    _, nids = sent(told_desk, 2)
    for nid in nids:
        tell(told_desk, an_event(nid, "delivered", clock.now()))
    reconcile(told_desk)
    for nid in nids:
        tell(told_desk, an_event(nid, "deferred", clock.now()), an_event(nid, "processed", clock.now()))
    reconcile(told_desk)
    assert found(told_desk, nids) == {"delivered": 2}
    assert came_to(told_desk) == {"moved": 2, "noted": 4}


@pytest.mark.parametrize(
    ("event", "more"),
    [
        ("bounce", {"type": "bounce", "status": "5.1.1"}),
        ("dropped", {"reason": "Bounced Address"}),
    ],
)
def test_whom_a_message_cannot_reach_is_led_to_the_next_way(told_desk: Desk, event: str, more: dict[str, Any]) -> None:
    wave, [nid] = sent(told_desk)
    tell(told_desk, an_event(nid, event, clock.now(), **more))
    reconcile(told_desk)
    assert found(told_desk, [nid]) == {"bounced": 1}
    prepare_notices(told_desk, wave.incident_id)
    with told_desk.reading() as session:
        assert session.scalars(sa.select(Notice.channel).where(Notice.state == "drafted")).all() == ["letter"]


def test_servers_that_refuse_us_as_sender_halt_the_wave_before_it_is_spoilt(told_desk: Desk) -> None:
    wave, gone = sent(told_desk, 3)
    for count, nid in enumerate(gone, 1):
        tell(told_desk, an_event(nid, "bounce", clock.now(), type="blocked", status="5.7.1"))
        reconcile(told_desk)
        with told_desk.reading() as session:
            assert session.get_one(Wave, wave.id).state == ("paused" if count == 3 else "launched")
    assert [title for title in open_tasks(told_desk) if "refuse us as sender" in title] == [
        "Find out why mail servers refuse us as sender of wave 1"
    ]
    with told_desk.reading() as session:
        assert fared(session, wave.id) == Fared(blocked=3)
        assert fared(session, wave.id).failed == 3


def test_a_complaint_counts_as_a_delivery_and_is_counted(told_desk: Desk) -> None:
    wave, nids = sent(told_desk, 2)
    tell(told_desk, an_event(nids[0], "spamreport", clock.now()), an_event(nids[0], "delivered", clock.now()))
    reconcile(told_desk)
    assert found(told_desk, nids) == {"delivered": 1, "accepted": 1}
    with told_desk.reading() as session:
        assert fared(session, wave.id) == Fared(delivered=1, complained=1)
        assert session.scalars(sa.select(Notice.nid).where(Notice.complained_at.is_not(None))).all() == nids[:1]


def test_events_about_what_is_not_here_are_kept_and_counted(told_desk: Desk) -> None:
    _, nids = sent(told_desk)
    tell(told_desk, an_event(uuid4(), "bounce", clock.now(), reason="550 nobody"))
    assert reconcile(told_desk).events == 1
    with told_desk.reading() as session:
        assert unknown_events(session) == 1
        assert session.scalars(sa.select(Event.said)).all() == [None]
    assert found(told_desk, nids) == {"accepted": 1}


def test_an_event_settles_what_nobody_could_know(told_desk: Desk, fake: FakeSendGrid) -> None:
    fake.faults.then("accept-then-drop")
    _, [nid] = sent(told_desk)
    fake.logs = "behind"
    tell(told_desk, an_event(nid, "processed", clock.now()))
    reconcile(told_desk)
    assert found(told_desk, [nid]) == {"accepted": 1}
    with told_desk.reading() as session:
        assert session.scalars(sa.select(Attempt.state)).all() == ["accepted"]
        assert session.scalars(sa.select(Receipt.kind)).all() == ["found_by_evidence"]


def test_evidence_that_comes_late_still_stops_the_second_copy(told_desk: Desk, fake: FakeSendGrid) -> None:
    """The logs showed nothing for an hour, so it is queued again; then the event of the first copy arrives."""
    fake.faults.then("accept-then-drop")
    wave, [nid] = sent(told_desk)
    fake.logs = "behind"
    later(told_desk)
    assert reconcile(told_desk).queued_again == 1
    tell(told_desk, an_event(nid, "delivered", clock.now()))
    reconcile(told_desk)
    deliver(told_desk, wave.id)
    assert found(told_desk, [nid]) == {"delivered": 1}
    assert taken(fake)[str(nid)] == 1


def test_an_event_about_a_message_that_is_leaving_waits_for_its_answer(told_desk: Desk) -> None:
    with told_desk.reading() as session:
        wave = session.scalars(sa.select(Wave)).one()
    nid = claim_all(told_desk, wave)[1][0].nid
    tell(told_desk, an_event(nid, "delivered", clock.now()))
    assert reconcile(told_desk).events == 0
    assert found(told_desk, [nid]) == {"sending": 1}
    expire(told_desk)
    reconcile(told_desk)
    reconcile(told_desk)
    assert found(told_desk, [nid]) == {"delivered": 1}


def test_a_notice_that_never_left_by_this_provider_is_not_moved_by_it(told_desk: Desk) -> None:
    """Still queued, or gone another way: an event about it is somebody's mistake or worse."""
    _, [nid] = sent(told_desk)
    with told_desk.reading() as session:
        queued = session.scalars(sa.select(Notice.nid).where(Notice.state == "queued").limit(1)).one()
    tell(told_desk, an_event(queued, "bounce", clock.now(), status="5.1.1"))
    keep_events(told_desk, [Told("smtp", nid, "bounced", clock.now(), "5.1.1", "", "same")])
    reconcile(told_desk)
    assert found(told_desk, [nid, queued]) == {"accepted": 1, "queued": 1}
    assert came_to(told_desk) == {"another_channel": 2}


def test_someone_flagged_since_is_moved_and_told_by_a_person(told_desk: Desk) -> None:
    wave, [nid] = sent(told_desk)
    incident_id = wave.incident_id
    with told_desk.reading() as session:
        told = sa.select(Person.number).join(Notice, Notice.person_id == Person.id).where(Notice.nid == nid)
        number = session.scalars(told).one()
    flag_person(told_desk, incident_id, number, "victim_of_abuse", "they rang")
    tell(told_desk, an_event(nid, "bounce", clock.now(), status="5.1.1"))
    reconcile(told_desk)
    assert found(told_desk, [nid]) == {"bounced": 1}
    prepare_notices(told_desk, incident_id)
    with told_desk.reading() as session:
        assert session.scalars(sa.select(Notice.channel).where(Notice.state == "drafted")).all() == ["in_person"]


def test_nothing_moves_in_an_incident_that_is_closed(told_desk: Desk) -> None:
    wave, [nid] = sent(told_desk)
    incident_id = wave.incident_id
    with told_desk.writing() as session:
        closed = {"closed_at": clock.now(), "closed_by": MANAGER}
        session.execute(sa.update(Incident).where(Incident.id == incident_id).values(**closed))
    tell(told_desk, an_event(nid, "bounce", clock.now(), status="5.1.1"))
    reconcile(told_desk)
    assert found(told_desk, [nid]) == {"accepted": 1}
    assert came_to(told_desk) == {"after_closing": 1}


def test_an_unsigned_report_moves_only_the_notice_of_the_address_that_it_names(told_desk: Desk) -> None:
    _, nids = sent(told_desk, 2)
    with told_desk.reading() as session:
        notice = session.get_one(Notice, nids[0])
        content = open_notice(session, told_desk.vault(session, notice.incident_id), notice)
    for recipient in ("forged@example.org", content.to_address.upper()):
        keep_events(
            told_desk, [Told("sendgrid", nids[0], "bounced", clock.now(), "5.1.1", "", recipient, recipient=recipient)]
        )
    reconcile(told_desk)
    assert found(told_desk, nids) == {"accepted": 1, "bounced": 1}
    assert came_to(told_desk) == {"another_recipient": 1, "moved": 1}


def test_two_deliveries_of_one_batch_at_once_keep_each_event_once(told_desk: Desk) -> None:
    _, nids = sent(told_desk, 3)
    events = [an_event(nid, "delivered", clock.now()) for nid in nids] * 3
    tell(told_desk, *events)
    tell(told_desk, *reversed(events))
    assert came_to(told_desk) == {None: 3}


def test_on_both_databases_events_are_kept_once_and_settled(
    desk: Desk, settings: Settings, fake: FakeSendGrid, tmp_path: Path
) -> None:
    _, wave = a_wave(desk, tmp_path, 2)
    changes = through(settings, fake) | {"sendgrid_webhook_key": SIGNER.key}
    with Desk(settings.model_copy(update=changes), MANAGER, database=desk.database) as listening:
        deliver(listening, wave.id)
        nids = [UUID(nid) for nid in taken(fake)]
        events = [an_event(nid, "delivered", clock.now(), response="250 OK") for nid in nids]
        for posting in (events, events[::-1], [event | {"sg_event_id": "another"} for event in events[:1]]):
            tell(listening, *posting)
        tell(
            listening, an_event(nids[0], "bounce", clock.now(), status="5.1.1"), an_event(uuid4(), "open", clock.now())
        )
        assert reconcile(listening).events == 4
        assert found(listening, nids) == {"bounced": 1, "delivered": 1}
        assert came_to(listening) == {"moved": 3, "unknown_notice": 1}
