"""`forthwith take`: acknowledges a hand-over."""

from typing import Annotated

import typer

from actions.hand_over import take_over
from cli.door import Door, Reference, verb
from cli.words import plain


@verb
def take(
    door: Door,
    incident: Reference,
    hop: Annotated[str, typer.Option(help="Which hand-over.")] = "manager_to_dpo",
) -> None:
    """Acknowledge that the incident was handed over to you."""
    with door.desk() as desk:
        row = take_over(desk, incident, hop)
        hours = (row.taken_at - row.given_at).total_seconds() / 3600 if row.taken_at else 0.0
        door.done(
            desk,
            incident,
            f"{row.taken_by} has it: {plain(row.hop)}, {hours:.1f} hours after it was given.",
            hop=row.hop,
            taken_at=row.taken_at,
        )
