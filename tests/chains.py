"""Incidents that owe several reports one after another, all drafted and approved and none of them filed."""

from typing import Any

import sqlalchemy as sa

from actions.approve_report import approve_report
from actions.assess import assess
from actions.desk import Desk
from actions.prepare_reports import prepare_reports
from db.models import Obligation, Report
from tests.builders import an_incident

REF = "FW-2026-0001"
SIGNIFICANT: dict[str, Any] = {
    "findings__nis2_significant": True,
    "findings__status_report_requested": True,
    "purposes": None,
    "events__requested": "2026-11-20T10:30+00:00",
}
CHAINS: dict[str, tuple[str, dict[str, Any], list[str]]] = {
    "nis2": (
        "DE",
        SIGNIFICANT | {"organisation__roles": ["essential_entity"]},
        ["nis2-a", "nis2-b", "nis2-c", "nis2-d"],
    ),
    "dora": (
        "DE",
        {
            "organisation__roles": ["financial_entity", "credit_institution"],
            "findings__major_ict_incident": True,
            "findings__cannot_report_in_time": True,
            "events__classified": "2026-11-20T10:00+00:00",
            "purposes": None,
        },
        ["dora-init", "dora-inter", "dora-final"],
    ),
}
TOGETHER = "Regular work has recovered, and the cause is known."


def begun(desk: Desk, officer: Desk, chain: str) -> list[str]:
    """An incident whose whole chain is drafted and approved; gives its duties in their order."""
    place, facts, duties = CHAINS[chain]
    an_incident(desk, organisation__establishments=[place], organisation__main_establishment=place, **facts)
    assess(desk, REF)
    prepare_reports(desk, REF)
    for duty in duties:
        approve_report(officer, REF, of(desk, duty)[0].number)
    return duties


def of(desk: Desk, duty: str) -> tuple[Report, Obligation]:
    with desk.reading() as session:
        query = sa.select(Report, Obligation).join(Obligation, Report.obligation_id == Obligation.id)
        mine = query.where(Obligation.duty == duty).order_by(Report.number.desc()).limit(1)
        return session.execute(mine).tuples().one()


def number_of(desk: Desk, duty: str) -> int:
    return of(desk, duty)[0].number
