"""Which days are worked where: weekends and holidays of the country itself."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from rulebook import calendars
from rulebook.counting import COUNTING, Span


def test_the_weekend_is_that_of_the_country() -> None:
    wednesday, zone = datetime(2026, 11, 25, 9, tzinfo=UTC), ZoneInfo("Africa/Cairo")
    egypt, elsewhere = (COUNTING["business_days"].count(Span(wednesday, 2, zone, land)).due_on for land in ("EG", "KZ"))
    assert (str(egypt), str(elsewhere)) == ("2026-11-29", "2026-11-27"), "Friday and Saturday; Saturday and Sunday"


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_holiday_whose_day_is_only_estimated_moves_no_limit(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", language)
    calendars._holidays.cache_clear()
    assert calendars.is_worked(date(2026, 8, 25), "EG"), "the Prophet's birthday, as reckoned beforehand"
    assert not calendars.is_worked(date(2026, 7, 23), "EG")
