"""The ways by which warnings leave during one look: e-mail for people, a target's own way for a target, a folder for an exercise."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import TypeAlias

from actions.alert_claims import Lane
from actions.targets import url_of
from actions.ways import channels_of
from channels.envelope import Envelope, message_id_of
from channels.outcome import Channel, ChannelError, Refused
from channels.push import Push
from db.models import Alert
from settings.model import Settings

Send: TypeAlias = Callable[[Alert], None]
"""Hands a warning over once. Raises ChannelError."""


@contextmanager
def way_of(settings: Settings, lane: Lane) -> Iterator[Send | None]:
    """How what is in this lane leaves; None when it cannot now: it stays queued, and 'doctor' says why."""
    if lane.label:
        yield lambda alert: _push(settings, alert)
        return
    channel = _ready(settings, lane)
    if channel is None:
        yield None
        return
    with closing(channel):
        yield lambda alert: _mail(settings, channel, alert)


def _push(settings: Settings, alert: Alert) -> None:
    if alert.sealed:
        raise Refused("an exercise reaches nothing outside the house")
    url = url_of(settings, alert.recipient)
    if url is None:
        raise Refused("this target is in the settings no more")
    Push(url).send(alert.subject, alert.text)


def _mail(settings: Settings, channel: Channel, alert: Alert) -> None:
    channel.send(_envelope(settings, alert))


def _ready(settings: Settings, lane: Lane) -> Channel | None:
    try:
        channel = channels_of(settings, lane.exercise)["email"]
    except ChannelError:
        return None
    try:
        channel.check()
    except ChannelError:
        channel.close()
        return None
    return channel


def _envelope(settings: Settings, alert: Alert) -> Envelope:
    return Envelope(
        nid=alert.id,
        to_address=alert.recipient,
        to_name=None,
        from_address=settings.from_address,
        from_name=settings.from_name or settings.organisation,
        reply_to=settings.reply_to or settings.contact_email or settings.from_address,
        subject=alert.subject,
        text=alert.text,
        html=None,
        message_id=message_id_of(alert.id, settings.from_address),
        dated_at=alert.queued_at,
        category=str(alert.incident_id or alert.intake_id),
    )
