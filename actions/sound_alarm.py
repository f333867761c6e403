"""Sounds an alarm about the watch itself, without the database: by the e-mail channel and every alarm target, each on its own."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import uuid4

from actions import clock
from actions.targets import every_target
from actions.ways import channels_of
from channels.envelope import Envelope, message_id_of
from channels.outcome import Channel, ChannelError
from channels.push import Push
from notices.alert import Alert, alert
from settings.model import Settings

NEXT = {
    "silent_scheduler": (
        "On the machine that runs it: 'forthwith doctor' says what is missing, 'forthwith up' starts it. If it cannot be started, "
        "open the break-glass card ('forthwith watchdog open card.txt', or python card.py in the folder watchdog) and act by it."
    ),
    "clock_jumped": "Look at the machine's clock now: if it is wrong, set it right within ten minutes, and nothing is told falsely.",
    "watch_is_back": "Look at what was caught up: 'forthwith due'. Find out why it had stopped.",
}

Kind = Literal["silent_scheduler", "watch_is_back", "clock_jumped"]


@dataclass(frozen=True)
class Due:
    """One line of what comes next."""

    reference: str
    matter: str
    due_at: datetime
    zone: str


def sound_alarm(
    settings: Settings,
    kind: Kind,
    trouble: str,
    since: datetime | None = None,
    coming: Sequence[Due] = (),
) -> tuple[str, ...]:
    """Tell everyone who is named and every target; gives whom it reached. One that fails keeps no other from its alarm."""
    people = [settings.owner, settings.deputy, settings.executive, settings.data_protection_officer]
    people = list(dict.fromkeys(one for one in people if one))
    told = {"matter": trouble, "next_step": NEXT[kind], "now_at": clock.now(), "zone": settings.time_zone}
    told |= {"since_at": since, "told": tuple(people), "coming": tuple(vars(one) for one in coming)}
    message = alert(kind, told)
    return (*_mailed(settings, people, message), *_pushed(settings, kind, trouble))


def _mailed(settings: Settings, people: Sequence[str], message: Alert) -> list[str]:
    try:
        channel = channels_of(settings, None)["email"]
    except ChannelError:
        return []
    with closing(channel):
        if not _ready(channel):
            return []
        return [person for person in people if _sent(settings, channel, person, message)]


def _ready(channel: Channel) -> bool:
    try:
        channel.check()
    except ChannelError:
        return False
    return True


def _sent(settings: Settings, channel: Channel, person: str, message: Alert) -> bool:
    nid = uuid4()
    try:
        channel.send(
            Envelope(
                nid=nid,
                to_address=person,
                to_name=None,
                from_address=settings.from_address,
                from_name=settings.from_name or settings.organisation,
                reply_to=settings.reply_to or settings.contact_email or settings.from_address,
                subject=message.subject,
                text=message.text,
                html=None,
                message_id=message_id_of(nid, settings.from_address),
                dated_at=clock.now(),
                category=str(nid),
            )
        )
    except (ChannelError, OSError):
        return False
    return True


def _pushed(settings: Settings, kind: Kind, trouble: str) -> list[str]:
    told = []
    for url in every_target(settings):
        target = Push(url)
        try:
            target.send(SUBJECTS[kind], f"{trouble} {NEXT[kind]}")
        except ChannelError:
            continue
        told.append(target.name)
    return told


SUBJECTS = {
    "clock_jumped": "The clock of a machine that watches the deadlines jumped",
    "silent_scheduler": "Nobody is watching the deadlines",
    "watch_is_back": "The deadlines are watched again",
}
