"""Sends the warnings to staff that are queued, each once: state before bytes, as for notices, and a mark outside the database after."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from contextvars import copy_context
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from actions import clock
from actions.alert_claims import AT_ONCE, Claimed, Lane, lanes, settle, take_up
from actions.alert_ways import Send, way_of
from actions.desk import Desk
from actions.marks import Marks
from actions.targets import LABEL
from channels.outcome import ChannelError, Halt, Refused, TryAgain

HANDS = 4
"""At most so many send e-mails at once. A target gets one of its own, so that one that is slow holds up no other way."""
TARGETS_ARE_TRIED_FOR = timedelta(minutes=10)
"""A target that did not say that it took a warning is given it again so long: a second copy is a smaller harm than none."""
LONGEST_LOOK_SECONDS = 40.0


@dataclass(frozen=True)
class _Look:
    desk: Desk
    marks: Marks
    until: float

    @property
    def over(self) -> bool:
        return clock.ticks() > self.until


def send_alerts(desk: Desk) -> int:
    """Send what is queued; returns how many were accepted. One that may not have gone is tried again at the next check."""
    take_up(desk)
    look = _Look(desk, Marks(desk.settings), clock.ticks() + LONGEST_LOOK_SECONDS)
    with ExitStack() as ways:
        found = [(lane, ways.enter_context(way_of(desk.settings, lane))) for lane in lanes(desk)]
        works = [(lane, send) for lane, send in found if send for _ in range(_hands(lane))]
        sent = _all(look, works)
    look.marks.forget(clock.now())
    return sent


def _hands(lane: Lane) -> int:
    return 1 if lane.label else min(HANDS, -(-lane.many // AT_ONCE))


def _all(look: _Look, works: list[tuple[Lane, Send]]) -> int:
    """Each lane on its own; what went wrong in one is raised when the others have ended."""
    if len(works) <= 1:
        return sum(_work(look, lane, send) for lane, send in works)
    with ThreadPoolExecutor(len(works), "alerts") as hands:
        jobs = [hands.submit(copy_context().run, _work, look, lane, send) for lane, send in works]
    return sum(job.result() for job in jobs)


def _work(look: _Look, lane: Lane, send: Send) -> int:
    """Claim a few, send them, settle them, until nothing waits, the way fails, or the look has lasted long enough."""
    sent = 0
    while not (lane.stopped or look.over) and (batch := lane.claim(look.desk)):
        with _settled(look) as outcomes:
            for one in batch:
                outcomes.append(one.became("queued", one.alert.detail))
            for place, one in enumerate(batch):
                if lane.stopped or look.over:
                    break
                outcomes[place] = one.became("sending")
                outcomes[place] = _send(look, lane, one, send)
                sent += outcomes[place]["to"] == "accepted" and not outcomes[place]["why"]
    return sent


@contextmanager
def _settled(look: _Look) -> Iterator[list[dict[str, Any]]]:
    """Whatever happens between, what is known is written: the marks first, then the rows. One that began stays as it is."""
    outcomes: list[dict[str, Any]] = []
    try:
        yield outcomes
    finally:
        look.marks.keep()
        settle(look.desk, [one for one in outcomes if one["to"] != "sending"])


def _send(look: _Look, lane: Lane, one: Claimed, send: Send) -> dict[str, Any]:
    if look.marks.has(*one.what):
        return one.became("accepted", "told before, says its mark outside the database; not told again")
    try:
        send(one.alert)
    except ChannelError as failure:
        lane.stopped = lane.stopped or failure.stops_run or bool(lane.label and not isinstance(failure, Refused))
        return one.became(_after(failure, one), str(failure))
    look.marks.add(clock.now(), *one.what)
    return one.became("accepted")


def _after(failure: ChannelError, one: Claimed) -> str:
    """What it is then: surely not sent, never to be sent, or nobody knows, and then a target is asked again for a while."""
    if isinstance(failure, TryAgain | Halt):
        return "queued"
    if isinstance(failure, Refused):
        return "rejected"
    young = clock.now() - one.alert.queued_at < TARGETS_ARE_TRIED_FOR
    return "queued" if one.alert.recipient.startswith(LABEL) and young else "unknown"
