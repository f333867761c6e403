"""`forthwith report send` and `not-sent`: hand an approved report over by e-mail or to an authority's machine, once."""

from typing import Annotated

import typer

from actions.desk import Desk, find
from actions.hand_in import hand_in
from actions.moments import spelt
from actions.send_report import Sending, not_sent, send_report
from cli.door import Door, Number, Reference, verb
from cli.words import plain
from db.models import Dispatch
from db.queries.dispatches import last_dispatch

Together = Annotated[
    str,
    typer.Option(help="Why it stands for the reports before it too, where the law lets it.", show_default=False),
]
Because = Annotated[str, typer.Option("--because", help="Why, in a sentence.", show_default=False)]


@verb
def send(
    door: Door,
    incident: Reference,
    number: Number,
    by: Annotated[str, typer.Option(help="email or machine.")] = "email",
    to: Annotated[
        str, typer.Option(metavar="ADDRESS", help="Another address than the rulebook's.", show_default=False)
    ] = "",
    because: Because = "",
    late_reasons: Annotated[str, typer.Option(help="Why it is late, if it is.", show_default=False)] = "",
    together: Together = "",
) -> None:
    """Send an approved report to the authority, by e-mail or to its machine; never twice."""
    with door.desk() as desk:
        made = send_report(desk, incident, number, Sending(by, to, because, late_reasons, together))
        hand_in(desk, made.incident_id)
        _tell(door, desk, incident, number)


@verb
def take_back(door: Door, incident: Reference, number: Number, because: Because = "") -> None:
    """Say that a report that was sent surely did not arrive, so that it may go again."""
    with door.desk() as desk:
        not_sent(desk, incident, number, because)
        _tell(door, desk, incident, number)


def said_of(one: Dispatch, number: int, zone: str) -> str:
    """What became of a dispatch, and what to do next."""
    where = f"Report {number} by {one.way} to {one.address}"
    at = spelt(one.handed_over_at, zone) if one.handed_over_at else ""
    ends = {
        "queued": f"is queued and has not left yet{f': {one.detail}' if one.detail else ''}. It goes by itself as soon as it can.",
        "sending": "is leaving at this moment.",
        "accepted": f"was taken on {at} ({one.detail}). "
        + (
            f"The authority has acknowledged it; it is filed under the reference {one.reference}."
            if one.way == "machine"
            else "It counts as filed once the authority's acknowledgement is recorded: 'forthwith report file --channel email'."
        ),
        "unknown": f"left on {at}, and no answer came: {one.detail}. It is not sent again; evidence, or the authority's answer, settles it.",
        "rejected": f"did not arrive: {one.detail}. It may be sent again, or filed another way.",
    }
    return f"{where} {ends[one.state]}"


def _tell(door: Door, desk: Desk, incident: str, number: int) -> None:
    names = ("way", "address", "source", "state", "asked_by", "handed_over_at", "sent_sha256", "reference", "detail")
    with desk.reading() as session:
        found = find(session, incident)
        one = last_dispatch(session, found.id, number)
        zone = found.time_zone
    told = {name: getattr(one, name) for name in names}
    sentence = said_of(one, number, zone)
    door.done(desk, incident, sentence, dispatch=told | {"report": number, "stands": plain(one.state)})
