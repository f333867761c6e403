"""`forthwith waive`: proposes that a duty is not required."""

from typing import Annotated

import typer

from actions.decide import decide
from cli.decide import Reasons, tell
from cli.door import Door, Reference, verb


@verb
def waive(
    door: Door,
    incident: Reference,
    duty: Annotated[str, typer.Argument(help="Such as uk-gdpr-33-1, or eu-gdpr-33-1@fr/cnil.", show_default=False)],
    reasons: Reasons = "",
) -> None:
    """Propose that a duty is not required, with reasons."""
    with door.desk() as desk:
        tell(door, desk, incident, decide(desk, incident, "waiver", duty, "not_required", reasons))
