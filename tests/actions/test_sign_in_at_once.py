"""Tries that are made at the same moment, each on a desk of its own, count as if one had come after the other."""

import threading
from collections.abc import Callable

import pyotp

from actions.desk import Desk
from actions.errors import Conflict, NotSignedIn, TooManyTries
from actions.second_factor import begin_second_factor, finish_second_factor
from actions.sign_in import confirm_second_factor, sign_in
from actions.throttle import FREE_BY_NAME
from settings.model import Settings
from tests.accounts import ADA, ELSEWHERE, a_phone, a_token, a_viewer, an_account, code_of, seen
from tests.conftest import Time

CROWD = 10


def at_once(settings: Settings, acts: list[Callable[[Desk], object]]) -> list[object]:
    """What each act answered, or how it was refused."""
    start, answers = threading.Barrier(len(acts)), list[object]()

    def one(act: Callable[[Desk], object]) -> None:
        with Desk(settings, "dashboard") as desk:
            start.wait()
            try:
                answers.append(act(desk))
            except Conflict as refused:
                answers.append(refused)

    threads = [threading.Thread(target=one, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == len(acts), "an act ended in something that is no answer"
    return answers


def test_guessing_with_many_hands_gives_no_more_guesses(desk: Desk, settings: Settings, time: Time) -> None:
    an_account(desk)
    answers = at_once(settings, [lambda own: sign_in(own, ADA, "an idle guess", ELSEWHERE)] * CROWD)
    waits = [one for one in answers if isinstance(one, TooManyTries)]
    assert all(isinstance(one, NotSignedIn) for one in answers)
    assert len(waits) == CROWD - FREE_BY_NAME


def test_one_code_opens_one_session(desk: Desk, settings: Settings, time: Time) -> None:
    phone = a_phone(desk, a_viewer(desk))
    time.move(minutes=1)
    code, tokens = code_of(phone), [a_token(desk) for _ in range(4)]

    def confirming(token: str) -> Callable[[Desk], object]:
        return lambda own: confirm_second_factor(own, token, code)

    answers = at_once(settings, [confirming(token) for token in tokens])
    [opened] = [one for one in answers if isinstance(one, str)]
    assert seen(desk, opened).signed_in


def test_a_second_factor_is_set_up_once(desk: Desk, settings: Settings, time: Time) -> None:
    viewer = a_viewer(desk)
    secret, _ = begin_second_factor(desk, viewer.account_id)
    code = code_of(pyotp.TOTP(secret))
    answers = at_once(settings, [lambda own: finish_second_factor(own, viewer.account_id, code, viewer.session_id)] * 3)
    assert [one for one in answers if not isinstance(one, Conflict)] == [None]
