"""Says which authorities hold everything that the law wants: each by the last report filed with it, never by another's."""

from collections.abc import Mapping
from typing import TypeAlias
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from actions.report_model import lacking
from db.models import Obligation, Report
from rulebook.answer import Answer
from rulebook.facts import Facts

FACT = "reported_in_full"
Recipient: TypeAlias = tuple[str, str]
"""A law and the authority under it."""


def reported_in_full(session: Session, incident_id: UUID) -> Mapping[Recipient, bool]:
    """For each recipient of a filed report whether the last one left nothing open."""
    columns = (Obligation.law, Obligation.authority, Report.content)
    query = sa.select(*columns).join(Report, Report.obligation_id == Obligation.id)
    filed = query.where(Report.incident_id == incident_id, Report.state == "filed").order_by(Report.number)
    return {(law, authority): not lacking(content) for law, authority, content in session.execute(filed)}


def recipient(answer: Answer) -> Recipient:
    """Whom an answer is about."""
    return answer.law, answer.authority or ""


def knowing(facts: Facts, told: bool | None) -> Facts:
    """The facts as they are for a recipient who was told everything, not everything, or (None) nothing yet.

    That a report held everything is worked out from the report; that one did not may also be known otherwise.
    """
    findings = {name: value for name, value in facts.findings.items() if not (name == FACT and value)}
    return facts.changed(findings=findings if told is None else {**findings, FACT: told})
