"""Values as words: days, moments with their zone, spans, lists and numbers."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notices.wording import day_in_words, listed, moment_in_words, moment_twice, numbered, paragraphs, span_in_words

SOME_TIME = datetime(2016, 12, 1, 10, 5, tzinfo=UTC)


def test_a_day_is_written_out() -> None:
    assert day_in_words(date(2016, 12, 1)) == "1 December 2016"


@pytest.mark.parametrize(
    ("at", "zone", "said"),
    [
        (SOME_TIME, "UTC", "Thursday 1 December 2016, 10:05 UTC"),
        (SOME_TIME, "Europe/London", "Thursday 1 December 2016, 10:05 GMT"),
        (datetime(2026, 7, 1, 23, 5, tzinfo=UTC), "Europe/London", "Thursday 2 July 2026, 00:05 BST"),
        (SOME_TIME.astimezone(timezone(timedelta(hours=-5))), "Europe/Berlin", "Thursday 1 December 2016, 11:05 CET"),
        (SOME_TIME, "America/Sao_Paulo", "Thursday 1 December 2016, 08:05 UTC-0200"),
    ],
)
def test_a_moment_is_never_without_its_zone(at: datetime, zone: str, said: str) -> None:
    assert moment_in_words(at, zone) == said


def test_a_moment_without_an_offset_is_refused() -> None:
    with pytest.raises(ValueError, match="without an offset"):
        moment_in_words(datetime(2016, 12, 1))  # noqa: DTZ001 - a time without a zone is what is tried


def test_a_moment_is_said_once_where_both_clocks_agree() -> None:
    assert moment_twice(SOME_TIME, "UTC") == "Thursday 1 December 2016, 10:05 UTC"
    assert moment_twice(SOME_TIME, "Europe/London") == "Thursday 1 December 2016, 10:05 GMT (the same as UTC)"
    assert moment_twice(SOME_TIME, "Europe/Paris").endswith("11:05 CET (Thursday 1 December 2016, 10:05 UTC)")


@pytest.mark.parametrize(
    ("span", "said"),
    [
        (timedelta(seconds=59), "less than a minute"),
        (timedelta(minutes=1), "1 minute"),
        (timedelta(hours=18), "18 hours"),
        (timedelta(hours=1, minutes=5, seconds=59), "1 hour 5 minutes"),
        (timedelta(days=2, hours=3, minutes=59), "2 days 3 hours"),
        (timedelta(days=-1), "1 day"),
    ],
)
def test_a_span_is_said_in_its_two_largest_units(span: timedelta, said: str) -> None:
    assert span_in_words(span) == said


@given(st.timedeltas(timedelta(minutes=1), timedelta(days=500)))
def test_a_span_is_never_said_longer_than_it_is(span: timedelta) -> None:
    minutes = {"day": 1440, "hour": 60, "minute": 1}
    parts = span_in_words(span).split()
    said = sum(
        int(count.replace(",", "")) * minutes[unit.rstrip("s")]
        for count, unit in zip(parts[::2], parts[1::2], strict=True)
    )
    assert timedelta(minutes=said) <= span


def test_lists_and_numbers_read_as_they_are_spoken() -> None:
    assert [listed(()), listed(("a",)), listed(("a", "b")), listed(("a", "b", "c"))] == [
        "",
        "a",
        "a and b",
        "a, b and c",
    ]
    assert [numbered(1, "answer"), numbered(0, "answer"), numbered(12345, "person", "people")] == [
        "1 answer",
        "0 answers",
        "12,345 people",
    ]


def test_blank_lines_part_paragraphs() -> None:
    assert paragraphs(" one\ntwo\n\n \t\n\nthree\r\n\r\nfour\n") == ("one two", "three", "four")
