"""Nobody is written to at night where they live, in any zone and over any change of the clocks; never beyond the law's limit."""

from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from actions.desk import Desk
from actions.launch import launch
from actions.reconcile import reconcile
from actions.windows import is_open, opens_at, zones_of
from db.models import Notice, Obligation
from settings.model import Settings
from tests.conftest import MANAGER, Time
from tests.ledger import an_incident_with, approved

HOURS = (time(8), time(20))
MOMENTS = st.integers(0, 3 * 365 * 24 * 60).map(
    lambda minutes: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
LANDS = st.sampled_from(["GB", "FR", "US", "AU", "NZ", "IN", "NP", "CL", "MA", "RU", "XX", ""])
CHANGES = st.sampled_from(
    [datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC), datetime(2026, 11, 1, 7, tzinfo=UTC)]
)
AROUND = st.builds(lambda change, minutes: change + timedelta(minutes=minutes), CHANGES, st.integers(-2880, 2880))


@given(st.one_of(MOMENTS, AROUND), LANDS)
def test_at_the_opening_it_is_day_and_between_now_and_then_it_was_not(at: datetime, country: str) -> None:
    opens = opens_at(HOURS, country, at, "Europe/London")
    assert at <= opens <= at + timedelta(days=2)
    assert is_open(HOURS, country, opens, "Europe/London")
    shared = [one for one in (at + (opens - at) * part / 7 for part in range(7)) if one < opens]
    assert not any(is_open(HOURS, country, one, "Europe/London") for one in shared)


@given(st.one_of(MOMENTS, AROUND), st.sampled_from(["GB", "FR", "US", "AU", "NZ", "IN"]))
def test_while_it_is_open_no_clock_of_the_country_shows_night(at: datetime, country: str) -> None:
    if is_open(HOURS, country, at, "UTC"):
        shown = [at.astimezone(ZoneInfo(name)).time() for name in zones_of(country)]
        assert all(time(8) <= one < time(20) for one in shown)


@pytest.mark.parametrize("window", ["8-20", "20:00-08:00", "08:00-08:00", "25:00-26:00", "08:00"])
def test_a_window_that_cannot_be_is_refused(window: str) -> None:
    with pytest.raises(ValueError, match="two times of one day"):
        Settings(send_window=window)


def launched_at_night(
    desk: Desk, folder: Path, limit: datetime | None = None, urgent: str = ""
) -> dict[str, datetime | None]:
    """Launched at 11:00 in London, which is midnight in Auckland; until when each waits, by country."""
    rows = [{"reference": land, "email": f"{land}@example.org", "country": land} for land in ("GB", "NZ")]
    incident = an_incident_with(desk, folder, rows)
    with desk.writing() as session:
        owed = sa.update(Obligation).where(Obligation.recipient == "individuals", Obligation.state == "open")
        session.execute(owed.values(due_at=limit))
    approved(desk, incident)
    with Desk(
        desk.settings.model_copy(update={"send_window": "08:00-20:00"}), MANAGER, database=desk.database
    ) as awake:
        launch(awake, incident.id, 1, urgent=urgent)
        reconcile(awake)
    with desk.reading() as session:
        return dict(session.execute(sa.select(Notice.country, Notice.wait_until)).tuples().all())


def test_whoever_sleeps_waits_for_their_morning_and_the_others_do_not(desk: Desk, time: Time, tmp_path: Path) -> None:
    waits = launched_at_night(desk, tmp_path)
    assert waits == {"GB": None, "NZ": datetime(2026, 11, 20, 19, 0, tzinfo=UTC)}


def test_a_window_that_would_make_it_late_is_passed_over(desk: Desk, time: Time, tmp_path: Path) -> None:
    limit = time.now + timedelta(hours=5)
    assert launched_at_night(desk, tmp_path, limit) == {"GB": None, "NZ": None}


def test_an_urgent_wave_wakes_people(desk: Desk, time: Time, tmp_path: Path) -> None:
    assert launched_at_night(desk, tmp_path, urgent="The thief rings people already.") == {"GB": None, "NZ": None}
