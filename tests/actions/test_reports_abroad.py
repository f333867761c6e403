"""What is owed to others than a supervisory authority, in America above all: drawn up, approved, filed with proof, and met."""

import sqlalchemy as sa

from actions.append_facts import Known
from actions.approve_report import approve_report
from actions.assess import assess
from actions.desk import Desk, find
from actions.file_report import Filing, file_report
from actions.prepare_reports import prepare_reports
from actions.record_facts import record_facts
from db.models import Obligation, Report
from db.queries.tracks import tracks
from tests.builders import an_incident

PORTAL = Filing("portal", "AG-000001", "page.pdf", b"acknowledged")


def american(desk: Desk) -> str:
    """A retailer's loss: 600 Texans, 1,200 Montanans."""
    declared = an_incident(
        desk,
        organisation__roles=["controller"],
        organisation__establishments=["US"],
        events__determined="2026-11-20T10:00+00:00",
        purposes=None,
        people__GB=None,
        **{"people__US-TX": 600, "people__US-MT": 1200},
        data=["name", "social_security_number"],
        nature=["acquisition"],
        medium=["electronic"],
        kinds=["customer"],
    )
    assess(desk, declared.id)
    return declared.reference


def states(desk: Desk, recipient: str) -> dict[str, str]:
    with desk.reading() as session:
        rows = sa.select(Obligation).where(Obligation.recipient == recipient, Obligation.answer == "applies")
        return {row.duty: row.state for row in session.scalars(rows)}


def test_a_report_is_drawn_up_for_everyone_outside_to_whom_something_is_owed(desk: Desk) -> None:
    prepare_reports(desk, american(desk))
    owed = {**states(desk, "attorney_general"), **states(desk, "consumer_reporting_agencies")}
    assert "us-tx-ag" in owed and "us-mt-ag" in owed
    with desk.reading() as session:
        query = sa.select(Obligation.duty).join(Report, Report.obligation_id == Obligation.id)
        drafted = set(session.scalars(query.where(Report.state == "draft")))
        told = set(session.scalars(query.where(Obligation.recipient == "individuals")))
    assert set(owed) <= drafted
    assert told == set()


def test_filing_it_with_proof_meets_the_duty(desk: Desk, officer: Desk) -> None:
    reference = american(desk)
    prepare_reports(desk, reference)
    with desk.reading() as session:
        query = sa.select(Report.number).join(Obligation, Report.obligation_id == Obligation.id)
        number = session.scalars(query.where(Obligation.duty == "us-tx-ag")).one()
        before = tracks(session, find(session, reference))
    approve_report(officer, reference, number)
    file_report(desk, reference, number, PORTAL)
    assert states(desk, "attorney_general")["us-tx-ag"] == "met"
    with desk.reading() as session:
        after = tracks(session, find(session, reference))
    assert (after.reports_met, after.reports_owed) == (before.reports_met + 1, before.reports_owed - 1)


def test_a_duty_to_assess_is_met_by_the_decided_risk(desk: Desk) -> None:
    declared = an_incident(
        desk,
        organisation__roles=["controller"],
        organisation__establishments=["AU"],
        purposes=None,
        people__GB=None,
        people__AU=20,
        nature=["disclosure"],
        risk=None,
    )
    assess(desk, declared.id)
    assert states(desk, "internal_assessment") == {"au-ndb-assess": "open"}
    record_facts(desk, declared.id, [Known("risk", "high", "test")])
    assess(desk, declared.id)
    assert states(desk, "internal_assessment") == {"au-ndb-assess": "met"}
