"""Filing: sending a report, taking that back, and recording that an authority has it, with the proof."""

from typing import Any

from actions.call_record import Call
from actions.file_report import Filing, file_report
from actions.hand_in import hand_in
from actions.send_report import Sending, not_sent, send_report
from db.queries.dispatches import last_dispatch
from web.forms import Field, Form
from web.uploads import proof_of
from web.visit import Visit

CHANNELS = {"portal": "The authority's portal", "email": "E-mail", "phone": "Telephone", "post": "Letter by post"}
WAYS = {"email": "E-mail", "machine": "The authority's machine (JSON)"}
STANDS = {
    "queued": "It has not left yet, and goes by itself as soon as it can.",
    "sending": "It is leaving at this moment.",
    "accepted": "It was taken.",
    "unknown": "No answer came. It is not sent again; evidence, or the authority's answer, settles it.",
    "rejected": "It did not arrive; it may be sent again, or filed another way.",
}
NUMBER = Field("number", "Report", "number")
LATE = Field("late_reasons", "Why it is late, if it is", "text", required=False)
TOGETHER = Field(
    "together",
    "Why it stands for the reports before it too",
    "text",
    required=False,
    hint="Only where the law lets one filing stand for several.",
)


def send(visit: Visit, reference: str, said: dict[str, Any]) -> str:
    """Hand it over by e-mail or to a machine; what became of it is known at once, or settled by evidence."""
    desk = visit.desk()
    sending = Sending(said["way"], said["to"], said["because"], said["late_reasons"], said["together"])
    made = send_report(desk, reference, said["number"], sending)
    hand_in(desk, made.incident_id)
    with visit.reading() as session:
        left = last_dispatch(session, made.incident_id, said["number"])
    if left.way == "machine" and left.state == "accepted":
        return f"Report {said['number']} was taken by {left.address}; it is filed under the authority's reference {left.reference}."
    told = f"Report {said['number']} was given to {left.address}. {STANDS[left.state]}"
    return f"{told} ({left.detail})" if left.detail else told


def take_back(visit: Visit, reference: str, said: dict[str, Any]) -> str:
    """It surely did not arrive."""
    not_sent(visit.desk(), reference, said["number"], said["because"])
    return f"Report {said['number']} counts as not sent; it may be sent again, or filed another way."


def file(visit: Visit, reference: str, said: dict[str, Any]) -> str:
    """Record that a report was filed, with its proof; a call is its own."""
    name, proof = proof_of(said["proof"]) if said["proof"] else ("", b"")
    phone = said["channel"] == "phone"
    call = Call(said["spoken_to"], said["number_called"], said["note"]) if phone else None
    late, together = said["late_reasons"], said["together"]
    filing = Filing(said["channel"], said["authority_reference"], name, proof, said["at"], late, call, together)
    report = file_report(visit.desk(), reference, said["number"], filing)
    return f"Report {report.number} is filed, LATE." if report.late else f"Report {report.number} is filed, in time."


FORMS = (
    Form(
        "send-report",
        "Send the report to the authority",
        "Exactly what was approved goes, once. By e-mail it counts as filed when the authority has acknowledged it.",
        send,
        (
            NUMBER,
            Field("way", "Send it by", "choice", choices=WAYS),
            Field("to", "Another address than the rulebook's", required=False, hint="One plain e-mail address."),
            Field("because", "Who says that it is the right one", "text", required=False),
            LATE,
            TOGETHER,
        ),
        part="reports",
        grave=True,
    ),
    Form(
        "not-sent",
        "Say that a report did not arrive",
        "Only when that is sure: it came back, or the authority says that it has nothing.",
        take_back,
        (NUMBER, Field("because", "How you know", "text")),
        part="reports",
        grave=True,
    ),
    Form(
        "file-report",
        "Record that a report was filed",
        "Filed means that there is proof. The time is when it reached the authority; a late one needs its reasons.",
        file,
        (
            NUMBER,
            Field("channel", "Filed by", "choice", choices=CHANNELS),
            Field(
                "at",
                "Filed at",
                "moment",
                required=False,
                hint="Empty: now; or, for what was sent from here, when it left.",
            ),
            Field("authority_reference", "The authority's reference"),
            Field(
                "proof",
                "Proof of receipt",
                "file",
                required=False,
                hint="A PDF, picture, e-mail or text, 10 MB at most. A call needs none: its record is the proof.",
            ),
            LATE,
            TOGETHER,
            Field("spoken_to", "By telephone: who took it", required=False),
            Field("number_called", "By telephone: on which number", required=False),
            Field("note", "By telephone: what was said", "text", required=False, hint="Name no affected person."),
        ),
        part="reports",
        largest=11_000_000,
    ),
)
