"""Errors that travel between processes and into records say the same at the other end, and nothing personal."""

from __future__ import annotations

import pickle
from datetime import datetime

import pytest

from channels.outcome import ChannelError, Halt, Refused, TryAgain, Unknown
from tests.channels.envelopes import MARKS, an_envelope

ERRORS = [
    TryAgain("later", "429", retry_after=3.0),
    TryAgain("the disk is full", stops_run=True),
    Refused("no such door", "550 5.1.1"),
    Unknown("who knows", "302", stops_run=True),
    Halt("no key"),
]


@pytest.mark.parametrize("error", ERRORS, ids=repr)
def test_an_error_comes_out_of_a_pickle_as_it_went_in(error: ChannelError) -> None:
    found = pickle.loads(pickle.dumps(error))
    assert type(found) is type(error)
    assert vars(found) == vars(error)
    assert str(found) == str(error)


def test_only_a_halt_stops_the_run_unless_the_error_says_so() -> None:
    assert [error.stops_run for error in ERRORS] == [False, True, False, True, True]
    assert not Unknown("who knows").stops_run


def test_an_envelope_shows_its_id_and_nothing_else() -> None:
    envelope = an_envelope()
    shown = f"{envelope} {envelope!r} {[envelope]} {pickle.loads(pickle.dumps(envelope))!r}"
    assert str(envelope.nid) in shown
    assert not [mark for mark in MARKS if mark in shown]


def test_a_date_without_an_offset_is_refused() -> None:
    with pytest.raises(ValueError, match="dated_at needs an offset"):
        an_envelope(dated_at=datetime(2026, 11, 21, 9, 30))  # noqa: DTZ001 - the point of the test
