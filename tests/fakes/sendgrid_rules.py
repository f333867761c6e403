"""What SendGrid takes and refuses, as its specification says, and how it searches its logs."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

TOP_KEYS = {
    *("personalizations", "from", "reply_to", "reply_to_list", "subject", "content", "attachments", "template_id"),
    *("headers", "categories", "custom_args", "send_at", "batch_id", "asm", "ip_pool_name"),
    *("mail_settings", "tracking_settings"),
}
PERSONAL_KEYS = {
    *("from", "to", "cc", "bcc", "subject", "headers", "substitutions", "dynamic_template_data", "custom_args"),
    "send_at",
}
RESERVED_HEADERS = {
    *("x-sg-id", "x-sg-eid", "received", "dkim-signature", "content-type", "content-transfer-encoding"),
    *("to", "from", "subject", "reply-to", "cc", "bcc"),
}
FINE_BYPASSES = {"bypass_spam_management", "bypass_bounce_management", "bypass_unsubscribe_management"}

_ADDRESS = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\"]+")
_QUERY = re.compile(
    r'to_email = "(?P<to>[^"]+)" AND categories IN \(\'(?P<category>[^\']+)\'\)'
    r' AND sg_message_id_created_at >= TIMESTAMP "(?P<since>[^"]+)"'
)


def fault_in(message: Any) -> str | None:
    """The field that SendGrid would name in a 400, or None if it would take the message."""
    if not isinstance(message, dict) or not set(message) <= TOP_KEYS:
        return "message"
    people = message.get("personalizations")
    if not isinstance(people, list) or not 1 <= len(people) <= 1000:
        return "personalizations"
    return (
        _fault_in_people(people)
        or _fault_in_sender(message)
        or _fault_in_content(message)
        or _fault_in_marks(message)
        or _fault_in_settings(message.get("mail_settings", {}))
    )


def _fault_in_people(people: list[Any]) -> str | None:
    seen: set[str] = set()
    for number, person in enumerate(people):
        where = f"personalizations.{number}"
        if not set(person) <= PERSONAL_KEYS or not person.get("to"):
            return f"{where}.to"
        for line in ("to", "cc", "bcc"):
            for place, mailbox in enumerate(person.get(line, [])):
                address = mailbox.get("email", "").lower()
                if not _ADDRESS.fullmatch(address) or address in seen:
                    return f"{where}.{line}.{place}.email"
                seen.add(address)
        if not all(isinstance(value, str) for value in person.get("custom_args", {}).values()):
            return f"{where}.custom_args"
    return None


def _fault_in_sender(message: dict[str, Any]) -> str | None:
    if not _ADDRESS.fullmatch(message.get("from", {}).get("email", "")):
        return "from.email"
    if "reply_to" in message and not _ADDRESS.fullmatch(message["reply_to"].get("email", "")):
        return "reply_to.email"
    return None


def _fault_in_content(message: dict[str, Any]) -> str | None:
    if not message.get("subject"):
        return "subject"
    content = message.get("content")
    if not content or any(not part.get("type") or not part.get("value") for part in content):
        return "content"
    kinds = [part["type"] for part in content]
    return None if kinds == sorted(kinds, key=["text/plain", "text/html"].index) else "content"


def _fault_in_marks(message: dict[str, Any]) -> str | None:
    if any(name.lower() in RESERVED_HEADERS for name in message.get("headers", {})):
        return "headers"
    if not all(isinstance(value, str) for value in message.get("headers", {}).values()):
        return "headers"
    categories = message.get("categories", [])
    if len(categories) > 10 or len(set(categories)) != len(categories) or any(len(name) > 255 for name in categories):
        return "categories"
    return None


def _fault_in_settings(settings: dict[str, Any]) -> str | None:
    if "bypass_list_management" in settings and FINE_BYPASSES & set(settings):
        return "mail_settings.bypass_list_management"
    return None


def search(by_address: Mapping[str, list[dict[str, Any]]], query: str, limit: int) -> list[dict[str, Any]] | None:
    """The logged messages that the query means, or None if it is not a query."""
    wish = _QUERY.fullmatch(query)
    if wish is None or not 1 <= limit <= 1000:
        return None
    since = datetime.fromisoformat(wish["since"])
    found = [
        message
        for message in by_address.get(wish["to"].lower(), [])
        if wish["category"] in message["categories"] and datetime.fromisoformat(message["at"]) >= since
    ]
    return found[:limit]
