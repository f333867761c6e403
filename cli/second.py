"""`forthwith second`: the second person's word on a grave decision."""

from typing import Annotated

import typer

from actions.decide import second as confirm
from cli.decide import tell
from cli.door import Door, Number, Reference, verb


@verb
def second(
    door: Door,
    incident: Reference,
    number: Number,
    refuse: Annotated[bool, typer.Option("--refuse", help="Say no.")] = False,
    because: Annotated[str, typer.Option(help="Why not.", show_default=False)] = "",
) -> None:
    """Confirm, or refuse, what someone else proposed."""
    with door.desk() as desk:
        tell(door, desk, incident, confirm(desk, incident, number, agree=not refuse, because=because))
