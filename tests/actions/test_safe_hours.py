"""Safe days and hours: read, written in one way, asked about a moment, and never answered with a moment outside of them."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.safe_hours import Window, hours_in_words, is_safe_hour, next_safe_hour, read_hours

ZONE = "Europe/London"
times = st.times(time(0, 0), time(23, 58)).map(lambda one: one.replace(second=0, microsecond=0))
windows = st.lists(
    st.builds(
        lambda days, begin, minutes: Window(tuple(sorted(days)), begin, _later(begin, minutes)),
        st.sets(st.integers(0, 6), min_size=1),
        times,
        st.integers(1, 600),
    ),
    min_size=1,
    max_size=3,
).map(tuple)
START = datetime(2026, 1, 1, tzinfo=UTC)
moments = st.integers(0, 365 * 24 * 60).map(lambda minutes: START + timedelta(minutes=minutes))


def _later(begin: time, minutes: int) -> time:
    end = begin.hour * 60 + begin.minute + minutes
    return time(23, 59) if end >= 24 * 60 else time(end // 60, end % 60)


@given(windows)
def test_what_is_written_is_read_back(some: tuple[Window, ...]) -> None:
    assert read_hours(hours_in_words(some)) == some


@given(windows, moments)
def test_the_next_safe_hour_is_safe_and_none_is_before_it(some: tuple[Window, ...], after: datetime) -> None:
    found = next_safe_hour(some, after, ZONE)
    assert found is not None and found >= after and is_safe_hour(some, found, ZONE)
    between = [after + (found - after) * part / 7 for part in range(7)]
    assert found == after or not any(is_safe_hour(some, one, ZONE) for one in between)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Mon-Fri 9:00-12:00", "Mon,Tue,Wed,Thu,Fri 09:00-12:00"),
        ("every day 10:00-19:00", "every day 10:00-19:00"),
        ("Saturday 10:00 to 11:30; mon, wed 08:00–09:00", "Sat 10:00-11:30; Mon,Wed 08:00-09:00"),
        ("Fri-Mon 10:00-11:00", "Mon,Fri,Sat,Sun 10:00-11:00"),
        ("", ""),
    ],
)
def test_hours_are_kept_in_one_form(said: str, kept: str) -> None:
    assert hours_in_words(read_hours(said)) == kept


@pytest.mark.parametrize(
    "said", ["mornings", "Mon", "09:00-12:00", "Mon 12:00-09:00", "Mon 25:00-26:00", "xyz 9:00-10:00"]
)
def test_what_cannot_be_read_is_refused(said: str) -> None:
    with pytest.raises(ValueError):
        read_hours(said)


def test_hours_are_those_of_the_clock_there_in_summer_and_winter() -> None:
    [window] = read_hours("every day 09:00-10:00")
    assert is_safe_hour((window,), datetime(2026, 7, 1, 8, 30, tzinfo=UTC), ZONE)
    assert not is_safe_hour((window,), datetime(2026, 12, 1, 8, 30, tzinfo=UTC), ZONE)


def test_without_hours_any_is_safe_and_none_is_the_next() -> None:
    now = datetime(2026, 12, 1, tzinfo=UTC)
    assert is_safe_hour((), now, ZONE)
    assert next_safe_hour((), now + timedelta(days=1), ZONE) is None
