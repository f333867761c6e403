"""How a wave is doing: what is left, how fast it goes, when it will be done, whether that is within the law's limit, and what to do if not."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from actions.ramp import allowed_on, ends_at
from db.models import Wave
from db.queries.notices import AUTOMATIC, Counts
from db.queries.sending import accepted_since, limit_of, put_off
from settings.model import Settings

LOOK_BACK = timedelta(minutes=2)
TO_LEAVE = ("drafted", "queued")
MOVING = ("sending", "unknown")


@dataclass(frozen=True)
class Outlook:
    """Messages that have yet to leave, those in the air, those that a person must tell; the pace; the end against the limit."""

    to_leave: int
    in_the_air: int
    for_a_person: int
    per_second: float | None
    today: int | None
    ends_at: datetime | None
    limit_at: datetime | None
    advice: str
    waiting: int
    waiting_until: datetime | None

    def as_json(self) -> dict[str, Any]:
        """The same as plain values."""
        return asdict(self)


def outlook(
    session: Session, settings: Settings, wave: Wave, counts: Counts, now: datetime, real_now: datetime
) -> Outlook:
    """The outlook as of *now*, the incident's time; counts come from an index, whatever the wave's size."""
    to_leave = sum(counts.get((state, way), 0) for state in TO_LEAVE for way in AUTOMATIC)
    moving = sum(counts.get((state, way), 0) for state in MOVING for way in AUTOMATIC)
    spoken = sum(number for (state, way), number in counts.items() if state == "queued" and way not in AUTOMATIC)
    left = accepted_since(session, wave, real_now - LOOK_BACK)
    measured = left / LOOK_BACK.total_seconds() if left and wave.launched_at else None
    begins = max(now, wave.hold_until) if wave.is_holding and wave.hold_until else now
    over = wave.state in ("done", "stopped")
    ends = None if over or not to_leave else ends_at(settings, to_leave, begins, measured)
    limit = limit_of(session, wave.incident_id)
    advice = "" if over or not to_leave else _advice(settings, wave, now, ends, limit)
    today = allowed_on(settings, real_now.date())
    return Outlook(to_leave, moving, spoken, measured, today, ends, limit, advice, *put_off(session, wave, real_now))


def _advice(settings: Settings, wave: Wave, now: datetime, ends: datetime | None, limit: datetime | None) -> str:
    if limit is None or (ends is not None and ends <= limit):
        return ""
    if now > limit:
        return "The limit has passed: let it all leave, and give the reasons for the delay with the duty."
    ways = [
        "send part by another channel that is warm, such as a second provider, or by letter",
        "raise the rate (FORTHWITH_RATE_PER_SECOND) as far as the provider allows",
    ]
    if allowed_on(settings, now.date()) is not None:
        ways.insert(0, "shorten the ramp of the sender (FORTHWITH_RAMP_PER_DAY), knowing that some may land in spam")
    if wave.is_holding:
        ways.insert(0, "release the rest now, with reasons")
    return f"At this pace it ends after the law's limit: {'; or '.join(ways)}."
