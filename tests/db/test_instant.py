"""Moments keep their instant on both databases, whatever zone they are told in; a naive one is refused."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given
from hypothesis import settings as how
from hypothesis import strategies as st
from sqlalchemy.dialects import postgresql, sqlite

from db.session import Database
from db.types import Instant

ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
MOMENTS = st.datetimes(datetime(1990, 1, 2), datetime(2090, 1, 1), timezones=ZONES)  # noqa: DTZ001 - bounds; the zone is drawn


@how(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None)
@given(moment=MOMENTS)
def test_a_moment_comes_back_as_the_same_instant_in_utc(database_url: str, moment: datetime) -> None:
    database = Database(database_url)
    table = sa.Table("moments", sa.MetaData(), sa.Column("at", Instant()), prefixes=["TEMPORARY"])
    with database.engine.connect() as connection:
        table.create(connection)
        connection.execute(table.insert().values(at=moment))
        back = connection.scalar(sa.select(table.c.at))
        connection.rollback()
    database.close()
    assert back == moment
    assert back is not None and back.utcoffset() == timedelta(0)


@pytest.mark.parametrize("dialect", [sqlite.dialect(), postgresql.dialect()])
def test_a_time_without_an_offset_never_reaches_the_database(dialect: sa.Dialect) -> None:
    with pytest.raises(ValueError, match="without an offset"):
        Instant().process_bind_param(datetime(2026, 12, 1, 10), dialect)  # noqa: DTZ001 - what is refused here


@given(MOMENTS, MOMENTS)
def test_stored_moments_sort_as_they_happened(one: datetime, other: datetime) -> None:
    stored = [Instant().process_bind_param(moment, sqlite.dialect()) for moment in (one, other)]
    assert (stored[0] < stored[1]) == (one.astimezone(UTC) < other.astimezone(UTC))  # type: ignore[operator]  # never None here
