"""What an act may answer instead of being done.

Conflict            not now, or not so: one sentence that says why and what to do; nothing was written
├── NotFound        there is no such incident, duty, task …
├── Stale           what the act rested on has changed since; look again
└── NotSignedIn     who you say you are was not proven
    └── TooManyTries    too many wrong tries; it says when the next one counts
"""

from datetime import datetime


class Conflict(Exception):
    """The act is refused: not now, or not so. The text is for the person who tried, and holds no data of affected people."""


class NotFound(Conflict):
    """There is nothing of that name or number."""


class Stale(Conflict):
    """What the act rested on has changed since it was read."""


class NotSignedIn(Conflict):
    """Who one says one is was not proven; the sentence never tells what of it was wrong."""


class TooManyTries(NotSignedIn):
    """Too many wrong tries: the next one counts from *until* on."""

    def __init__(self, sentence: str, until: datetime) -> None:
        super().__init__(sentence)
        self.until = until
