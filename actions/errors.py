"""What an act may answer instead of being done.

Conflict            not now, or not so: one sentence that says why and what to do; nothing was written
├── NotFound        there is no such incident, duty, task …
└── Stale           what the act rested on has changed since; look again
"""


class Conflict(Exception):
    """The act is refused: not now, or not so. The text is for the person who tried, and holds no data of affected people."""


class NotFound(Conflict):
    """There is nothing of that name or number."""


class Stale(Conflict):
    """What the act rested on has changed since it was read."""
