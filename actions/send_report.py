"""Sends a report: writes down that an approved report is to be handed over by e-mail or to a machine, once, and takes that back."""

from dataclasses import dataclass
from uuid import UUID

from actions.addresses import address_of
from actions.approve_report import find_report
from actions.desk import Act, Desk
from actions.dispatched import dispatch_of, end_about
from actions.errors import Conflict
from actions.lateness import refuse_late
from actions.turn import refuse_out_of_turn
from db.models import Dispatch, Obligation, Report
from db.models.dispatch import WAYS


@dataclass(frozen=True)
class Sending:
    """How it is to go. A typed address says why it is right; a late report says why it is late."""

    way: str = "email"
    to: str = ""
    because: str = ""
    late_reasons: str = ""
    together: str = ""
    """Why it stands for earlier reports as well, where the law lets it."""


def send_report(desk: Desk, incident: UUID | str, number: int, sending: Sending) -> Dispatch:
    """Queue it; `hand_in` hands it over. Raises Conflict unless it is approved, not sent yet, in its
    turn, and late only with reasons.
    """
    with desk.act("send_report", incident) as act:
        report = find_report(act, number)
        obligation = act.session.get_one(Obligation, report.obligation_id)
        _check(act, report, sending)
        if obligation.state != "met":
            refuse_late(obligation, act.now, sending.late_reasons)
        refuse_out_of_turn(act, report, obligation, sending.together, act.now, sending.late_reasons)
        report.together_reasons = sending.together.strip()
        return queue(act, report, sending, desk.actor)


def queue(act: Act, report: Report, sending: Sending, asked_by: str) -> Dispatch:
    """Within an act that is under way: the row of an approved report's dispatch, and the wish for the run that hands it in."""
    obligation = act.session.get_one(Obligation, report.obligation_id)
    address = address_of(act.desk.settings, obligation.authority, sending.way, sending.to, sending.because)
    dispatch = Dispatch(
        incident_id=act.incident.id,
        sealed=act.incident.sealed,
        report_id=report.id,
        approval_id=report.approval_id,
        way=sending.way,
        address=address.where,
        source=address.source,
        reasons=address.reasons,
        late_reasons=sending.late_reasons.strip(),
        asked_at=act.now,
        asked_by=asked_by,
    )
    act.session.add(dispatch)
    act.session.flush()
    about = {"way": dispatch.way, "to": dispatch.address, "source": dispatch.source, "because": dispatch.reasons}
    act.journal(f"report {report.number}", content=report.content_sha256, late_reasons=dispatch.late_reasons, **about)
    act.ask_for("respond", because=f"report {report.number} is to be sent")
    return dispatch


def not_sent(desk: Desk, incident: UUID | str, number: int, because: str) -> Dispatch:
    """Say that a dispatch did not arrive, or take back one that has not left; the report may be sent anew then."""
    with desk.act("not_sent", incident) as act:
        report = find_report(act, number)
        dispatch = dispatch_of(act, report)
        if dispatch is None:
            raise Conflict(f"Report {number} was not sent from here; there is nothing to take back.")
        if report.state == "filed":
            raise Conflict(f"Report {number} is filed, with its proof; that stands.")
        if dispatch.state == "sending":
            raise Conflict(f"Report {number} is leaving at this moment; wait until it is known what became of it.")
        if not because.strip():
            raise Conflict("Say why it is taken to have not arrived: who said so, or what came back (--because).")
        before, dispatch.state, dispatch.settled_at = dispatch.state, "rejected", act.now
        dispatch.detail = because.strip()
        act.journal(f"report {number}", before=before, because=dispatch.detail)
        end_about(act, report, "it did not arrive")
    return dispatch


def _check(act: Act, report: Report, sending: Sending) -> None:
    if sending.way not in WAYS:
        raise Conflict(f"A report is sent by {' or '.join(WAYS)}; {sending.way!r} is neither.")
    if report.state != "approved":
        how = "someone else must approve it first" if report.state == "draft" else "it is not sent again"
        raise Conflict(f"Report {report.number} is {report.state}; {how}.")
    live = dispatch_of(act, report)
    if live is not None:
        raise Conflict(
            f"Report {report.number} was given to {live.way} already ({live.state}); it is never sent twice. "
            "If it surely did not arrive, say so with 'forthwith report not-sent'."
        )
