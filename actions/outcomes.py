"""What becomes of a notice after an attempt at it: a pure table from what the channel said to the next state."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from channels.outcome import Accepted, ChannelError, Halt, Refused, TryAgain

MOST_TRIES = 8
"""Attempts that surely did not leave; after so many a person looks at the address. A full queue (429) never counts."""
FIRST_WAIT = 5.0
LONGEST_WAIT = 900.0
SLOW_DOWN = ("429",)


@dataclass(frozen=True)
class Outcome:
    """What an attempt came to. Its words come from the channel, which puts no personal data in them."""

    attempt: str
    notice: str
    reference: str | None = None
    detail: dict[str, Any] = field(default_factory=dict)
    again_in: timedelta | None = None
    pause: float = 0.0
    slow_down: bool = False
    stops_run: bool = False
    needs_person: bool = False


def outcome_of(answer: Accepted | ChannelError, tries: int, *, may_go_again: bool) -> Outcome:
    """The outcome of the *tries*-th attempt. *may_go_again* is false for whom no message may go to any more."""
    if isinstance(answer, Accepted):
        return Outcome("accepted", "accepted", answer.reference, {"how": answer.detail}, pause=answer.pause or 0.0)
    detail = {"reason": answer.reason, "code": answer.code}
    if isinstance(answer, Refused):
        return Outcome("rejected", "rejected", detail=detail)
    if isinstance(answer, Halt):
        return Outcome("not_sent", _back(may_go_again), detail=detail, stops_run=True, needs_person=True)
    if isinstance(answer, TryAgain):
        return _later(answer, tries, detail, may_go_again)
    return Outcome("unknown", "unknown", detail=detail, stops_run=answer.stops_run, needs_person=answer.stops_run)


def _later(answer: TryAgain, tries: int, detail: dict[str, Any], may_go_again: bool) -> Outcome:
    """Surely not sent: again later, unless it was tried too often or may not go at all."""
    back = _back(may_go_again)
    if answer.code in SLOW_DOWN:
        return Outcome("not_sent", back, detail=detail, pause=answer.retry_after or 0.0, slow_down=True)
    if answer.stops_run:
        return Outcome("not_sent", back, detail=detail, pause=answer.retry_after or 0.0, stops_run=True)
    if tries >= MOST_TRIES:
        return Outcome("not_sent", "rejected", detail=detail)
    wait = answer.retry_after or min(FIRST_WAIT * 2 ** (tries - 1), LONGEST_WAIT)
    return Outcome("not_sent", back, detail=detail, again_in=timedelta(seconds=wait))


def _back(may_go_again: bool) -> str:
    return "queued" if may_go_again else "cancelled"
