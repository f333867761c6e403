"""`forthwith approve`: binds a name, which is not the author's, to the exact text of a report or a wave."""

from collections.abc import Callable
from enum import StrEnum
from typing import Annotated
from uuid import UUID

import typer

from actions.approve_report import approve_report
from actions.approve_wave import approve_wave
from actions.desk import Desk
from cli.door import Door, Number, Reference, verb
from db.models import Approval


class Subject(StrEnum):
    """What can be approved."""

    REPORT = "report"
    WAVE = "wave"


ACTS: dict[Subject, Callable[[Desk, UUID | str, int, str | None], Approval]] = {
    Subject.REPORT: approve_report,
    Subject.WAVE: approve_wave,
}


@verb
def approve(
    door: Door,
    incident: Reference,
    subject: Annotated[Subject, typer.Argument(show_default=False)],
    number: Number,
    text: Annotated[
        str | None,
        typer.Option(
            metavar="SHA256", help="Only if it is still this text (its beginning will do).", show_default=False
        ),
    ] = None,
) -> None:
    """Approve the exact text of a report or a wave; never your own."""
    with door.desk() as desk:
        approval = ACTS[subject](desk, incident, number, text)
        told = {"subject": subject.value, "number": number, "content_sha256": approval.content_sha256}
        sentence = f"{approval.approved_by} approved {subject.value} {number}, exactly as it reads now ({approval.content_sha256[:12]})."
        door.done(
            desk, incident, sentence, approved=told | {"author": approval.author, "approved_by": approval.approved_by}
        )
