"""Which ways out an incident has: the deployment's own, or, for an exercise, a folder and nothing else."""

from pathlib import Path

from channels.outcome import Channel
from channels.sealed import sealed_ways
from channels.sendgrid import SendGridSettings
from channels.smtp import SmtpSettings
from channels.ways import ChannelSettings, ways
from db.models import Exercise
from settings.model import Settings


def channels_of(settings: Settings, exercise: Exercise | None) -> dict[str, Channel]:
    """The channels by kind of message. Those of an exercise are built from its folder alone. Raises Halt."""
    if exercise is not None:
        return sealed_ways(Path(exercise.folder))
    return ways(_chosen(settings))


def _chosen(settings: Settings) -> ChannelSettings:
    smtp = SmtpSettings(
        host=settings.smtp_host,
        port=settings.smtp_port,
        security=settings.smtp_security,
        username=settings.smtp_username or None,
        password=settings.smtp_password.get_secret_value() or None,
    )
    sendgrid = SendGridSettings(
        api_key=settings.sendgrid_api_key.get_secret_value(),
        region=settings.sendgrid_region,
        base_url=settings.sendgrid_host or None,
    )
    return ChannelSettings(
        outbox=settings.outbox_folder,
        email=settings.email_channel,
        smtp=smtp if settings.smtp_host else None,
        sendgrid=sendgrid if settings.email_channel == "sendgrid" else None,
    )
