"""Waits that grow with wrong tries, for a name and for an address, and that keep nobody out for good."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from actions.desk import Desk
from actions.errors import NotSignedIn, TooManyTries
from actions.sign_in import confirm_second_factor, sign_in
from actions.throttle import FREE_BY_ADDRESS, FREE_BY_NAME, KEPT, LONGEST_WAIT, wait_after
from db.models import SignInTry
from tests.accounts import ADA, ELSEWHERE, HOME, PASSWORD, a_phone, a_token, a_viewer, an_account, code_of, guess, seen
from tests.conftest import Time


def guesses(desk: Desk, number: int, name: str = ADA, address: str = ELSEWHERE) -> None:
    for _ in range(number):
        assert not isinstance(guess(desk, name, address), TooManyTries)


def test_after_a_few_wrong_tries_the_next_one_waits(desk: Desk, time: Time) -> None:
    an_account(desk)
    guesses(desk, FREE_BY_NAME)
    refused = guess(desk)
    assert isinstance(refused, TooManyTries)
    assert "Try again in 15 seconds" in str(refused)
    with pytest.raises(TooManyTries):
        sign_in(desk, ADA, PASSWORD, ELSEWHERE)
    time.now = refused.until
    assert seen(desk, a_token(desk, ADA, ELSEWHERE))


def test_a_name_that_nobody_bears_waits_as_well(desk: Desk, time: Time) -> None:
    an_account(desk)
    guesses(desk, FREE_BY_NAME)
    guesses(desk, FREE_BY_NAME, "nobody@example.org")
    assert str(guess(desk)) == str(guess(desk, "nobody@example.org"))


def test_asking_during_the_wait_does_not_make_it_longer(desk: Desk, time: Time) -> None:
    an_account(desk)
    guesses(desk, FREE_BY_NAME)
    until = [refused.until for _ in range(5) if isinstance(refused := guess(desk), TooManyTries)]
    assert len(until) == 5
    assert len(set(until)) == 1


def test_an_address_that_tries_many_names_waits(desk: Desk, time: Time) -> None:
    for number in range(FREE_BY_ADDRESS):
        guesses(desk, 1, f"name{number}@example.org")
    assert isinstance(guess(desk, "one.more@example.org"), TooManyTries)
    assert not isinstance(guess(desk, "one.more@example.org", HOME), TooManyTries)


def test_addresses_of_one_ipv6_network_count_as_one(desk: Desk, time: Time) -> None:
    for number in range(FREE_BY_ADDRESS):
        guesses(desk, 1, f"name{number}@example.org", f"2001:db8::{number + 1:x}")
    assert isinstance(guess(desk, "one.more@example.org", "2001:db8::ffff"), TooManyTries)
    assert not isinstance(guess(desk, "one.more@example.org", "2001:db8:1::1"), TooManyTries)


def test_a_stranger_who_guesses_keeps_nobody_out_of_their_own_office(desk: Desk, time: Time) -> None:
    an_account(desk)
    a_token(desk, ADA, HOME)
    guesses(desk, FREE_BY_NAME)
    assert isinstance(guess(desk), TooManyTries)
    assert seen(desk, a_token(desk, ADA, HOME))


def test_a_right_try_ends_the_counting(desk: Desk, time: Time) -> None:
    an_account(desk)
    for _ in range(3):
        guesses(desk, FREE_BY_NAME - 1, ADA, HOME)
        time.move(seconds=1)
        assert seen(desk, a_token(desk, ADA, HOME))
        time.move(seconds=1)


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_a_wait_never_shrinks_with_more_wrong_tries_and_never_shuts_out(wrong: int, more: int) -> None:
    assert timedelta(0) <= wait_after(wrong, FREE_BY_NAME) <= wait_after(wrong + more, FREE_BY_NAME) <= LONGEST_WAIT


def test_tries_are_forgotten_after_a_day(desk: Desk, time: Time) -> None:
    an_account(desk)
    guesses(desk, FREE_BY_NAME)
    time.now += KEPT + timedelta(seconds=1)
    guess(desk, "nobody@example.org")
    with desk.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(SignInTry)) == 1


def test_codes_cannot_be_guessed_by_signing_in_again_and_again(desk: Desk, time: Time) -> None:
    phone = a_phone(desk, a_viewer(desk))
    time.move(minutes=1)
    wrong = "000000" if code_of(phone) != "000000" else "111111"
    answers = []
    for _ in range(FREE_BY_NAME + 1):
        token = sign_in(desk, ADA, PASSWORD, HOME).token
        with pytest.raises(NotSignedIn) as refused:
            confirm_second_factor(desk, token, wrong)
        answers.append(isinstance(refused.value, TooManyTries))
    assert answers == [False] * FREE_BY_NAME + [True]
