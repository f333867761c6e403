"""Holds a call or a visit to what the person agreed: the code word before anything else, safe hours, a witness."""

from datetime import datetime, timedelta

from actions.choose_ways import Chosen, choose_ways
from actions.desk import Act
from actions.details import SafeContact
from actions.errors import Conflict
from actions.safe_hours import is_safe_hour, next_safe_hour
from db.models import Notice, Person

PAUSE = timedelta(hours=1)
"""Between a try that failed and the next, at the least, where nobody says when."""


def way_now(act: Act, notice: Notice) -> Chosen:
    """The way to the notice's person as it would be chosen at this moment."""
    [chosen] = choose_ways(act, [act.session.get_one(Person, notice.person_id)])
    return chosen


def agreed_with(chosen: Chosen) -> SafeContact | None:
    """The safe contact, where that is the way."""
    return chosen.known.details.safe if chosen.way.by_safe_contact else None


def check_told(notice: Notice, safe: SafeContact | None, *, code_word: bool, asked_first: bool, witness: str) -> None:
    """Raises Conflict where something was told without what makes it safe."""
    if safe is not None and safe.code_word and not code_word:
        raise Conflict(
            "The code word comes before anything is told (--code-word-given); if it did not come, record 'someone_else'."
        )
    if safe is not None and safe.ask_first and not asked_first:
        raise Conflict(
            "Say that it was asked again before if this way is still safe (--still-safe); what is safe changes."
        )
    if notice.channel == "in_person" and not witness.strip():
        raise Conflict("Say who else was there (--witness): nobody makes such a visit alone.")


def next_try(safe: SafeContact | None, at: datetime | None, now: datetime, zone: str) -> datetime | None:
    """When it is tried again: as asked, inside the safe hours only; where nobody says, when the next safe hour begins.

    Raises Conflict for a moment outside of them.
    """
    windows = safe.windows if safe else ()
    if at is None:
        return next_safe_hour(windows, now + PAUSE, zone)
    if not is_safe_hour(windows, at, zone):
        raise Conflict(f"That is outside the hours that they said are safe: {safe.hours if safe else ''} ({zone}).")
    return at
