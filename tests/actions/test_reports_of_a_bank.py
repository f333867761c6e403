"""A bank under DORA: initial notification, intermediate and final report, each with its own part of the seventy-six fields."""

import sqlalchemy as sa

from actions.append_facts import Known
from actions.approve_report import approve_report
from actions.assess import assess
from actions.desk import Desk
from actions.file_report import Filing, file_report
from actions.prepare_reports import prepare_reports
from actions.record_facts import record_facts
from db.models import Obligation, Report
from notices.filled import read_back
from notices.machine import machine
from tests.builders import an_incident
from tests.conftest import Time

REF = "FW-2026-0001"
FILED = Filing("portal", "FIN-000001", "page.pdf", b"acknowledged")


def of(desk: Desk, duty: str) -> tuple[Report, Obligation]:
    with desk.reading() as session:
        query = sa.select(Report, Obligation).join(Obligation, Report.obligation_id == Obligation.id)
        mine = query.where(Obligation.duty == duty, Report.state != "replaced").order_by(Report.number.desc())
        return session.execute(mine.limit(1)).tuples().one()


def file_now(desk: Desk, officer: Desk, duty: str) -> None:
    report, _ = of(desk, duty)
    approve_report(officer, REF, report.number)
    file_report(desk, REF, report.number, FILED)
    assess(desk, REF)
    prepare_reports(desk, REF)


def asked(report: Report) -> set[str]:
    return {field["code"].partition(".")[0] for field in report.content["fields"] if field["asked"]}


def test_each_of_the_three_reports_asks_its_own_parts_and_meets_its_own_duty(
    desk: Desk, officer: Desk, time: Time
) -> None:
    an_incident(
        desk,
        organisation__roles=["controller", "financial_entity", "credit_institution"],
        organisation__establishments=["DE"],
        organisation__main_establishment="DE",
        findings__major_ict_incident=True,
        events__classified="2026-11-20T10:00+00:00",
        purposes=None,
    )
    assess(desk, REF)
    prepare_reports(desk, REF)
    first, _ = of(desk, "dora-init")
    assert (first.form, first.stage, asked(first)) == ("dora", "initial", {"1", "2"})
    file_now(desk, officer, "dora-init")
    second, _ = of(desk, "dora-inter")
    assert (second.stage, second.version, asked(second)) == ("follow_up", 2, {"1", "2", "3"})
    assert (machine(read_back(second.content)) or {})["incidentSubmission"] == "intermediate_report"
    record_facts(desk, REF, [Known("story.clients", 1200, "count")])
    prepare_reports(desk, REF)
    time.move(hours=1)
    file_now(desk, officer, "dora-inter")
    assert of(desk, "dora-inter")[1].state == "met"
    third, _ = of(desk, "dora-final")
    assert (third.stage, third.version, asked(third)) == ("final", 3, {"1", "2", "3", "4"})
    file_now(desk, officer, "dora-final")
    assert of(desk, "dora-final")[1].state == "met"
