"""A notice as the message that leaves, or left: the same words give the same bytes, then and afterwards."""

from datetime import datetime
from uuid import UUID

from actions.content import Content
from channels.envelope import Envelope, message_id_of
from channels.mime import message_bytes


def envelope_of(nid: UUID, content: Content, dated_at: datetime, category: str) -> Envelope:
    """What a channel is given."""
    return Envelope(
        nid=nid,
        to_address=content.to_address,
        to_name=content.to_name,
        from_address=content.from_address,
        from_name=content.from_name,
        reply_to=content.reply_to,
        subject=content.subject,
        text=content.text,
        html=content.html or None,
        message_id=message_id_of(nid, content.from_address),
        dated_at=dated_at,
        category=category,
        language=content.language,
        letter_pdf=content.letter_pdf or None,
    )


def file_of(nid: UUID, content: Content, dated_at: datetime | None, category: str) -> tuple[str, bytes] | None:
    """The message as a file, .eml or PDF, and its ending; None for what was said, and for what was never launched."""
    if content.letter_pdf:
        return "pdf", content.letter_pdf
    if content.channel != "email" or dated_at is None:
        return None
    return "eml", message_bytes(envelope_of(nid, content, dated_at, category))
