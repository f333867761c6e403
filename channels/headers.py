"""Refuses an envelope whose headers could say more than they seem to, and names the headers that every e-mail carries."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from channels.envelope import category_of, message_id_of
from channels.outcome import Refused

if TYPE_CHECKING:
    from channels.envelope import Envelope

LONGEST_NAME = 200
LONGEST_SUBJECT = 300

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
# RFC 5321 in its plain form: no quoted local part, no address literal, no comment, no second address, nothing beyond ASCII.
_ADDRESS = re.compile(rf"(?=.{{3,254}}\Z)(?=[^@]{{1,64}}@){_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)+{_LABEL}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")
# A file's name and kind, which stand in headers as they are.
_FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_MEDIA_TYPE = re.compile(r"[a-z]+/[a-z0-9.+-]{1,60}")
# Control characters and lone surrogates; in a line also the two separators that some readers break lines at.
_UNFIT_IN_LINE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
# All of a body, by what may stand in it: asked this way, a long one takes half the time.
_BODY = re.compile(r"[\t\n\x20-\x7e\xa0-\ud7ff\ue000-\U0010ffff]*+")


def check_email(envelope: Envelope) -> None:
    """Refuse the envelope unless each field is safe to stand in a header or a body; names the field, never its value."""
    for field in ("to_address", "from_address", "reply_to"):
        if not is_address(getattr(envelope, field)):
            raise Refused(f"{field} is not one plain e-mail address")
    _check_line("subject", envelope.subject, LONGEST_SUBJECT)
    _check_line("from_name", envelope.from_name, LONGEST_NAME)
    _check_line("to_name", envelope.to_name or "", LONGEST_NAME)
    _check_body("text", envelope.text)
    _check_body("html", envelope.html or "")
    _check_marks(envelope)


def is_address(text: str) -> bool:
    """Whether the text is one address and nothing else."""
    return _ADDRESS.fullmatch(text) is not None


def automatic_headers(envelope: Envelope) -> dict[str, str]:
    """What each notice says of itself to machines.

    Auto-Submitted keeps answering machines quiet (RFC 3834). The suppression list names out-of-office and automatic replies only:
    "All" would also silence the reports of failed delivery, which are wanted. There is no List-Unsubscribe, because nobody
    can unsubscribe from a duty, and no Precedence.
    """
    return {
        "Message-ID": envelope.message_id,
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "OOF, AutoReply",
        "Content-Language": envelope.language,
    }


def _check_line(field: str, value: str, longest: int) -> None:
    if len(value) > longest:
        raise Refused(f"{field} is longer than {longest} characters")
    if _UNFIT_IN_LINE.search(value):
        raise Refused(f"{field} holds a control character or a line break")
    if "=?" in value:  # an encoded word would be decoded on the way, and could bring a line break in
        raise Refused(f"{field} holds an encoded word")
    if field == "subject" and not value.strip():
        raise Refused("subject is empty")


def _check_body(field: str, value: str) -> None:
    if not _BODY.fullmatch(value):
        raise Refused(f"{field} holds a control character")
    if field == "text" and not value.strip():
        raise Refused("text is empty")


def _check_marks(envelope: Envelope) -> None:
    for one in envelope.attachments:
        if not _FILE.fullmatch(one.name) or not _MEDIA_TYPE.fullmatch(one.media_type):
            raise Refused("an attachment's name or kind is not plain")
    if envelope.message_id != message_id_of(envelope.nid, envelope.from_address):
        raise Refused("message_id is not the one of this notice")
    if not _LANGUAGE.fullmatch(envelope.language):
        raise Refused("language is not a language tag")
    try:
        category_of(envelope.category)
    except ValueError:
        raise Refused("category is not a random UUID") from None
