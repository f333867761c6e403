"""The table from what a channel says to what becomes of the notice."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.outcomes import MOST_TRIES, outcome_of
from channels.outcome import Accepted, ChannelError, Halt, Refused, TryAgain, Unknown

answers: st.SearchStrategy[Accepted | ChannelError] = st.one_of(
    st.builds(Accepted, st.none() | st.just("ref"), st.just("taken"), st.none() | st.floats(0, 5)),
    st.builds(
        TryAgain, st.just("no"), st.sampled_from([None, "429", "451"]), st.none() | st.floats(1, 900), st.booleans()
    ),
    st.builds(Refused, st.just("no"), st.just("400")),
    st.builds(Unknown, st.just("?"), st.none(), st.booleans()),
    st.builds(Halt, st.just("no"), st.just("401")),
)


@given(answers, st.integers(1, 50), st.booleans())
def test_only_what_surely_did_not_leave_goes_again(
    answer: Accepted | ChannelError, tries: int, may_go_again: bool
) -> None:
    outcome = outcome_of(answer, tries, may_go_again=may_go_again)
    if outcome.notice == "queued":
        assert may_go_again and isinstance(answer, TryAgain | Halt)
    if isinstance(answer, Unknown):
        assert outcome.notice == outcome.attempt == "unknown"
    if isinstance(answer, Accepted):
        assert outcome.notice == outcome.attempt == "accepted"
    if isinstance(answer, Refused):
        assert outcome.notice == outcome.attempt == "rejected"


@given(st.integers(1, 10_000))
def test_being_asked_to_slow_down_is_never_an_attempt_that_counts(tries: int) -> None:
    assert outcome_of(TryAgain("tired", "429"), tries, may_go_again=True).notice == "queued"


def test_an_address_that_never_takes_anything_is_given_to_a_person_in_the_end() -> None:
    notices = [
        outcome_of(TryAgain("grey", "451"), tries, may_go_again=True).notice for tries in range(1, MOST_TRIES + 1)
    ]
    assert notices == ["queued"] * (MOST_TRIES - 1) + ["rejected"]


def test_each_wait_is_longer_than_the_last() -> None:
    waits = [outcome_of(TryAgain("grey", "451"), tries, may_go_again=True).again_in for tries in range(1, MOST_TRIES)]
    assert all(before and after and before < after for before, after in pairwise(waits))


@pytest.mark.parametrize("answer", [Halt("no key", "401"), Unknown("redirected", "302", stops_run=True)])
def test_what_would_meet_every_other_notice_too_waits_for_a_person(answer: ChannelError) -> None:
    outcome = outcome_of(answer, 1, may_go_again=True)
    assert outcome.stops_run and outcome.needs_person
