"""What somebody says is kept once, sealed, told to those who must know, and can be followed by a receipt."""

from datetime import timedelta
from email import message_from_bytes, policy

import pytest
import sqlalchemy as sa

from actions.check_deadlines import check_deadlines
from actions.desk import Desk
from actions.errors import Conflict, NotSignedIn, TooManyTries
from actions.read_intake import open_intake
from actions.receive import LONGEST, Received, follow
from actions.throttle import FREE_BY_ADDRESS
from db.models import Alert, Intake
from db.queries.journal import entries, verify_all
from db.types import Table
from db.vault import VaultError
from tests.accounts import ADA, an_account
from tests.conftest import MANAGER, OFFICER, Time
from tests.intakes import HERE, LOST, NOTICED, THERE, kept, told

MARKS = ("Zyxwvut", b"Zyxwvut".hex(), "Exampletown", "Noname", "900123")


def count(desk: Desk, table: type[Table]) -> int:
    with desk.reading() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def test_what_was_said_is_kept_with_both_its_times(desk: Desk, time: Time) -> None:
    receipt = told(desk)
    held = kept(desk)
    assert (receipt.reference, held.noticed_at, held.received_at) == ("IN-2026-0001", NOTICED, time.now)
    assert held.state == "new"
    with desk.reading() as session:
        assert open_intake(desk, session, held).what == LOST
        assert all(verdict.sound for verdict in verify_all(session))
    assert told(desk, "Another thing").reference == "IN-2026-0002"


def test_nothing_of_it_can_be_read_without_the_master_key(desk: Desk, time: Time) -> None:
    told(desk, teller="Noname Sample", reach="07700 900123")
    check_deadlines(desk)
    with desk.database.engine.connect() as connection:
        cells = [
            (table.name, value.hex() if isinstance(value, bytes) else str(value))
            for table in Table.metadata.tables.values()
            for row in connection.execute(sa.select(table))
            for value in row
        ]
    assert [(name, text) for name, text in cells if any(mark in text for mark in MARKS)] == []
    letters = [path.read_text("utf-8") for path in desk.settings.outbox_folder.rglob("*.eml")]
    assert letters and not [text for text in letters if any(mark in text for mark in MARKS)]


def test_sealed_words_cannot_be_moved_to_another_row(desk: Desk, time: Time) -> None:
    told(desk)
    told(desk, "Another thing")
    one, other = kept(desk), kept(desk, "IN-2026-0002")
    one.said = other.said
    with desk.reading() as session, pytest.raises(VaultError):
        open_intake(desk, session, one)


def test_who_is_named_is_known_and_who_is_not_stays_unknown(desk: Desk, time: Time) -> None:
    ada = an_account(desk)
    told(desk, "One", teller_id=ada.id, teller="typed beside it")
    told(desk, "Two", teller="Someone Sample", reach="020 7946 0123")
    told(desk, "Three")
    with desk.reading() as session:
        by = [open_intake(desk, session, kept(desk, f"IN-2026-000{number}")) for number in (1, 2, 3)]
        said = [body for _, _, _, body in entries(session, "house") if body["act"] == "receive"]
    assert [(one.teller, one.reach) for one in by] == [
        (f"{ADA} ({ADA})", ""),
        ("Someone Sample", "020 7946 0123"),
        ("", ""),
    ]
    assert {body["actor"] for body in said} == {"dashboard"}
    assert ADA not in str(said)


def test_managers_and_the_officer_are_told_at_the_next_look_of_the_watch(desk: Desk, time: Time) -> None:
    an_account(desk, "second-manager@example.org", "manager")
    told(desk)
    check_deadlines(desk)
    check_deadlines(desk)
    letters = [
        message_from_bytes(path.read_bytes(), policy=policy.default)
        for path in (desk.settings.outbox_folder / "email").glob("*.eml")
    ]
    assert sorted(letter["to"] for letter in letters) == sorted((MANAGER, OFFICER, "second-manager@example.org"))
    assert all("IN-2026-0001" in letter["subject"] for letter in letters)
    assert "forthwith intake show IN-2026-0001" in letters[0].get_content()


@pytest.mark.parametrize("what", ["", "  \n ", "x" * (LONGEST + 1)])
def test_nothing_said_and_too_much_said_are_refused(desk: Desk, time: Time, what: str) -> None:
    with pytest.raises(Conflict):
        told(desk, what)
    assert count(desk, Intake) == count(desk, Alert) == 0


def test_what_will_be_noticed_tomorrow_is_refused(desk: Desk, time: Time) -> None:
    with pytest.raises(Conflict, match="future"):
        told(desk, noticed_at=time.now + timedelta(minutes=1))
    assert count(desk, Intake) == 0


def test_a_form_sent_twice_is_kept_once_and_one_that_was_changed_is_kept_too(desk: Desk, time: Time) -> None:
    first = told(desk, once="form-1")
    time.move(minutes=1)
    assert told(desk, once="form-1") == first
    assert told(desk, f"{LOST} And it was not locked.", once="form-1").reference == "IN-2026-0002"
    assert told(desk, once="form-2").reference == "IN-2026-0003"
    assert (count(desk, Intake), told(desk).reference) == (3, "IN-2026-0004")


def test_one_address_that_tells_without_end_has_to_wait_and_others_do_not(desk: Desk, time: Time) -> None:
    for number in range(FREE_BY_ADDRESS):
        told(desk, f"Thing {number}")
    with pytest.raises(TooManyTries, match="send it again in 15 seconds") as refused:
        told(desk, "One more")
    assert count(desk, Intake) == FREE_BY_ADDRESS
    told(desk, "From elsewhere", THERE)
    time.now = refused.value.until
    told(desk, "One more")


def test_a_receipt_leads_to_what_became_of_it(desk: Desk, time: Time) -> None:
    receipt = told(desk)
    assert follow(desk, receipt.reference.lower(), receipt.code.lower().replace("-", " "), HERE).state == "new"
    assert repr(receipt) == "Received(reference='IN-2026-0001')"


def test_a_guessed_code_leads_nowhere_and_is_slowed_down(desk: Desk, time: Time) -> None:
    receipt, other = told(desk), told(desk, "Another thing")
    wrong = [
        Received(receipt.reference, other.code),
        Received("IN-2026-0009", receipt.code),
        Received(receipt.reference, ""),
    ]
    sentences = set()
    for one in wrong:
        with pytest.raises(NotSignedIn) as refused:
            follow(desk, one.reference, one.code, HERE)
        sentences.add(str(refused.value))
    assert len(sentences) == 1
    answers = []
    for number in range(FREE_BY_ADDRESS):
        with pytest.raises(NotSignedIn) as refused:
            follow(desk, f"IN-2025-{number:04d}", "A" * 20, HERE)
        answers.append(refused.type)
    assert answers == [NotSignedIn] * (FREE_BY_ADDRESS - 3) + [TooManyTries] * 3
    assert follow(desk, receipt.reference, receipt.code, THERE).reference == receipt.reference


@pytest.mark.parametrize("odd", ["\x00", "\ud800", "IN-2026-0001\x00", "ẞ" * 500])
def test_odd_signs_are_no_receipt(desk: Desk, time: Time, odd: str) -> None:
    told(desk)
    with pytest.raises(NotSignedIn):
        follow(desk, odd, "A" * 20, HERE)
    with pytest.raises(NotSignedIn):
        follow(desk, "IN-2026-0001", odd, HERE)
