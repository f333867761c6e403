"""The watchdog's look: is the deadline check alive? If not, it alarms, again and again, and says when the check is back."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from actions import clock
from actions.desk import Desk
from actions.keep_card import folder_of, keep_card
from actions.moments import far
from actions.sound_alarm import Due, sound_alarm
from actions.word_alert import title_of
from actions.write_whole import write_whole
from db.queries.heartbeat import last_heartbeat
from db.queries.next_limits import next_limits
from settings.model import Settings

STATE = "state.json"
COMING = 10
SLACK = timedelta(minutes=1)


@dataclass(frozen=True)
class Watch:
    """What the watchdog remembers between two looks; all of it fits on a line of JSON."""

    silent_since: str = ""
    alarms: int = 0
    alarmed_at: str = ""
    card: str = ""


@dataclass(frozen=True)
class Look:
    """What one look found and did: the trouble in words (none: all is well), whether it was told and to whom, the card's trouble."""

    trouble: str
    silent_since: datetime | None
    tried: bool = False
    told: tuple[str, ...] = ()
    back: bool = False
    card: str = ""


@dataclass(frozen=True)
class _Seen:
    beat_at: datetime | None
    trouble: str
    coming: tuple[Due, ...] = ()


def stand_watch(desk: Desk) -> Look:
    """Look once. Safe to call at any time; alarms are repeated at their interval however often it is called."""
    before = read_state(desk.settings)
    seen = _see(desk)
    card, wrong = _card(desk, before.card)
    if seen.trouble:
        look, after = _alarm(desk.settings, before, seen)
    else:
        look, after = _well(desk.settings, before, seen)
    write_whole(_path(desk.settings), json.dumps(asdict(replace(after, card=card))).encode())
    return replace(look, card=wrong)


def read_state(settings: Settings) -> Watch:
    """What was remembered; nothing, where the file is missing or not to be read."""
    try:
        return Watch(**json.loads(_path(settings).read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return Watch()


def _path(settings: Settings) -> Path:
    return folder_of(settings) / STATE


def _see(desk: Desk) -> _Seen:
    """The last beat and what comes next; a database that cannot be asked is a watch that nobody keeps."""
    now, allowed = clock.now(), timedelta(minutes=desk.settings.heartbeat_silence_minutes)
    try:
        with desk.reading() as session:
            beat = last_heartbeat(session)
            coming = tuple(
                Due(one.incident.reference, title_of(one.obligation), one.at, one.obligation.time_zone)
                for one in next_limits(session, COMING)[:COMING]
            )
    except DBAPIError:
        return _Seen(None, "The database cannot be asked, so nobody watches the deadlines.")
    if beat is None:
        return _Seen(None, "No deadline was ever checked here.", coming)
    if beat - now > SLACK:
        return _Seen(
            beat, f"This machine's clock is {far(beat - now)} behind the last check; every limit rests on it.", coming
        )
    if now - beat > allowed:
        return _Seen(beat, f"The deadline check is silent for {far(now - beat)}.", coming)
    return _Seen(beat, "", coming)


def _card(desk: Desk, before: str) -> tuple[str, str]:
    """Keep the card; what hinders it must not keep the alarm from sounding."""
    return _tried(lambda: keep_card(desk, before), before)


def _tried(work: Callable[[], str], before: str) -> tuple[str, str]:
    try:
        return work(), ""
    except Exception as error:  # noqa: BLE001 - the alarm matters more than the card; the door says what went wrong
        return before, f"the break-glass card could not be written: {type(error).__name__}"


def _alarm(settings: Settings, before: Watch, seen: _Seen) -> tuple[Look, Watch]:
    now = clock.now()
    since = seen.beat_at or (datetime.fromisoformat(before.silent_since) if before.silent_since else None)
    held = before if before.silent_since else replace(before, silent_since=(since or now).isoformat(), alarms=0)
    pause = timedelta(minutes=settings.watchdog_repeat_minutes)
    if held.alarms and now - datetime.fromisoformat(held.alarmed_at) < pause:
        return Look(seen.trouble, since), held
    told = sound_alarm(settings, "silent_scheduler", seen.trouble, since, seen.coming)
    return Look(seen.trouble, since, True, told), replace(held, alarms=held.alarms + 1, alarmed_at=now.isoformat())


def _well(settings: Settings, before: Watch, seen: _Seen) -> tuple[Look, Watch]:
    if not before.alarms:
        return Look("", None), replace(before, silent_since="")
    since = datetime.fromisoformat(before.silent_since)
    told = sound_alarm(
        settings, "watch_is_back", "The deadline check runs again and has caught up.", since, seen.coming
    )
    return Look("", since, True, told, back=True), replace(before, silent_since="", alarms=0, alarmed_at="")
