"""Promise 3: a late report carries reasons or is refused, and the database itself refuses one that slipped past the act."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from actions.approve_report import approve_report
from actions.assess import assess
from actions.desk import Desk
from actions.errors import Conflict
from actions.file_report import Filing, file_report
from actions.prepare_reports import prepare_reports
from db.models import Obligation, Report
from tests.builders import an_incident
from tests.conftest import Time

REF = "FW-2026-0001"


@pytest.fixture
def approved(desk: Desk, officer: Desk, time: Time) -> Desk:
    """An incident whose preliminary report waits for filing."""
    an_incident(desk, story__what_happened="A parcel was lost.")
    assess(desk, REF)
    prepare_reports(desk, REF)
    approve_report(officer, REF, 1)
    return desk


@pytest.mark.parametrize(("seconds_after_limit", "late"), [(-1, False), (0, False), (1, True)])
def test_late_begins_after_the_limits_own_second(
    approved: Desk, time: Time, seconds_after_limit: int, late: bool
) -> None:
    with approved.reading() as session:
        limit = session.scalars(sa.select(Obligation.due_at).where(Obligation.duty == "uk-p3-67-1")).one()
    assert limit is not None
    time.now = limit + timedelta(seconds=seconds_after_limit)
    filing = Filing("portal", "IC-1", "page.pdf", b"x")
    if late:
        with pytest.raises(Conflict, match="reasons"):
            file_report(approved, REF, 1, filing)
        return
    assert file_report(approved, REF, 1, filing).late is False


def test_the_database_refuses_late_without_reasons_and_filed_without_proof(approved: Desk) -> None:
    for wrong in (
        sa.update(Obligation).where(Obligation.duty == "uk-p3-67-1").values(late=True, late_reasons=" "),
        sa.update(Report).values(late=True, late_reasons=""),
        sa.update(Report).values(state="filed", filed_at=sa.func.now(), filed_by="x", channel="portal", late=False),
    ):
        with pytest.raises(IntegrityError), approved.writing() as session:
            session.execute(wrong)
