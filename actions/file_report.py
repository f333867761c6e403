"""Files a report: records that an approved report was sent, with its proof; lateness freezes at the first filing."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath
from uuid import UUID

from actions.approve_report import find_report
from actions.desk import Act, Desk
from actions.errors import Conflict
from actions.hand_over import taken
from actions.report_model import lacking
from db.models import Obligation, Receipt, Report

MOST_BYTES = 20_000_000


@dataclass(frozen=True)
class Filing:
    """What the person who filed says: where, when, under which reference, and the proof (a file's name and bytes)."""

    channel: str
    reference: str
    proof_name: str
    proof: bytes
    filed_at: datetime | None = None
    late_reasons: str = ""


def file_report(desk: Desk, incident: UUID | str, number: int, filing: Filing) -> Report:
    """Record the filing. Raises Conflict without approval, proof or reference, for a filing in the future or before the
    approval, and for a late one without reasons.
    """
    with desk.act("file_report", incident) as act:
        report = find_report(act, number)
        obligation = act.session.get_one(Obligation, report.obligation_id)
        filed_at = filing.filed_at or act.now
        _check(act, report, filing, filed_at)
        first = obligation.state != "met"
        late = _late(obligation, filed_at, filing, first=first)
        receipt = _receipt(act, filing, filed_at)
        act.session.add(receipt)
        act.session.flush()
        report.state, report.filed_at, report.filed_by, report.channel = "filed", filed_at, desk.actor, filing.channel
        report.authority_reference, report.receipt_id = filing.reference.strip(), receipt.id
        report.late, report.late_reasons = late, filing.late_reasons.strip()
        if first and (report.stage == "initial" or not lacking(report.content)):
            obligation.state, obligation.met_at, obligation.late, obligation.late_reasons = (
                "met",
                filed_at,
                late,
                report.late_reasons,
            )
        taken(act, "approval_to_filing")
        details = {
            "filed_at": filed_at,
            "channel": filing.channel,
            "reference": report.authority_reference,
            "proof": receipt.sha256,
            "late": late,
        }
        act.journal(
            f"report {number}",
            duty=obligation.duty,
            content=report.content_sha256,
            late_reasons=report.late_reasons,
            **details,
        )
        act.ask_for("respond", because=f"report {number} was filed")
    return report


def _check(act: Act, report: Report, filing: Filing, filed_at: datetime) -> None:
    number = report.number
    if report.state != "approved":
        how = "it must be approved by someone else first" if report.state == "draft" else "it cannot be filed again"
        raise Conflict(f"Report {number} is {report.state}; {how}.")
    if filing.channel not in ("portal", "email", "phone"):
        raise Conflict(f"A report goes by portal, email or phone; {filing.channel!r} is none of them.")
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
    late = obligation.due_at is not None and filed_at > obligation.due_at
    if late and not filing.late_reasons.strip():
        raise Conflict(
            f"This is late: the limit of {obligation.duty} passed at {obligation.due_at:%d %B %Y %H:%M} UTC. "
            f"{obligation.citation} wants the reasons for the delay; pass --late-reasons."
        )
    return late


def _receipt(act: Act, filing: Filing, filed_at: datetime) -> Receipt:
    sha256 = hashlib.sha256(filing.proof).hexdigest()
    return Receipt(
        incident_id=act.incident.id,
        about="report",
        kind="acknowledgement",
        reference=filing.reference.strip(),
        name=PurePath(filing.proof_name).name,
        sha256=sha256,
        proof=act.vault.seal(filing.proof, f"receipts/proof/{sha256}"),
        at=filed_at,
        recorded_by=act.desk.actor,
    )
