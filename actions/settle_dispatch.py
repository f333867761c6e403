"""Settles a dispatch: what a channel's answer, or evidence, means for the report, its duty, and the people who wait."""

import hashlib
import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from actions.desk import Act, Desk
from actions.dispatched import end_about
from actions.file_report import Filing, record_filing
from actions.open_task import open_task
from channels.outcome import Accepted, ChannelError, Halt, Refused, TryAgain
from db.models import Dispatch, Obligation, Receipt, Report

ANSWER_WITHIN = timedelta(hours=24)
"""How long an authority may take to acknowledge an e-mail before someone asks; the organisation's own target."""


@dataclass(frozen=True)
class Came:
    """What is known of a dispatch without an answer of its own: *state*, and why."""

    state: str
    detail: str


def settle_dispatch(desk: Desk, incident_id: UUID, dispatch_id: UUID, outcome: Accepted | ChannelError | Came) -> str:
    """Write down what became of it, once; gives the state in which it stands. What is settled stays settled."""
    with desk.act("settle_dispatch", incident_id, closed_too=True) as act:
        dispatch = act.session.get_one(Dispatch, dispatch_id, with_for_update=True)
        if dispatch.state not in ("sending", "unknown"):
            return dispatch.state
        if isinstance(outcome, Accepted):
            _accepted(act, dispatch, outcome)
        else:
            _not_accepted(act, dispatch, outcome)
        return dispatch.state


def _accepted(act: Act, dispatch: Dispatch, taken: Accepted) -> None:
    """Taken by a machine of the authority it is filed; by a mail provider, it waits for the authority's own word."""
    report = act.session.get_one(Report, dispatch.report_id)
    dispatch.reference, dispatch.detail, dispatch.settled_at = taken.reference or "", taken.detail, act.now
    if dispatch.way == "machine":
        dispatch.receipt_id = _filed(act, dispatch, report, taken).id
    else:
        dispatch.receipt_id = _receipt(act, dispatch, taken).id
    dispatch.state = "accepted"
    act.journal(f"report {report.number}", state="accepted", reference=dispatch.reference, detail=dispatch.detail)
    end_about(act, report, "it has arrived")
    if dispatch.way == "email":
        _wait_for_answer(act, dispatch, report)
    act.ask_for("respond", because=f"report {report.number} was handed over")


def _filed(act: Act, dispatch: Dispatch, report: Report, taken: Accepted) -> Receipt:
    """The machine's acknowledgement is the proof, the moment of handing over the time; a delay on our way is its reason."""
    said = {"reference": taken.reference, "detail": taken.detail}
    proof = taken.answer or json.dumps(said).encode()
    obligation = act.session.get_one(Obligation, report.obligation_id)
    at, due_at = dispatch.handed_over_at or act.now, obligation.due_at
    reasons = dispatch.late_reasons
    if not reasons and due_at is not None and at > due_at:
        reasons = (
            f"It was given out for sending at {dispatch.asked_at:%d %B %Y %H:%M} UTC, "
            f"and the authority's machine could be reached only at {at:%d %B %Y %H:%M} UTC."
        )
    name = f"acknowledgement-of-report-{report.number}.json"
    filing = Filing("machine", taken.reference or str(report.id), name, proof, at, reasons)
    return record_filing(act, report, filing, dispatch.asked_by)


def _receipt(act: Act, dispatch: Dispatch, taken: Accepted) -> Receipt:
    """Proof of the first grade: the provider took exactly these bytes."""
    said: dict[str, Any] = {"reference": taken.reference, "detail": taken.detail, "bytes_sha256": dispatch.sent_sha256}
    proof = json.dumps(said, sort_keys=True).encode()
    sha256 = hashlib.sha256(proof).hexdigest()
    receipt = Receipt(
        incident_id=act.incident.id,
        about="report",
        kind="accepted by the provider",
        reference=taken.reference or "",
        name="accepted.json",
        sha256=sha256,
        proof=act.vault.seal(proof, f"receipts/proof/{sha256}"),
        at=dispatch.handed_over_at or act.now,
        recorded_by=act.desk.actor,
    )
    act.session.add(receipt)
    act.session.flush()
    return receipt


def _wait_for_answer(act: Act, dispatch: Dispatch, report: Report) -> None:
    open_task(
        act,
        kind="file",
        key=f"acknowledge:{dispatch.id}",
        title=f"Record the authority's acknowledgement of report {report.number}, sent by e-mail",
        why="It counts as filed when the authority has confirmed it; the time of filing is the moment of sending.",
        due_at=act.now + ANSWER_WITHIN,
        obligation_id=report.obligation_id,
    )


def _not_accepted(act: Act, dispatch: Dispatch, outcome: ChannelError | Came) -> None:
    state = _state(outcome)
    dispatch.detail = outcome.detail if isinstance(outcome, Came) else str(outcome)
    if state != "queued":
        dispatch.settled_at = act.now
    before, dispatch.state = dispatch.state, state
    report = act.session.get_one(Report, dispatch.report_id)
    act.journal(f"report {report.number}", before=before, state=state, detail=dispatch.detail)
    if state == "unknown":
        _ask(
            act, dispatch, report, "arrived", f"Find out whether report {report.number} arrived; evidence may settle it"
        )
    if state == "rejected":
        end_about(act, report, "it surely did not arrive")
        _ask(act, dispatch, report, "another_way", f"Send report {report.number} another way: it did not arrive")


def _state(outcome: ChannelError | Came) -> str:
    if isinstance(outcome, Came):
        return outcome.state
    if isinstance(outcome, TryAgain | Halt):
        return "queued"
    return "rejected" if isinstance(outcome, Refused) else "unknown"


def _ask(act: Act, dispatch: Dispatch, report: Report, word: str, title: str) -> None:
    obligation = act.session.get_one(Obligation, report.obligation_id)
    open_task(
        act,
        kind="file",
        key=f"{word}:{dispatch.id}",
        title=title,
        why=dispatch.detail,
        due_at=obligation.due_at,
        obligation_id=obligation.id,
    )
