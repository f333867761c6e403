"""Sets a deployment up on the way, for the few verbs that may be the first on a machine."""

from actions.found import found
from cli.door import Door


def found_first(door: Door) -> None:
    """Make what is missing, and say where the new master key is. Safe to repeat."""
    made = found(door.settings, door.actor)
    if made.made_key:
        door.note(
            f"Forthwith was set up in {made.home}. Its master key is {made.key_file}: keep a copy elsewhere, losing it loses the people's data."
        )
