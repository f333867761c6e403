"""Hands e-mails and printed letters to GOV.UK Notify, and asks it for our own reference what became of those without an answer.

There is no text message: a flagged person must never get one, and none can carry what the law asks a notice to say.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Literal

from channels.headers import check_email
from channels.https import Answer, Line
from channels.notify_answers import failure, json_object, uuid_in
from channels.notify_client import HOST, NotifyClient, asked
from channels.notify_words import as_markdown
from channels.outcome import Accepted, Evidence, Finding, Halt, Kind, Refused

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from channels.envelope import Envelope

Postage = Literal["first", "second", "economy"]
KEPT = timedelta(days=2)
"""Notify forgets a message after as little as three days, if the service says so: what is not there later may have been sent."""
_FIELD = re.compile(r"\(\(\s*(\w+)\s*\)\)")


@dataclass(frozen=True)
class NotifySettings:
    """What a deployment says of its service at GOV.UK Notify."""

    api_key: str = field(repr=False)
    email_template: str = ""
    """The id of a template whose subject is `((subject))` and whose message is `((body))`."""
    reply_to: str = ""
    """The id of a reply-to address; empty means the service's own."""
    postage: Postage = "second"
    host: str = HOST
    """Loopback may be plain http."""
    line: Line = field(default_factory=Line)


class _Notify:
    """What both kinds of message have in common."""

    name: str
    kind: Kind

    def __init__(self, settings: NotifySettings) -> None:
        self._settings = settings
        self._client = NotifyClient(settings.api_key, settings.host or HOST, settings.line)

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"

    def evidence(self, nid: UUID, *, to_address: str, category: str, since_at: datetime) -> Evidence:
        """Look our reference up. Only a fresh look shows absence: by Notify's own clock, while it surely keeps everything."""
        answer = asked(self._client.get_all_notifications, reference=str(nid))
        found = json_object(answer.body).get("notifications")
        if answer.status != 200 or not isinstance(found, list):
            return Evidence(Finding.UNCLEAR, None, f"GOV.UK Notify's messages cannot be read [{answer.status}]")
        mine = [one for one in found if isinstance(one, dict) and one.get("reference") == str(nid)]
        for reference in (uuid_in(one.get("id")) for one in mine):
            if reference is not None:
                return Evidence(Finding.FOUND, str(reference), "among GOV.UK Notify's messages")
        if found or not _fresh(answer, since_at):
            return Evidence(Finding.UNCLEAR, None, "GOV.UK Notify shows nothing that can be relied on")
        return Evidence(Finding.ABSENT, None, "not among GOV.UK Notify's messages")

    def close(self) -> None:
        self._client.close()


class NotifyEmail(_Notify):
    """E-mail through GOV.UK Notify, which sends it from its own domain and in its own shape."""

    name = "notify"
    kind: Kind = "email"

    def __init__(self, settings: NotifySettings) -> None:
        super().__init__(settings)
        self._known_version: int | None = None
        if uuid_in(settings.email_template) is None or (settings.reply_to and uuid_in(settings.reply_to) is None):
            raise Halt("GOV.UK Notify needs the id of a template, and of the reply-to address if one is set")

    def check(self) -> None:
        """Ask for the template: it must hold our two fields and not a word beside them."""
        answer = asked(self._client.get_template, self._settings.email_template)
        template = json_object(answer.body)
        if answer.status != 200 or template.get("type") != "email":
            raise Halt("GOV.UK Notify has no e-mail template of this id", str(answer.status))
        if [_only_field(template.get("subject")), _only_field(template.get("body"))] != ["subject", "body"]:
            raise Halt("the template must be ((subject)) and ((body)) and nothing else")
        self._known_version = _version(template)

    def send(self, envelope: Envelope) -> Accepted:
        check_email(envelope)
        if envelope.attachments:
            raise Refused("GOV.UK Notify carries no files")
        words = {"subject": envelope.subject, "body": as_markdown(envelope.text)}
        if self._known_version is None:  # before the first one, and after the template was changed under our hands
            self.check()
        answer: Answer = self._client.send_email_notification(
            email_address=envelope.to_address,
            template_id=self._settings.email_template,
            personalisation=words,
            reference=str(envelope.nid),
            email_reply_to_id=self._settings.reply_to or None,
        )
        accepted = _accepted(answer)
        if _version(json_object(answer.body).get("template")) != self._known_version:
            self._known_version = None
        return accepted


class NotifyLetter(_Notify):
    """Letters that GOV.UK Notify prints, envelopes and posts, from the PDF that was approved."""

    name = "notify-letter"
    kind: Kind = "letter"

    def check(self) -> None:
        """Ask for nothing in particular: the key must be taken."""
        answer = asked(self._client.get_all_notifications, template_type="letter", reference="forthwith-check")
        if answer.status != 200:
            raise Halt("GOV.UK Notify does not let this key look", str(answer.status))

    def send(self, envelope: Envelope) -> Accepted:
        if envelope.letter_pdf is None or not envelope.letter_pdf.startswith(b"%PDF-"):
            raise Refused("the envelope holds no letter")
        return _accepted(
            self._client.send_precompiled_letter_notification(
                str(envelope.nid), io.BytesIO(envelope.letter_pdf), postage=self._settings.postage
            )
        )


def _accepted(answer: Answer) -> Accepted:
    reference = uuid_in(json_object(answer.body).get("id"))
    if answer.status == 201 and reference is not None:
        return Accepted(str(reference), "accepted by GOV.UK Notify")
    raise failure(answer)


def _only_field(text: object) -> str:
    found = _FIELD.fullmatch(text.strip()) if isinstance(text, str) else None
    return found[1] if found else ""


def _version(template: object) -> int | None:
    version = template.get("version") if isinstance(template, dict) else None
    return version if isinstance(version, int) else None


def _fresh(answer: Answer, since_at: datetime) -> bool:
    try:
        return parsedate_to_datetime(answer.headers.get("Date", "")) - since_at < KEPT
    except (TypeError, ValueError):  # no date, or one without a zone
        return False
