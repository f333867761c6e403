"""Which ways out an incident has: the deployment's own, or, for an exercise, a folder and nothing else."""

from pathlib import Path

from channels.authority import Authority, AuthoritySettings
from channels.notify import NotifySettings
from channels.outcome import Channel, Halt
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


def report_channel(settings: Settings, exercise: Exercise | None, way: str, authority: str) -> Channel:
    """What carries a report this way. In an exercise either way ends in its folder. Raises Halt where nothing is configured."""
    if exercise is not None or way == "email":
        return channels_of(settings, exercise)["email"]
    url, token = settings.authority_machines.get(authority), settings.authority_tokens.get(authority)
    if url is None:
        raise Halt("the settings name no machine of this authority")
    return Authority(AuthoritySettings(url, token.get_secret_value() if token else ""))


def _chosen(settings: Settings) -> ChannelSettings:
    smtp = SmtpSettings(
        host=settings.smtp_host,
        port=settings.smtp_port,
        security=settings.smtp_security,
        username=settings.smtp_username or None,
        password=settings.smtp_password.get_secret_value() or None,
        bounce_address=settings.bounce_address or None,
    )
    sendgrid = SendGridSettings(
        api_key=settings.sendgrid_api_key.get_secret_value(),
        region=settings.sendgrid_region,
        base_url=settings.sendgrid_host or None,
    )
    notify = NotifySettings(
        api_key=settings.notify_api_key.get_secret_value(),
        email_template=settings.notify_email_template,
        reply_to=settings.notify_reply_to,
        postage=settings.notify_postage,
        host=settings.notify_host,
    )
    return ChannelSettings(
        outbox=settings.outbox_folder,
        email=settings.email_channel,
        letter=settings.letter_channel,
        smtp=smtp if settings.smtp_host else None,
        sendgrid=sendgrid if settings.email_channel == "sendgrid" else None,
        notify=notify if "notify" in (settings.email_channel, settings.letter_channel) else None,
    )
