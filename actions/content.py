"""The exact content of one notice: what is approved, kept sealed, and sent; not a byte of it is made up later."""

import base64
import hashlib
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any
from uuid import UUID

import orjson
import sqlalchemy as sa
from sqlalchemy.orm import Session

from actions.sheet import Sheet
from db.models import Notice, NoticeSheet
from db.vault import IncidentVault, VaultError

WHOLE, FILLED = b"\x01", b"\x02"
"""How the bytes are packed: each by itself, or as what fills the gaps of a sheet. A later form gets another mark."""


@dataclass(frozen=True, repr=False)
class Content:
    """Everything that leaves, or that is said: to whom, from whom, in which words. Shows nothing of itself."""

    template: str
    notice_sha256: str
    channel: str
    told_to: str
    reply_reference: str
    to_name: str
    to_address: str = ""
    address_lines: tuple[str, ...] = ()
    from_address: str = ""
    from_name: str = ""
    reply_to: str = ""
    subject: str = ""
    text: str = ""
    html: str = ""
    letter_pdf: bytes = b""
    script: str = ""
    hours: str = ""
    voicemail: bool = False
    language: str = "en"
    contents: Mapping[str, str] = field(default_factory=dict)
    """For each content that the law wants said, the words that say it."""

    def to_bytes(self) -> bytes:
        """The one way to write it; its hash is what an approval binds."""
        plain: dict[str, Any] = {one.name: getattr(self, one.name) for one in fields(self)}
        plain["contents"] = dict(self.contents)
        plain["letter_pdf"] = base64.b64encode(self.letter_pdf).decode()
        return json.dumps(plain, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()

    @property
    def sha256(self) -> str:
        """The hash of exactly this content."""
        return hashlib.sha256(self.to_bytes()).hexdigest()


def seal(vault: IncidentVault, nid: UUID, content: Content) -> bytes:
    """Pack and encrypt it for this notice alone."""
    return vault.seal(WHOLE + zlib.compress(content.to_bytes(), 6), _place(nid))


def seal_filled(vault: IncidentVault, nid: UUID, sheet: int, values: Sequence[bytes]) -> bytes:
    """The same for content that fills the gaps of the wave's sheet of this number: a few words instead of all of them."""
    return vault.seal(FILLED + sheet.to_bytes(2) + b"\0".join(values), _place(nid))


def unseal(vault: IncidentVault, nid: UUID, sealed: bytes, sha256: str, sheets: Mapping[int, Sheet]) -> Content:
    """The content, known to be the one of that hash. Raises VaultError when a byte of it, its place or its hash is another."""
    plain = _unpacked(vault.open(sealed, _place(nid)), nid, sheets)
    if hashlib.sha256(plain).hexdigest() != sha256:
        raise VaultError(f"notice {nid} does not hold what was approved.")
    read = orjson.loads(plain)
    read["letter_pdf"] = base64.b64decode(read["letter_pdf"])
    read["address_lines"] = tuple(read["address_lines"])
    return Content(**read)


def open_notice(session: Session, vault: IncidentVault, notice: Notice) -> Content:
    """What one notice says, exactly. Raises VaultError as *unseal* does."""
    sheets = sheets_of(session, vault, notice.wave_id)
    return unseal(vault, notice.nid, notice.content, notice.content_sha256, sheets)


def sheets_of(session: Session, vault: IncidentVault, wave_id: UUID) -> dict[int, Sheet]:
    """The sheets whose gaps the notices of this wave fill, by number."""
    found = session.scalars(sa.select(NoticeSheet).where(NoticeSheet.wave_id == wave_id))
    return {one.number: Sheet.from_bytes(vault.open(one.sheet, sheet_place(wave_id, one.number))) for one in found}


def sheet_place(wave_id: UUID, number: int) -> str:
    """Where a sheet is sealed for."""
    return f"notice_sheets/sheet/{wave_id}/{number}"


def _unpacked(packed: bytes, nid: UUID, sheets: Mapping[int, Sheet]) -> bytes:
    if packed[:1] == WHOLE:
        return zlib.decompress(packed[1:])
    sheet = sheets.get(int.from_bytes(packed[1:3]))
    if packed[:1] != FILLED or sheet is None:
        raise VaultError(f"notice {nid} was packed in a way that this version does not know.")
    return sheet.fill(packed[3:].split(b"\0"))


def _place(nid: UUID) -> str:
    return f"notices/content/{nid}"
