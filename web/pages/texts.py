"""What is about to leave, exactly: a wave's notices in every shape, a report field by field; what changed, and what the law wants said."""

import difflib
from typing import Any

from sqlalchemy.orm import Session
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from actions import clock
from actions.addresses import mail_of, takes_by_machine
from actions.check_sender import check_sender
from actions.content import Content
from actions.errors import NotFound
from actions.filing_policy import readiness
from actions.outlook import outlook
from actions.read_script import read_notices
from actions.supply import lacks
from actions.view_flagged import view_flagged
from db.models import Approval, Incident, Notice, Obligation, Report, Wave
from db.queries import work
from db.queries.dispatches import dispatches_of
from db.queries.incidents import exercise_of
from db.queries.notices import counts_of, samples_of, wave_by_number, waves_of
from notices.filled import read_back
from notices.sheet import sheet
from web.paper import show
from web.roles import READERS, SECONDS, WORKERS
from web.routes import page
from web.visit import Visit

LOOKERS = WORKERS | SECONDS
"""Who may read a text with a person's name in it; that they did is recorded."""
ALONE = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"
"""What a notice's HTML may do when it is looked at: nothing."""


def wave(visit: Visit) -> Response:
    """One wave; the notice of any person of it in every shape, chosen by number."""
    with visit.reading() as session:
        incident = visit.incident(session)
        found = _wave(session, incident, visit.number())
        counts, now = counts_of(session, found.id), clock.now(exercise_of(session, incident))
        samples = samples_of(session, found, counts)
        words: dict[str, Any] = {
            "incident": incident,
            "exercise": exercise_of(session, incident),
            "wave": found,
            "channels": counts.ways,
            "progress": counts.states,
            "ahead": outlook(session, visit.settings, found, counts, now, clock.now()),
            "approval": session.get(Approval, found.approval_id) if found.approval_id else None,
            "samples": samples,
            "approved": {
                one.id for one in waves_of(session, incident.id) if one.approval_id and one.number < found.number
            },
            "contents": _contents(session, incident, found.contents),
        }
    waits = found.state in ("draft", "approved") and not found.sealed
    words["sender"] = check_sender(visit.settings) if waits else ()
    chosen = visit.said("person", 9)
    words["person"] = int(chosen) if chosen.isascii() and chosen.isdecimal() else (samples[0][0] if samples else None)
    words["looks"] = bool(visit.may & LOOKERS)
    read = _read(visit, incident, words["person"]) if words["looks"] and samples else []
    words["content"] = next((content for notice, content in read if notice.wave_id == found.id), None)
    before = next((content for notice, content in reversed(read) if notice.wave_id in words["approved"]), None)
    words["changes"] = changes(_words(before), _words(words["content"])) if before and words["content"] else []
    return show(visit, "wave.html", **words)


def shape(visit: Visit) -> Response:
    """One shape of one notice as it would arrive: the HTML in a frame that may do nothing, the letter as PDF."""
    with visit.reading() as session:
        incident = visit.incident(session)
        found = _wave(session, incident, visit.number())
    read = _read(visit, incident, visit.number("person"))
    content = next((content for notice, content in read if notice.wave_id == found.id), None)
    if content is None:
        raise NotFound("That person has no notice in this wave.")
    if visit.request.path_params["shape"] == "letter":
        name = f"{incident.reference}-wave-{found.number}.pdf"
        return _pdf(content.letter_pdf, name)
    return HTMLResponse(content.html, headers={"content-security-policy": ALONE, "x-frame-options": "SAMEORIGIN"})


def _pdf(data: bytes, name: str) -> Response:
    if not data:
        raise NotFound("There is no such page for this notice.")
    headers = {"content-disposition": f'inline; filename="{name}"', "x-frame-options": "SAMEORIGIN"}
    return Response(data, media_type="application/pdf", headers=headers)


def _wave(session: Session, incident: Incident, number: int) -> Wave:
    found = wave_by_number(session, incident.id, number)
    if found is None:
        raise NotFound(f"{incident.reference} has no wave {number}.")
    return found


def _read(visit: Visit, incident: Incident, person: int | None) -> list[tuple[Notice, Content]]:
    """Everything written to that person, oldest first; that somebody looked is recorded."""
    if person is None:
        return []
    view_flagged(visit.desk(), incident.id, person)
    return read_notices(visit.desk(), incident.id, person)


def _words(content: Content) -> str:
    return "\n".join(filter(None, (content.subject, content.script or content.text)))


def _contents(session: Session, incident: Incident, said: list[str]) -> list[tuple[str, bool, str]]:
    """What the laws that apply want people told: whether the text says it, and which duty asks."""
    asked: dict[str, list[str]] = {}
    for duty in work.obligations(session, incident.id):
        if duty.recipient == "individuals" and duty.answer == "applies":
            for one in duty.contents:
                asked.setdefault(one, []).append(duty.duty)
    return [(one, one in said, ", ".join(duties)) for one, duties in sorted(asked.items())]


def report(visit: Visit) -> Response:
    """One report field by field, what is missing, and what changed since the last that was approved."""
    with visit.reading() as session:
        incident = visit.incident(session)
        found, duty = _report(session, incident, visit.number())
        words: dict[str, Any] = {
            "incident": incident,
            "exercise": exercise_of(session, incident),
            "report": found,
            "duty": duty,
            "filled": read_back(found.content),
            "lacks": {one.key: one for one in lacks(found.content, incident.reference, duty.citation)},
            "approval": session.get(Approval, found.approval_id) if found.approval_id else None,
            "receipt": work.receipt(session, found.receipt_id),
            "dispatches": dispatches_of(session, found.id),
            "mail": mail_of(duty.authority),
            "machine": takes_by_machine(visit.settings, duty.authority),
            "switches": [one for one in readiness(session, visit.settings, incident) if one.report == found.number],
            "at": clock.now(exercise_of(session, incident)),
        }
    return show(visit, "report.html", **words)


def report_sheet(visit: Visit) -> Response:
    """The report as a sheet to copy from, for a portal."""
    with visit.reading() as session:
        incident = visit.incident(session)
        found, _ = _report(session, incident, visit.number())
    return PlainTextResponse(sheet(read_back(found.content)))


def report_proof(visit: Visit) -> Response:
    """The proof that a report was received, as it was handed in; a browser may only save it."""
    desk = visit.desk_of_nobody()
    with visit.reading() as session:
        incident = visit.incident(session)
        found, _ = _report(session, incident, visit.number())
        receipt = work.receipt(session, found.receipt_id)
        if receipt is None or receipt.proof is None:
            raise NotFound("There is no proof of receipt for this report.")
        proof = desk.vault(session, incident.id).open(receipt.proof, f"receipts/proof/{receipt.sha256}")
    headers = {"content-disposition": f'attachment; filename="{receipt.name}"'}
    return Response(proof, media_type="application/octet-stream", headers=headers)


def report_pdf(visit: Visit) -> Response:
    """The report as PDF."""
    with visit.reading() as session:
        incident = visit.incident(session)
        found, _ = _report(session, incident, visit.number())
    return _pdf(found.pdf, f"{incident.reference}-report-{found.number}.pdf")


def _report(session: Session, incident: Incident, number: int) -> tuple[Report, Obligation]:
    found = work.report(session, incident.id, number)
    if found is None:
        raise NotFound(f"{incident.reference} has no report {number}.")
    return found


def changes(before: str, after: str) -> list[tuple[str, str]]:
    """The lines that were added or taken away."""
    found = difflib.ndiff(before.splitlines(), after.splitlines())
    return [(line[0], line[2:]) for line in found if line[0] in "+-"]


ROUTES = (
    page("/incidents/{reference}/waves/{number:int}", wave, READERS),
    page("/incidents/{reference}/waves/{number:int}/{person:int}/{shape}", shape, LOOKERS),
    page("/incidents/{reference}/reports/{number:int}", report, READERS),
    page("/incidents/{reference}/reports/{number:int}/sheet", report_sheet, READERS),
    page("/incidents/{reference}/reports/{number:int}/proof", report_proof, READERS),
    page("/incidents/{reference}/reports/{number:int}/pdf", report_pdf, READERS),
)
