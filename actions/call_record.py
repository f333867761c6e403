"""Writes the record of a call in which a report was given by telephone: who spoke with whom, when, on which number."""

from dataclasses import dataclass
from datetime import datetime

from actions.errors import Conflict
from db.models import Report


@dataclass(frozen=True, repr=False)
class Call:
    """What the caller says of the call. The person at the authority is named in the record alone, which is sealed."""

    spoken_to: str
    number: str
    note: str = ""

    def __repr__(self) -> str:
        return "Call()"


def record_of(
    report: Report, call: Call | None, reference: str, at: datetime, by: str, attached: bytes
) -> tuple[str, bytes]:
    """The record's name and bytes; what was handed in beside it goes along by its end. Raises Conflict for an empty one."""
    if call is None or not call.spoken_to.strip() or not call.number.strip():
        raise Conflict(
            "A report by telephone needs its record: who took it (--spoken-to), on which number (--number-called), "
            "and the reference that they gave (--reference)."
        )
    lines = (
        "RECORD OF A CALL: A REPORT GIVEN BY TELEPHONE",
        f"Report: {report.number}, content sha256 {report.content_sha256}",
        f"When: {at.isoformat()}",
        f"Given by: {by}",
        f"Taken by: {call.spoken_to.strip()}",
        f"Number called: {call.number.strip()}",
        f"Reference given: {reference.strip()}",
        f"What was said: {call.note.strip() or '-'}",
    )
    record = ("\n".join(lines) + "\n").encode()
    return f"call-about-report-{report.number}.txt", record + (b"\n" + attached if attached else b"")
