"""Promise 7: one recipient for each message; nobody is told twice by accident, nobody is left out (tests/crash kills senders to try it)."""

from collections import Counter
from email import message_from_bytes, policy
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from actions.deliver import deliver
from actions.desk import Desk, find
from actions.import_people import import_people
from actions.lease import Busy
from actions.prepare_notices import prepare_notices
from actions.reconcile import reconcile
from actions.ways import channels_of
from db.models import Notice
from db.queries.balance import balance
from tests.delivery import a_wave, claim_all, expire, states
from tests.ledger import a_list, customers

REF = "FW-2026-0001"


def recipients(desk: Desk) -> Counter[str]:
    """How often each address was written to; a message to several is an error here."""
    found: Counter[str] = Counter()
    for file in desk.settings.outbox_folder.rglob("*.eml"):
        message = message_from_bytes(file.read_bytes(), policy=policy.default)
        [address] = message["To"].addresses
        assert "Cc" not in message
        assert "Bcc" not in message
        found[address.addr_spec] += 1
    return found


def test_each_message_has_one_recipient_and_each_person_one_message(desk: Desk, tmp_path: Path) -> None:
    _, wave = a_wave(desk, tmp_path, 5)
    deliver(desk, wave.id)
    assert recipients(desk) == {f"customer{one}@example.org": 1 for one in range(5)}
    with desk.reading() as session:
        assert not balance(session, find(session, REF).id).pending


def test_doing_everything_again_tells_nobody_again(desk: Desk, tmp_path: Path) -> None:
    incident, wave = a_wave(desk, tmp_path, 3)
    for _ in range(3):
        deliver(desk, wave.id)
        import_people(desk, incident.id, a_list(tmp_path, customers(3)))
        prepare_notices(desk, incident.id)
    assert set(recipients(desk).values()) == {1}


def test_the_database_refuses_a_second_living_notice_to_one_person(desk: Desk, tmp_path: Path) -> None:
    a_wave(desk, tmp_path, 1)
    with pytest.raises(IntegrityError), desk.writing() as session:
        held = session.scalars(sa.select(Notice)).one()
        columns = {one.key: getattr(held, one.key) for one in Notice.__table__.columns if one.key != "nid"}
        session.execute(sa.insert(Notice).values(**columns | {"state": "drafted"}))


def test_a_send_whose_end_nobody_saw_is_settled_by_evidence_not_repeated_in_hope(desk: Desk, tmp_path: Path) -> None:
    """The sender died with three in flight: they are looked for, found nowhere, and go out once."""
    _, wave = a_wave(desk, tmp_path, 3)
    channels_of(desk.settings, None)["email"].check()
    claim_all(desk, wave, "outbox")
    assert states(desk, wave) == {"sending": 3}
    with pytest.raises(Busy):
        deliver(desk, wave.id)
    assert (states(desk, wave), recipients(desk)) == ({"sending": 3}, Counter())
    expire(desk)
    reconcile(desk)
    assert "sending" not in states(desk, wave)
    for _ in range(2):
        reconcile(desk)
        deliver(desk, wave.id)
    assert recipients(desk) == {f"customer{one}@example.org": 1 for one in range(3)}
