"""Approves a report: someone who wrote none of its words binds their name to exactly these bytes."""

from uuid import UUID

import sqlalchemy as sa

from actions.authors import refuse_author
from actions.desk import Act, Desk
from actions.errors import Conflict, NotFound, Stale
from actions.hand_over import give, taken
from db.models import Approval, Report, Wave


def approve_report(desk: Desk, incident: UUID | str, number: int, content_sha256: str | None = None) -> Approval:
    """Approve the draft of this number. With *content_sha256* it must still be the text that was read, else Stale."""
    with desk.act("approve", incident) as act:
        report = find_report(act, number)
        if report.state != "draft":
            raise Conflict(f"Report {number} is {report.state}; only a draft can be approved.")
        if content_sha256 and not report.content_sha256.startswith(content_sha256):
            raise Stale(
                f"Report {number} has changed since you read it; read it again with 'forthwith report show', then approve."
            )
        refuse_author(act, report.drafted_by, f"report {number}")
        approval = approved(act, report, desk.actor)
        act.journal(f"report {number}", approved=report.content_sha256, author=report.drafted_by)
        taken(act, "decision_to_approval")
        give(act, "approval_to_filing", act.incident.owner)
        act.ask_for("respond", because=f"report {number} was approved")
    return approval


def approved(act: Act, text: Report | Wave, approver: str) -> Approval:
    """Bind the approver's name to the draft's bytes as they stand; who may do that is the caller's to check."""
    approval = Approval(
        incident_id=act.incident.id,
        subject="report" if isinstance(text, Report) else "wave",
        subject_id=text.id,
        content_sha256=text.content_sha256,
        author=text.drafted_by,
        approved_by=approver,
        approved_at=act.now,
    )
    act.session.add(approval)
    act.session.flush()
    text.state, text.approval_id = "approved", approval.id
    act.session.flush()
    return approval


def find_report(act: Act, number: int) -> Report:
    """The report of this number. Raises NotFound."""
    report = act.session.scalar(sa.select(Report).where(Report.incident_id == act.incident.id, Report.number == number))
    if report is None:
        raise NotFound(
            f"{act.incident.reference} has no report {number}; 'forthwith report list {act.incident.reference}' shows them."
        )
    return report
