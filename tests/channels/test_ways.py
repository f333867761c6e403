"""A deployment gets the channels that it chose, and the folder until it has chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from channels.notify import NotifySettings
from channels.outcome import Channel, Halt
from channels.sendgrid import SendGridSettings
from channels.smtp import SmtpSettings
from channels.ways import ChannelSettings, ways

if TYPE_CHECKING:
    from pathlib import Path

SMTP = SmtpSettings("mail.example.org", password="an-invented-password")
SENDGRID = SendGridSettings("SG.invented-key")
NOTIFY = NotifySettings(
    "26785a09-ab16-4eb0-8407-a37497a57506-3d844edf-8d35-48ac-975b-e847b4f122b0", "9d751e0e-f929-4891-82a1-a3e1c3c18ee3"
)


@pytest.mark.parametrize(
    ("chosen", "name"),
    [
        ({}, "outbox"),
        ({"smtp": SMTP, "sendgrid": SENDGRID}, "outbox"),
        ({"email": "smtp", "smtp": SMTP}, "smtp"),
        ({"email": "sendgrid", "sendgrid": SENDGRID}, "sendgrid"),
        ({"email": "notify", "notify": NOTIFY}, "notify"),
    ],
)
def test_each_kind_of_message_has_one_way(tmp_path: Path, chosen: dict[str, Any], name: str) -> None:
    found: dict[str, Channel] = ways(ChannelSettings(tmp_path, **chosen))
    assert {kind: way.name for kind, way in found.items()} == {"email": name, "letter": "letter"}
    assert all(kind == way.kind for kind, way in found.items())
    for way in found.values():
        way.close()


def test_letters_stay_in_the_outbox_until_a_provider_is_named(tmp_path: Path) -> None:
    found = ways(ChannelSettings(tmp_path, letter="notify", notify=NOTIFY))
    assert {kind: (way.name, way.kind) for kind, way in found.items()} == {
        "email": ("outbox", "email"),
        "letter": ("notify-letter", "letter"),
    }
    for way in found.values():
        way.close()
    with pytest.raises(Halt, match="letters"):
        ways(ChannelSettings(tmp_path, letter="notify"))


@pytest.mark.parametrize("email", ["smtp", "sendgrid", "notify"])
def test_a_channel_that_is_chosen_but_not_configured_halts(tmp_path: Path, email: Any) -> None:
    with pytest.raises(Halt, match=email):
        ways(ChannelSettings(tmp_path, email=email))


def test_settings_show_no_secret(tmp_path: Path) -> None:
    shown = repr(ChannelSettings(tmp_path, smtp=SMTP, sendgrid=SENDGRID, notify=NOTIFY))
    assert "invented" not in shown
    assert "3d844edf" not in shown
