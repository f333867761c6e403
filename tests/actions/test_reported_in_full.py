"""What one authority was told in full satisfies no other authority's duty."""

import pytest
import sqlalchemy as sa

from actions.append_facts import Known
from actions.approve_report import approve_report
from actions.assess import assess
from actions.desk import Desk
from actions.errors import Conflict
from actions.file_report import Filing, file_report
from actions.prepare_reports import prepare_reports
from actions.record_facts import record_facts
from db.models import Obligation, Report
from tests.builders import an_incident
from tests.conftest import Time

REF = "FW-2026-0001"


@pytest.fixture
def two_countries(desk: Desk, time: Time) -> Desk:
    """A controller established in Britain and in France, with customers in both."""
    changes = {"people__GB": 15, "people__FR": 20, "organisation__establishments": ["GB", "FR"]}
    an_incident(desk, organisation__roles=["controller"], purposes=None, kinds=["customer"], data=["name"], **changes)
    assess(desk, REF)
    prepare_reports(desk, REF)
    return desk


def answer(desk: Desk, duty: str) -> Obligation:
    with desk.reading() as session:
        return session.scalars(sa.select(Obligation).where(Obligation.duty == duty)).one()


def filed(desk: Desk, officer: Desk, duty: str, *, complete: bool) -> None:
    """File the report for this duty, lacking something or nothing."""
    with desk.writing() as session:
        query = sa.select(Report).join(Obligation, Report.obligation_id == Obligation.id)
        report = session.scalars(query.where(Obligation.duty == duty, Report.state == "draft")).one()
        fields = [one | {"missing": one["missing"] and not complete} for one in report.content["fields"]]
        report.content = report.content | {"fields": fields}
        number = report.number
    approve_report(officer, REF, number)
    file_report(desk, REF, number, Filing("portal", "IC-1", "page.pdf", b"acknowledged"))
    assess(desk, REF)


def test_a_full_report_to_one_authority_leaves_the_others_further_duty_standing(
    two_countries: Desk, officer: Desk
) -> None:
    filed(two_countries, officer, "uk-gdpr-33-1", complete=True)
    filed(two_countries, officer, "eu-gdpr-33-1", complete=False)
    assert answer(two_countries, "uk-gdpr-33-4").answer == "does_not_apply"
    abroad = answer(two_countries, "eu-gdpr-33-4")
    assert (abroad.answer, abroad.state) == ("applies", "open")
    assert answer(two_countries, "uk-gdpr-33-4").facts_used["findings.reported_in_full"] is True


def test_nothing_is_taken_for_reported_before_it_was_filed_there(two_countries: Desk, officer: Desk) -> None:
    before = answer(two_countries, "eu-gdpr-33-4")
    filed(two_countries, officer, "uk-gdpr-33-1", complete=True)
    after = answer(two_countries, "eu-gdpr-33-4")
    assert (after.answer, after.state) == (before.answer, before.state)


def test_that_everything_was_reported_cannot_be_said_for_all_authorities_at_once(two_countries: Desk) -> None:
    with pytest.raises(Conflict, match="each authority"):
        record_facts(two_countries, REF, [Known("findings.reported_in_full", True, "our word")])
