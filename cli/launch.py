"""`forthwith launch`: lets an approved wave leave."""

from typing import Annotated

import typer

from actions.launch import launch as let_go
from actions.moments import spelt
from cli.door import Door, Number, Reference, verb
from cli.words import count


@verb
def launch(
    door: Door,
    incident: Reference,
    number: Number,
    urgent: Annotated[
        str, typer.Option(metavar="REASONS", help="Why all must go at once, with no canary.", show_default=False)
    ] = "",
) -> None:
    """Launch an approved wave of notices."""
    with door.desk() as desk:
        wave = let_go(desk, incident, number, urgent=urgent)
        sentence = f"Wave {wave.number} ({wave.name}) is launched."
        if wave.is_holding and wave.canary_size and wave.hold_until:
            first = count(wave.canary_size, "e-mail goes", "e-mails go")
            sentence += f" {first} first; the rest is held, and watched for until {spelt(wave.hold_until)}."
        door.done(
            desk,
            incident,
            sentence,
            wave=wave.number,
            state=wave.state,
            canary=wave.canary_size,
            hold_until=wave.hold_until,
        )
