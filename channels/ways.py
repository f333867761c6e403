"""Builds the channels that a deployment has chosen, one for each kind of message."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from channels.notify import NotifyEmail, NotifyLetter, NotifySettings
from channels.outbox import Outbox
from channels.outcome import Halt
from channels.sendgrid import SendGrid, SendGridSettings
from channels.smtp import Smtp, SmtpSettings

if TYPE_CHECKING:
    from pathlib import Path

    from channels.outcome import Channel


@dataclass(frozen=True)
class ChannelSettings:
    """What a deployment says of its ways out. Until it names a provider, e-mails stay in the outbox folder."""

    outbox: Path
    email: Literal["outbox", "smtp", "sendgrid", "notify"] = "outbox"
    letter: Literal["outbox", "notify"] = "outbox"
    smtp: SmtpSettings | None = None
    sendgrid: SendGridSettings | None = None
    notify: NotifySettings | None = None


def ways(settings: ChannelSettings) -> dict[str, Channel]:
    """For each kind of message the one channel that carries it. Halt if what was chosen is not configured."""
    return {
        "email": _email(settings),
        "letter": _letter(settings),
    }


def _email(settings: ChannelSettings) -> Channel:
    if settings.email == "outbox":
        return Outbox(settings.outbox / "email")
    if settings.email == "smtp" and settings.smtp is not None:
        return Smtp(settings.smtp)
    if settings.email == "sendgrid" and settings.sendgrid is not None:
        return SendGrid(settings.sendgrid)
    if settings.email == "notify" and settings.notify is not None:
        return NotifyEmail(settings.notify)
    raise Halt(f"the channel {settings.email} is chosen but not configured")


def _letter(settings: ChannelSettings) -> Channel:
    if settings.letter == "outbox":
        return Outbox(settings.outbox / "letters", kind="letter", name="letter")
    if settings.notify is not None:
        return NotifyLetter(settings.notify)
    raise Halt("the channel notify is chosen for letters but not configured")
