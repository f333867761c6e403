"""Puts a report into an envelope, as it was approved, and gives the exact bytes that are kept of it."""

import hashlib
import json
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from actions.errors import Conflict
from channels.envelope import Attachment, Envelope, message_id_of
from channels.mime import message_bytes
from db.models import Approval, Dispatch, Incident, Report
from notices.cover import cover
from notices.filled import read_back
from notices.machine import machine
from settings.model import Settings


@dataclass(frozen=True)
class Message:
    """An envelope for a channel, and the bytes that are the proof of what it said."""

    envelope: Envelope = field(repr=False)
    wire: bytes = field(repr=False)

    @property
    def sha256(self) -> str:
        """The hash of those bytes."""
        return hashlib.sha256(self.wire).hexdigest()


def message_of(settings: Settings, session: Session, dispatch: Dispatch) -> Message:
    """The same dispatch always gives the same bytes. Raises Conflict where the report is not what was approved."""
    report = session.get_one(Report, dispatch.report_id)
    approval = session.get_one(Approval, dispatch.approval_id)
    filled = read_back(report.content)
    if not report.content_sha256 == approval.content_sha256 == filled.sha256:
        raise Conflict(f"Report {report.number} is not the text that was approved; it is not sent.")
    incident = session.get_one(Incident, dispatch.incident_id)
    name = f"{incident.reference}-report-{report.number}"
    body = json.dumps(machine(filled) or report.content, sort_keys=True, ensure_ascii=False).encode()
    if dispatch.way == "machine":
        files: tuple[Attachment, ...] = (Attachment(f"{name}.json", "application/json", body),)
    else:
        files = (Attachment(f"{name}.pdf", "application/pdf", report.pdf),)
    envelope = _envelope(settings, dispatch, report, files)
    return Message(envelope, body if dispatch.way == "machine" else message_bytes(envelope))


def _envelope(settings: Settings, dispatch: Dispatch, report: Report, files: tuple[Attachment, ...]) -> Envelope:
    contact = ", ".join(filter(None, (settings.contact_name, settings.contact_email, settings.contact_phone)))
    said = {"organisation": settings.organisation, "contact": contact, "pdf_name": files[0].name}
    said["late_reasons"] = dispatch.late_reasons
    words = cover(read_back(report.content), said)
    own = settings.from_address
    return Envelope(
        nid=report.id,  # not the dispatch's: whoever gets a second copy of a report can see that it is one
        to_address=dispatch.address if dispatch.way == "email" else own,
        to_name=None,
        from_address=own,
        from_name=settings.from_name or settings.organisation,
        reply_to=settings.reply_to or settings.contact_email or own,
        subject=words.subject,
        text=words.text,
        html=None,
        message_id=message_id_of(report.id, own),
        dated_at=dispatch.asked_at,
        category=str(dispatch.id),
        attachments=files,
    )
