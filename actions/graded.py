"""How well it is proved that someone was told, in words that are fixed: none of them ever says that a message was read."""

from datetime import datetime
from typing import NamedTuple

from db.models import Attempt, Event, Notice, Receipt

HANDED_OVER = {
    "outbox": "handed over to the outbox folder",
    "letter": "laid down to be printed",
    "smtp": "accepted by the mail server that we hand over to",
}
NAMES_ITSELF = ("notify", "notify-letter", "letter")
"""Ways whose copies carry no Message-ID of ours."""
TRIED = {
    "sending": "being handed over at this moment",
    "unknown": "handed over, perhaps: the answer was lost",
    "rejected": "refused by the provider",
    "not_sent": "not handed over",
}
EVENTS = {
    "taken": "accepted by the provider",
    "delayed": "put off by the recipient's mail server",
    "delivered": "accepted by the recipient's mail server",
    "complained": "marked as unwanted where it arrived",
    "bounced": "returned",
    "blocked": "refused by the recipient's mail server",
    "dropped": "not sent on by the provider",
    "other": "something else was told by the provider",
}
SPOKEN = {
    "told_by_telephone": "spoken to by telephone, recorded by who rang",
    "told_in_person": "spoken to in person, recorded by who visited",
}
STATES = {
    "drafted": "written, not approved to leave",
    "held": "held back",
    "queued": "waiting for its turn",
    "sending": "being handed over at this moment",
    "unknown": "handed over, perhaps: evidence is looked for",
    "accepted": "handed over and accepted",
    "delivered": "accepted by the recipient's mail server",
    "bounced": "returned",
    "rejected": "refused",
    "told": "told by a person",
    "unreached": "not reached",
    "cancelled": "called back, and never sent",
}
"""What a notice's state means to whoever reads a proof."""


class Step(NamedTuple):
    """One thing that happened to a notice: when, what in the fixed words, and by what it is proved."""

    at: datetime
    words: str
    proof: str


def tried(attempt: Attempt) -> Step:
    """One try to hand it over."""
    inside = attempt.channel.startswith("sealed-")
    handed = "handed over inside the exercise" if inside else HANDED_OVER.get(attempt.channel, EVENTS["taken"])
    words = handed if attempt.state == "accepted" else TRIED[attempt.state]
    same = "" if attempt.channel in NAMES_ITSELF else ", under the same Message-ID"
    copy = f"; a second copy is possible{same}" if attempt.possible_second_copy else ""
    proof = f"attempt {attempt.number}, {attempt.channel} {attempt.reference or ''}".strip()
    return Step(attempt.ended_at or attempt.started_at, words + copy, proof)


def heard(event: Event) -> Step:
    """One thing that a provider told."""
    return Step(event.at, EVENTS[event.kind], f"told by {event.provider}: {event.code}".removesuffix(": "))


def spoken(receipt: Receipt) -> Step | None:
    """A conversation; what a channel accepted stands with its attempt."""
    if receipt.kind not in SPOKEN:
        return None
    return Step(receipt.at, SPOKEN[receipt.kind], f"{receipt.recorded_by}; {receipt.name or 'no witness'}")


def standing(notice: Notice) -> str:
    """Where it stands, in the fixed words."""
    because = f" ({notice.ended_because.replace('_', ' ')})" if notice.ended_because else ""
    return STATES[notice.state] + because
