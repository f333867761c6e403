"""The ways by which warnings leave during one look: e-mail for people, a target's own way for a target, a folder for an exercise."""

from uuid import UUID

from actions.targets import LABEL, url_of
from actions.ways import channels_of
from channels.envelope import Envelope, message_id_of
from channels.outcome import Channel, ChannelError, Refused, TryAgain
from channels.push import Push
from db.models import Alert, Exercise
from settings.model import Settings


class AlertWays:
    """Opened when first needed. A target that failed is left alone for the rest of the look, so that it cannot hold up the others."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._mail: dict[UUID | None, Channel | None] = {}
        self._failed: set[str] = set()

    def open(self, alert: Alert, exercise: Exercise | None) -> bool:
        """Whether this one can go now; if not it stays queued, and 'doctor' says why."""
        if alert.recipient.startswith(LABEL):
            return alert.recipient not in self._failed
        return self._channel(exercise) is not None

    def send(self, alert: Alert, exercise: Exercise | None) -> None:
        """Hand it over once. Raises ChannelError."""
        if alert.recipient.startswith(LABEL):
            self._push(alert)
        elif channel := self._channel(exercise):
            channel.send(_envelope(self._settings, alert))
        else:
            raise TryAgain("there is no way to send an e-mail now")

    def close(self) -> None:
        """Let connections go."""
        for channel in self._mail.values():
            if channel is not None:
                channel.close()

    def _push(self, alert: Alert) -> None:
        if alert.sealed:
            raise Refused("an exercise reaches nothing outside the house")
        url = url_of(self._settings, alert.recipient)
        if url is None:
            raise Refused("this target is in the settings no more")
        try:
            Push(url).send(alert.subject, alert.text)
        except ChannelError:
            self._failed.add(alert.recipient)
            raise

    def _channel(self, exercise: Exercise | None) -> Channel | None:
        world = exercise.id if exercise else None
        if world not in self._mail:
            self._mail[world] = self._ready(exercise)
        return self._mail[world]

    def _ready(self, exercise: Exercise | None) -> Channel | None:
        try:
            channel = channels_of(self._settings, exercise)["email"]
            channel.check()
        except ChannelError:
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
