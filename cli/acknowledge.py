"""`forthwith acknowledge`: says that one has what was warned of."""

from typing import Annotated

import typer

from actions.acknowledge import acknowledge as acknowledge_
from cli.door import Door, Reference, verb
from cli.words import count


@verb
def acknowledge(
    door: Door,
    incident: Reference,
    of: Annotated[
        str,
        typer.Option("--of", metavar="DUTY", help="Only of this duty or hand-over.", show_default="every warning told"),
    ] = "",
) -> None:
    """Say that you have what was warned of: it is not told again; later warnings are."""
    with door.desk() as desk:
        told = acknowledge_(desk, incident, of)
        warnings = count(len(told), "warning", "warnings")
        door.done(
            desk, incident, f"{desk.actor} has it: {warnings} acknowledged ({', '.join(told)}).", acknowledged=told
        )
