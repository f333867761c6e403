"""The canary of a wave: how many go first, and whether what became of them lets the rest follow. Pure arithmetic."""

import math
from collections.abc import Mapping

SHARE = 0.01
MOST = 50
FROM = 20
"""A wave of fewer e-mails than this has no canary: its rest would be hardly more than the canary itself."""
FAILED = ("bounced", "rejected")
JUDGED = ("accepted", "delivered", *FAILED, "unreached")
"""States that say something about an address; what is cancelled says nothing, what is still open is waited for."""
OPEN = ("queued", "sending", "unknown")


def size(mails: int) -> int:
    """How many of so many e-mails go first: 1 % or 50, whichever is less, one at least; 0 where there is no canary."""
    return 0 if mails < FROM else max(1, min(MOST, math.floor(mails * SHARE)))


def broken(states: Mapping[str, int], complaints: int, bounce_percent: float, complaint_percent: float) -> str:
    """Which limit the canary has broken, in a sentence; empty while it keeps them."""
    judged = sum(states.get(state, 0) for state in JUDGED)
    failed = sum(states.get(state, 0) for state in (*FAILED, "unreached"))
    for count, limit, what in (
        (failed, bounce_percent, "bounced or were refused"),
        (complaints, complaint_percent, "were reported as spam"),
    ):
        if judged and 100 * count / judged > limit:
            return f"{count} of the first {judged} messages {what}: {100 * count / judged:.3g} %, more than {limit:g} %"
    return ""


def is_settled(states: Mapping[str, int]) -> bool:
    """Whether nothing of the canary is on its way any more."""
    return not any(states.get(state) for state in OPEN)
