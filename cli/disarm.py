"""`forthwith disarm`: stops what a policy would file by itself."""

from typing import Annotated

import typer

from actions.mind_switches import stop_switch
from cli.door import Door, Reference, verb


@verb
def disarm(
    door: Door,
    incident: Reference,
    duty: Annotated[str, typer.Argument(help="The duty, as 'forthwith show' names it.", show_default=False)],
    reasons: Annotated[str, typer.Option(help="Why it is not to be filed by itself.", show_default=False)] = "",
) -> None:
    """Stop a report that a policy would file by itself; its duty is owed all the same."""
    with door.desk() as desk:
        switch = stop_switch(desk, incident, duty, reasons)
        sentence = f"Stopped by {switch.ended_by}: nothing files {duty} by itself any more, and it is still owed."
        door.done(desk, incident, sentence, stopped=duty, policy=switch.policy)
