"""What an event may do to its notice: a pure table that only leads forward, so that the order of arrival does not matter."""

from collections.abc import Mapping

ACCEPTED, DELIVERED, FAILED = "accepted", "delivered", "bounced"

LEADS_TO: Mapping[str, str] = {
    "taken": ACCEPTED,
    "delayed": ACCEPTED,
    "delivered": DELIVERED,
    "complained": DELIVERED,
    "bounced": FAILED,
    "blocked": FAILED,
    "dropped": FAILED,
}
"""Who complains of a message has it. A late bounce overrides a delivery: some servers take first and refuse afterwards."""

RANK: Mapping[str, int] = {"queued": 0, "unknown": 0, ACCEPTED: 1, DELIVERED: 2, FAILED: 3}
"""A queued notice is moved only where an earlier attempt of unknown fate stands: the event is about that one."""

WAITS = ("sending",)
"""The answer to the attempt is being written down at this moment; its event waits for the next look."""


def step(state: str, kind: str) -> str | None:
    """The state that an event of this kind leads a notice to, or None if it is there or beyond already, or was ended otherwise."""
    target = LEADS_TO.get(kind)
    if target is None or state not in RANK:
        return None
    return target if RANK[target] > RANK[state] else None


def why(kind: str, code: str) -> str:
    """The reason of a failure, in words that hold no address."""
    says = {
        "bounced": "the receiving server refused it",
        "blocked": "the receiving server refused us as sender",
        "dropped": "the provider did not try",
    }
    return f"{says[kind]} ({code.replace('_', ' ')})" if code else says[kind]
