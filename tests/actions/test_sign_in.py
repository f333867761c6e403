"""Signing in: one answer for every wrong try, waits that grow, and sessions that end when they must."""

import hashlib
import sqlite3
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.profiles import RFC_9106_LOW_MEMORY

from actions import passwords
from actions.desk import Desk
from actions.disable_account import disable_account
from actions.errors import NotSignedIn
from actions.set_password import set_password
from actions.sign_in import OVER, WRONG, confirm_second_factor, revoke_sessions, sign_in, sign_out, viewer_of
from db.models import Account, JournalEntry, SignInTry, WebSession
from tests.accounts import ADA, ELSEWHERE, HOME, PASSWORD, a_phone, a_token, a_viewer, an_account, code_of, guess, seen
from tests.conftest import Time


def test_whoever_knows_the_password_is_signed_in_however_the_name_is_typed(desk: Desk, time: Time) -> None:
    an_account(desk, ADA, "responder", "auditor")
    viewer = seen(desk, sign_in(desk, f" {ADA.upper()} ", PASSWORD, HOME).token)
    assert (viewer.name, viewer.roles, viewer.signed_in) == (ADA, {"responder", "auditor"}, True)
    assert not viewer.must_set_second_factor


def test_every_wrong_try_gets_the_same_answer(desk: Desk, time: Time) -> None:
    account = an_account(desk)
    wrong_password, wrong_name = guess(desk), guess(desk, "nobody@example.org")
    with desk.writing() as session:
        session.get_one(Account, account.id).disabled_at = time.now
    with pytest.raises(NotSignedIn) as disabled:
        sign_in(desk, ADA, PASSWORD, HOME)
    assert str(wrong_password) == str(wrong_name) == str(disabled.value) == WRONG


@pytest.mark.parametrize("odd", ["", "\0", "a\0da", "\udcff", "é" * 100_000, "' OR 1=1 --", "%", "\u202eada"])
def test_whatever_is_typed_gets_that_answer(desk: Desk, time: Time, odd: str) -> None:
    an_account(desk)
    for name, password in ((odd, PASSWORD), (ADA, odd), (odd, odd)):
        with pytest.raises(NotSignedIn, match=WRONG):
            sign_in(desk, name, password, odd)


@pytest.mark.parametrize(
    "change", [disable_account, lambda desk, name: set_password(desk, name, "another good sentence")]
)
def test_what_changes_while_the_password_is_compared_counts(
    desk: Desk, time: Time, monkeypatch: pytest.MonkeyPatch, change: Callable[[Desk, str], object]
) -> None:
    an_account(desk)
    compare = passwords.matches

    def slowly(kept: str | None, password: str) -> bool:
        monkeypatch.setattr(passwords, "matches", compare)
        change(desk, ADA)
        return compare(kept, password)

    monkeypatch.setattr(passwords, "matches", slowly)
    with pytest.raises(NotSignedIn, match=WRONG):
        sign_in(desk, ADA, PASSWORD, HOME)


def test_every_wrong_try_costs_the_same_work(desk: Desk, time: Time, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted, not timed: one derivation of a key, with the same parameters, whether the name is there or not."""
    an_account(desk)
    derived: list[str] = []

    class Counting(PasswordHasher):
        def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
            derived.append("one")
            return super().hash(password, salt=salt)

        def verify(self, hash: str | bytes, password: str | bytes) -> bool:
            derived.append("one")
            return super().verify(hash, password)

    monkeypatch.setattr(passwords, "hasher", Counting(time_cost=1, memory_cost=8, parallelism=1))
    for name in (ADA, "nobody@example.org"):
        derived.clear()
        guess(desk, name)
        assert len(derived) == 1, name


def test_passwords_are_kept_with_the_work_that_the_standard_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    found = passwords.hasher
    expected = RFC_9106_LOW_MEMORY
    assert (found.time_cost, found.memory_cost, found.parallelism, found.type) == (
        expected.time_cost,
        expected.memory_cost,
        expected.parallelism,
        expected.type,
    )


def test_a_password_that_was_hashed_with_less_care_is_hashed_anew(
    desk: Desk, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = an_account(desk)
    monkeypatch.setattr(passwords, "hasher", PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))
    a_token(desk)
    with desk.reading() as session:
        kept = session.get_one(Account, account.id).password_hash
    assert "m=16,t=2" in kept
    assert seen(desk, a_token(desk))


def test_neither_token_nor_password_nor_name_nor_address_is_kept(desk: Desk, time: Time) -> None:
    an_account(desk)
    token = a_token(desk, ADA, HOME)
    guess(desk, "nobody@example.org", ELSEWHERE)
    with desk.reading() as session:
        [row] = session.scalars(sa.select(WebSession))
        tries = session.scalars(sa.select(SignInTry)).all()
        journal = "".join(session.scalars(sa.select(JournalEntry.body)))
    assert row.token_hash == hashlib.sha256(token.encode()).digest()
    for secret in (token, PASSWORD, "an idle guess", row.csrf, HOME, ELSEWHERE, "nobody@example.org"):
        assert secret not in journal
        for one in tries:
            assert secret.encode() not in one.name_hash + one.address_hash
            assert hashlib.sha256(secret.encode()).digest() not in (one.name_hash, one.address_hash)


def test_a_token_that_was_made_up_is_nobodys(desk: Desk, time: Time) -> None:
    a_viewer(desk)
    for token in ("", "x", "\udcff", "é" * 5000):
        assert viewer_of(desk, token) is None


def test_signing_out_ends_this_session_and_no_other(desk: Desk, time: Time) -> None:
    an_account(desk)
    here, there = a_token(desk), a_token(desk)
    sign_out(desk, here)
    sign_out(desk, here)
    assert viewer_of(desk, here) is None
    assert viewer_of(desk, there)


def test_revoking_ends_every_session_at_once(desk: Desk, time: Time) -> None:
    an_account(desk)
    tokens = [a_token(desk) for _ in range(3)]
    assert revoke_sessions(desk, ADA) == 3
    assert [viewer_of(desk, token) for token in tokens] == [None] * 3
    assert revoke_sessions(desk, ADA) == 0


def test_a_session_ends_when_nobody_used_it_for_long(desk: Desk, time: Time) -> None:
    an_account(desk)
    token, idle = a_token(desk), timedelta(minutes=desk.settings.session_idle_minutes)
    for _ in range(3):
        time.now += idle - timedelta(seconds=1)
        assert viewer_of(desk, token)
    time.now += idle
    assert viewer_of(desk, token) is None


def test_a_session_ends_after_so_many_hours_however_busy(desk: Desk, time: Time) -> None:
    an_account(desk)
    token, began = a_token(desk), time.now
    while viewer_of(desk, token):
        time.move(minutes=30)
    assert time.now - began == timedelta(hours=desk.settings.session_hours)


def test_looking_writes_at_most_once_a_minute(desk: Desk, time: Time) -> None:
    an_account(desk)
    token, began = a_token(desk), time.now
    moments = []
    for _ in range(5):
        time.move(seconds=25)
        viewer_of(desk, token)
        with desk.reading() as session:
            moments.append((session.scalars(sa.select(WebSession.seen_at)).one() - began).total_seconds())
    assert moments == [0, 0, 75, 75, 75]


def test_a_disabled_account_is_nobody_even_where_its_session_was_left_standing(desk: Desk, time: Time) -> None:
    account = an_account(desk)
    token = a_token(desk)
    with desk.writing() as session:
        session.get_one(Account, account.id).disabled_at = time.now
    assert viewer_of(desk, token) is None


def test_nobody_waits_for_a_page_while_somebody_else_writes(desk: Desk, time: Time) -> None:
    an_account(desk)
    token = a_token(desk)
    time.move(minutes=30)
    with desk.writing() as session:
        session.execute(sa.delete(WebSession).where(sa.false()))
        assert viewer_of(desk, token)
    time.move(minutes=29)
    assert viewer_of(desk, token)
    time.move(minutes=59)
    assert viewer_of(desk, token), "what was left out then was made up for at the next look"


def test_who_must_have_a_second_factor_is_told_so(desk: Desk, time: Time) -> None:
    for role in ("reporter", "responder", "manager", "approver", "auditor", "administrator"):
        viewer = a_viewer(desk, f"{role}@example.org", role)
        assert viewer.signed_in
        assert viewer.must_set_second_factor == (role in ("manager", "approver", "administrator"))


def test_until_the_second_factor_is_set_a_second_browser_ends_the_first(desk: Desk, time: Time) -> None:
    an_account(desk, ADA, "manager")
    first, second = a_token(desk), a_token(desk)
    assert viewer_of(desk, first) is None
    assert viewer_of(desk, second)


def test_the_password_alone_opens_nothing_once_there_is_a_second_factor(desk: Desk, time: Time) -> None:
    phone = a_phone(desk, a_viewer(desk))
    time.move(minutes=1)
    answer = sign_in(desk, ADA, PASSWORD, HOME)
    assert answer.needs_second_factor
    assert not seen(desk, answer.token).signed_in
    new = confirm_second_factor(desk, answer.token, code_of(phone))
    time.move(minutes=30)
    assert seen(desk, new).signed_in, "the ten minutes were for the code, not for what came after it"
    assert viewer_of(desk, answer.token) is None, "the token from before the code is worth nothing"


def test_the_code_is_asked_for_ten_minutes_only(desk: Desk, time: Time) -> None:
    phone = a_phone(desk, a_viewer(desk))
    token = sign_in(desk, ADA, PASSWORD, HOME).token
    time.move(minutes=10)
    with pytest.raises(NotSignedIn, match=OVER):
        confirm_second_factor(desk, token, code_of(phone))


def test_who_someone_is_takes_one_question_by_index(desk: Desk, time: Time) -> None:
    an_account(desk, ADA, "responder", "auditor")
    token = a_token(desk)
    asked: list[str] = []
    sa.event.listen(desk.database.engine, "before_cursor_execute", lambda *a: asked.append(a[2]))
    viewer_of(desk, token)
    [question] = [one for one in asked if one.startswith("SELECT")]
    if desk.database.is_sqlite:
        with sqlite3.connect(desk.database.url.database or "") as raw:
            plan = " ".join(str(row) for row in raw.execute(f"EXPLAIN QUERY PLAN {question}", (b"x",)))
        assert "SCAN" not in plan, plan
