"""Files a report: records that an approved report was sent, with its proof; lateness freezes at the first filing."""

import hashlib
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import PurePath
from typing import Any
from uuid import UUID

from actions.approve_report import find_report
from actions.call_record import Call, record_of
from actions.desk import Act, Desk
from actions.dispatched import arrived, dispatch_of, end_about
from actions.errors import Conflict
from actions.hand_over import taken
from actions.lateness import refuse_late
from actions.report_model import lacking
from actions.turn import refuse_out_of_turn, stands_for
from db.models import Dispatch, Obligation, Receipt, Report

MOST_BYTES = 20_000_000
CHANNELS = ("portal", "email", "phone", "post")


@dataclass(frozen=True)
class Filing:
    """What the person who filed says: where, when, under which reference, and the proof (a file's name and bytes).

    A telephone call is its own proof once it says who spoke with whom. What was sent from here knows its own moment.
    """

    channel: str
    reference: str
    proof_name: str = ""
    proof: bytes = field(default=b"", repr=False)
    filed_at: datetime | None = None
    late_reasons: str = ""
    call: Call | None = None
    together: str = ""
    """Why it stands for earlier reports as well, where the law lets it."""


def file_report(desk: Desk, incident: UUID | str, number: int, filing: Filing) -> Report:
    """Record the filing. Raises Conflict without approval, proof or reference, for a filing in the future or before the
    approval, and for a late one without reasons.
    """
    with desk.act("file_report", incident) as act:
        report = find_report(act, number)
        dispatch = dispatch_of(act, report)
        filing = _as_sent(report, dispatch, filing) if dispatch else filing
        if filing.channel not in CHANNELS:
            raise Conflict(f"A report goes by portal, email, phone or post; {filing.channel!r} is none of them.")
        if dispatch is None:
            obligation = act.session.get_one(Obligation, report.obligation_id)
            refuse_out_of_turn(
                act, report, obligation, filing.together, filing.filed_at or act.now, filing.late_reasons
            )
        receipt = record_filing(act, report, filing, desk.actor)
        if dispatch is not None:
            arrived(act, dispatch, receipt)
        act.ask_for("respond", because=f"report {number} was filed")
    return report


def record_filing(act: Act, report: Report, filing: Filing, by: str) -> Receipt:
    """Within an act that is under way: the report is filed, and the duty it answers met for the first time. Raises Conflict."""
    obligation = act.session.get_one(Obligation, report.obligation_id)
    filed_at = filing.filed_at or act.now
    filing = _with_record(report, filing, filed_at, by)
    _check(act, report, filing, filed_at)
    report.together_reasons = filing.together.strip() or report.together_reasons
    covered = stands_for(act, report, obligation, filed_at, filing.late_reasons)
    first = obligation.state != "met"
    late = _late(obligation, filed_at, filing, first=first)
    receipt = _receipt(act, filing, filed_at, by)
    report.state, report.filed_at, report.filed_by, report.channel = "filed", filed_at, by, filing.channel
    report.authority_reference, report.receipt_id = filing.reference.strip(), receipt.id
    report.late, report.late_reasons = late, filing.late_reasons.strip()
    if first and (obligation.phase != "update" or not lacking(report.content)):
        obligation.state, obligation.met_at = "met", filed_at
        obligation.late, obligation.late_reasons = late, report.late_reasons
    taken(act, "approval_to_filing")
    end_about(act, report, "it is filed")
    _tell(act, report, obligation, receipt, covered)
    return receipt


def _as_sent(report: Report, dispatch: Dispatch, filing: Filing) -> Filing:
    """What was sent from here was filed when it was handed over; what came back proves it."""
    if dispatch.handed_over_at is None or dispatch.state not in ("accepted", "unknown"):
        raise Conflict(
            f"Report {report.number} is on its way by {dispatch.way} ({dispatch.state}); wait until it has left."
        )
    if filing.channel != dispatch.way or filing.filed_at not in (None, dispatch.handed_over_at):
        raise Conflict(
            f"Report {report.number} went by {dispatch.way} at {dispatch.handed_over_at:%d %B %Y %H:%M} UTC: record what came "
            f"back as --channel {dispatch.way} without a time, or say with 'forthwith report not-sent' that it did not arrive."
        )
    reasons = filing.late_reasons or dispatch.late_reasons
    return replace(filing, filed_at=dispatch.handed_over_at, late_reasons=reasons)


def _with_record(report: Report, filing: Filing, filed_at: datetime, by: str) -> Filing:
    """A call's record is its proof; one that says nothing of who took the report is none."""
    if filing.channel != "phone":
        return filing
    name, record = record_of(report, filing.call, filing.reference, filed_at, by, filing.proof)
    return replace(filing, proof_name=name, proof=record, call=None)


def _check(act: Act, report: Report, filing: Filing, filed_at: datetime) -> None:
    number = report.number
    if report.state != "approved":
        how = "it must be approved by someone else first" if report.state == "draft" else "it cannot be filed again"
        raise Conflict(f"Report {number} is {report.state}; {how}.")
    if not filing.reference.strip():
        raise Conflict("Filed without the authority's reference is not filed: pass --reference.")
    if not filing.proof:
        raise Conflict(
            "Filed needs proof: pass --proof with the acknowledgement (a saved page, PDF, e-mail or note of the call)."
        )
    if len(filing.proof) > MOST_BYTES:
        raise Conflict(f"The proof is larger than {MOST_BYTES // 1_000_000} MB; pass the acknowledgement alone.")
    if filed_at.utcoffset() is None:
        raise Conflict("The time of filing has no offset; write it as 2026-12-04T09:30+00:00.")
    if filed_at > act.now:
        raise Conflict(
            f"A filing in the future ({filed_at.isoformat()}) is not a filing; pass the moment when it was sent."
        )
    if filed_at < report.drafted_at:
        raise Conflict(
            f"Report {number} was drafted at {report.drafted_at.isoformat()}; it cannot have been filed before."
        )


def _late(obligation: Obligation, filed_at: datetime, filing: Filing, *, first: bool) -> bool:
    """Whether it is late, which needs reasons; frozen at the first filing."""
    if not first:
        return bool(obligation.late) and bool(filing.late_reasons.strip())
    return refuse_late(obligation, filed_at, filing.late_reasons)


def _receipt(act: Act, filing: Filing, filed_at: datetime, by: str) -> Receipt:
    sha256 = hashlib.sha256(filing.proof).hexdigest()
    receipt = Receipt(
        incident_id=act.incident.id,
        about="report",
        kind="acknowledgement",
        reference=filing.reference.strip(),
        name=PurePath(filing.proof_name).name,
        sha256=sha256,
        proof=act.vault.seal(filing.proof, f"receipts/proof/{sha256}"),
        at=filed_at,
        recorded_by=by,
    )
    act.session.add(receipt)
    act.session.flush()
    return receipt


def _tell(act: Act, report: Report, obligation: Obligation, receipt: Receipt, covered: list[str]) -> None:
    together = {"stands_for": covered, "together_because": report.together_reasons} if covered else {}
    details: dict[str, Any] = {
        "filed_at": report.filed_at,
        "channel": report.channel,
        "reference": report.authority_reference,
        "proof": receipt.sha256,
        "late": report.late,
        "late_reasons": report.late_reasons,
        **together,
    }
    act.journal(f"report {report.number}", duty=obligation.duty, content=report.content_sha256, **details)
