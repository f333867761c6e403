"""`forthwith close`: ends an incident in which nothing is left undone."""

from actions.close import close as end
from cli.decide import Reasons
from cli.door import Door, Reference, verb


@verb
def close(door: Door, incident: Reference, reasons: Reasons = "") -> None:
    """Close an incident in which nothing is left undone."""
    with door.desk() as desk:
        closed = end(desk, incident, reasons)
        door.done(desk, incident, f"{closed.reference} is closed; its record stays.", closed_at=closed.closed_at)
