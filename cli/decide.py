"""`forthwith decide`: a person's choice, with reasons."""

from typing import Annotated

import typer

from actions.decide import decide as record
from actions.desk import Desk
from actions.moments import read_moment
from cli.door import Door, Reference, verb
from cli.words import plain
from db.models import Decision

SHORT = {"awareness": "awareness_change"}
Reasons = Annotated[str, typer.Option("--reasons", help="Why, in a sentence or more.", show_default=False)]


@verb
def decide(
    door: Door,
    incident: Reference,
    kind: Annotated[str, typer.Argument(help="risk, awareness, or another kind of decision.", show_default=False)],
    choice: Annotated[
        str, typer.Argument(help="What is decided: unlikely, risk or high; a time; a word.", show_default=False)
    ],
    reasons: Reasons = "",
    about: Annotated[
        str, typer.Option(help="The duty, person or task that it is about.", show_default="the incident")
    ] = "",
    review_at: Annotated[str | None, typer.Option(help="When it must be looked at again.", show_default=False)] = None,
) -> None:
    """Decide, with reasons; grave decisions wait for a second person."""
    review = read_moment(review_at, "--review-at") if review_at else None
    kind = SHORT.get(kind, kind)
    with door.desk() as desk:
        decision = record(desk, incident, kind, about or incident.upper(), choice, reasons, review_at=review)
        tell(door, desk, incident, decision)


def tell(door: Door, desk: Desk, incident: str, decision: Decision) -> None:
    """Say what became of a decision: it stands, or waits for someone else."""
    name = f"Decision {decision.number} ({plain(decision.kind)}: {plain(decision.choice)})"
    ends = {
        "proposed": f"is proposed and changes nothing yet; someone other than {decision.decided_by} must confirm it.",
        "stands": "stands.",
        "refused": "is refused.",
    }
    told = {
        name: getattr(decision, name)
        for name in ("number", "kind", "about", "choice", "reasons", "state", "decided_by", "seconded_by")
    }
    door.done(desk, incident, f"{name} {ends[decision.state]}", decision=told)
