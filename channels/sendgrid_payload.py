"""Says in SendGrid's words what one envelope is, and lets nothing else past: one recipient, no tracking, one random id."""

from __future__ import annotations

import re
from base64 import b64encode
from typing import TYPE_CHECKING, Any

import orjson
from sendgrid.helpers.mail import (
    BypassSpamManagement,
    BypassUnsubscribeManagement,
    ClickTracking,
    Ganalytics,
    MailSettings,
    OpenTracking,
    SubscriptionTracking,
    TrackingSettings,
)

from channels.envelope import category_of
from channels.headers import automatic_headers, check_email
from channels.outcome import Halt

if TYPE_CHECKING:
    from collections.abc import Callable

    from channels.envelope import Envelope

# Unsubscribing and spam complaints do not end a duty, so those lists are passed over. The bounce list is not: an address
# known to be dead should fail at once, so that a letter follows.
MAIL_SETTINGS: dict[str, Any] = MailSettings(
    bypass_spam_management=BypassSpamManagement(True),
    bypass_unsubscribe_management=BypassUnsubscribeManagement(True),
).get()
TRACKING_SETTINGS: dict[str, Any] = TrackingSettings(
    click_tracking=ClickTracking(False, False),
    open_tracking=OpenTracking(False),
    subscription_tracking=SubscriptionTracking(False),
    ganalytics=Ganalytics(False),
).get()

# The same two written out, for the gate: what it compares with must not come from where the payload comes from.
_LISTS = {"bypass_spam_management": {"enable": True}, "bypass_unsubscribe_management": {"enable": True}}
_NO_TRACKING = {
    "click_tracking": {"enable": False, "enable_text": False},
    "open_tracking": {"enable": False},
    "subscription_tracking": {"enable": False},
    "ganalytics": {"enable": False},
}
_KEYS = {
    *("personalizations", "from", "reply_to", "subject", "content", "headers", "categories"),
    *("mail_settings", "tracking_settings"),
}
_SPECIAL = re.compile(r"[\"(),:;<>@\[\]\\]")


def payload(envelope: Envelope) -> dict[str, Any]:
    """The body of one Mail Send request."""
    check_email(envelope)
    message = {
        "personalizations": [
            {"to": [_mailbox(envelope.to_address, envelope.to_name)], "custom_args": {"nid": str(envelope.nid)}}
        ],
        "from": _mailbox(envelope.from_address, envelope.from_name),
        "reply_to": _mailbox(envelope.reply_to, None),
        "subject": envelope.subject,
        "content": _content(envelope),
        "headers": automatic_headers(envelope),
        "categories": [str(category_of(envelope.category))],
        "mail_settings": MAIL_SETTINGS,
        "tracking_settings": TRACKING_SETTINGS,
    }
    return message | {"attachments": _files(envelope)} if envelope.attachments else message


def request_body(envelope: Envelope) -> bytes:
    """The bytes of one Mail Send request, past the gate. There is no other way to get them."""
    return gated(orjson.dumps(payload(envelope)), envelope)


def gated(body: bytes, envelope: Envelope) -> bytes:
    """The last gate, on the finished bytes: Halt if they say anything but what this envelope may say.

    The rules list what is allowed, so a key that somebody adds later is stopped until it is allowed here too, on purpose.
    """
    message = orjson.loads(body)
    for sentence, holds in _RULES:
        try:
            kept = holds(message, envelope)
        except (KeyError, IndexError, TypeError, ValueError):
            kept = False
        if not kept:
            raise Halt(f"the finished message breaks a rule of the house: {sentence}")
    return body


def _content(envelope: Envelope) -> list[dict[str, str]]:
    text = {"type": "text/plain", "value": envelope.text}
    return [text] if envelope.html is None else [text, {"type": "text/html", "value": envelope.html}]


def _files(envelope: Envelope) -> list[dict[str, str]]:
    return [
        {
            "content": b64encode(one.content).decode(),
            "type": one.media_type,
            "filename": one.name,
            "disposition": "attachment",
        }
        for one in envelope.attachments
    ]


def _mailbox(address: str, name: str | None) -> dict[str, str]:
    """An address, with the name only if the name cannot be taken for part of an address list."""
    if not name or not name.strip() or _SPECIAL.search(name):
        return {"email": address}
    return {"email": address, "name": name}


def _is_mailbox(found: dict[str, str], address: str) -> bool:
    return found["email"] == address and set(found) <= {"email", "name"} and not _SPECIAL.search(found.get("name", ""))


_RULES: tuple[tuple[str, Callable[[Any, Envelope], bool]], ...] = (
    ("only known keys", lambda message, it: set(message) == _KEYS | ({"attachments"} if it.attachments else set())),
    ("only its own files", lambda message, it: message.get("attachments", []) == _files(it)),
    ("one personalization", lambda message, _: len(message["personalizations"]) == 1),
    ("no copies", lambda message, _: set(message["personalizations"][0]) == {"to", "custom_args"}),
    ("one recipient", lambda message, _: len(message["personalizations"][0]["to"]) == 1),
    ("the recipient", lambda message, it: _is_mailbox(message["personalizations"][0]["to"][0], it.to_address)),
    ("only the id", lambda message, it: message["personalizations"][0]["custom_args"] == {"nid": str(it.nid)}),
    ("the sender", lambda message, it: _is_mailbox(message["from"], it.from_address)),
    ("replies", lambda message, it: message["reply_to"] == {"email": it.reply_to}),
    (
        "an opaque category",
        lambda message, it: [category_of(name) for name in message["categories"]] == [category_of(it.category)],
    ),
    ("the headers", lambda message, it: message["headers"] == automatic_headers(it)),
    ("the words", lambda message, it: message["subject"] == it.subject and message["content"] == _content(it)),
    ("no tracking", lambda message, _: message["tracking_settings"] == _NO_TRACKING),
    ("lists", lambda message, _: message["mail_settings"] == _LISTS),
)
