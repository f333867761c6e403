"""Withdraws a report that was filed: it was no breach, or was notified in error; the withdrawal is a report of its own."""

from uuid import UUID

from actions.approve_report import find_report
from actions.desk import Desk
from actions.draw_up import as_last, draw_up, last_filed, latest
from actions.errors import Conflict
from actions.report_model import model_of
from db.models import Obligation, Report
from db.queries.facts import as_known
from notices.report import build


def withdraw_report(desk: Desk, incident: UUID | str, number: int, reasons: str) -> Report:
    """Draw up the withdrawal of the filed report *number*; it is approved by someone else and filed like any report.

    Raises Conflict for a report that was not filed, is not the last one there, or is withdrawn already, and without reasons.
    Drawing it up again with other reasons changes the draft.
    """
    with desk.act("withdraw_report", incident) as act:
        if not reasons.strip():
            raise Conflict("A withdrawal needs reasons: why it was no breach, or what was notified in error.")
        report = find_report(act, number)
        obligation = act.session.get_one(Obligation, report.obligation_id)
        _check(report, last_filed(act, obligation))
        known = {**as_known(act.session, act.incident.id), "filing.withdrawal_reasons": reasons.strip()}
        model = model_of(act, obligation, known, report)
        rendered = build(report.form, "withdrawal", model, as_last(report))
        newest = latest(act, obligation)
        if newest is not None and newest.state == "approved":
            raise Conflict(
                f"Report {newest.number} is approved and not filed yet; file it, or let it be, before a withdrawal."
            )
        draft = newest if newest is not None and newest.state == "draft" else None
        draw_up(act, obligation, draft, rendered, report, reasons.strip())
        made = latest(act, obligation)
        act.ask_for("respond", because=f"report {number} is to be withdrawn")
    if made is None:
        raise AssertionError("a withdrawal was drawn up and is not there")
    return made


def _check(report: Report, last: Report | None) -> None:
    if report.state != "filed":
        raise Conflict(f"Report {report.number} is {report.state}; only what was filed can be withdrawn.")
    if report.stage == "withdrawal":
        raise Conflict(
            f"Report {report.number} is a withdrawal itself; a new report tells the authority that it was one."
        )
    if last is not None and last.id != report.id:
        what = "was withdrawn already" if last.stage == "withdrawal" else "is not the last one"
        raise Conflict(f"Report {report.number} {what}: report {last.number} was filed after it. Withdraw that one.")
