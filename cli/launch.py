"""`forthwith launch`: lets an approved wave leave."""

from actions.launch import launch as let_go
from cli.door import Door, Number, Reference, verb


@verb
def launch(door: Door, incident: Reference, number: Number) -> None:
    """Launch an approved wave of notices."""
    with door.desk() as desk:
        wave = let_go(desk, incident, number)
        door.done(desk, incident, f"Wave {wave.number} ({wave.name}) is launched.", wave=wave.number, state=wave.state)
