"""The exact content of one notice: what is approved, kept sealed, and sent; not a byte of it is made up later."""

import base64
import hashlib
import json
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any
from uuid import UUID

from db.vault import IncidentVault, VaultError

FORM = b"\x01"
"""How the bytes are packed; a later form gets another mark, so that old notices stay readable."""


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
        plain: dict[str, Any] = asdict(self)
        plain["letter_pdf"] = base64.b64encode(self.letter_pdf).decode()
        return json.dumps(plain, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()

    @property
    def sha256(self) -> str:
        """The hash of exactly this content."""
        return hashlib.sha256(self.to_bytes()).hexdigest()


def seal(vault: IncidentVault, nid: UUID, content: Content) -> bytes:
    """Pack and encrypt it for this notice alone."""
    return vault.seal(FORM + zlib.compress(content.to_bytes(), 6), _place(nid))


def unseal(vault: IncidentVault, nid: UUID, sealed: bytes, sha256: str) -> Content:
    """The content, known to be the one of that hash. Raises VaultError when a byte of it, its place or its hash is another."""
    packed = vault.open(sealed, _place(nid))
    if packed[:1] != FORM:
        raise VaultError(f"notice {nid} was packed in a way that this version does not know.")
    plain = zlib.decompress(packed[1:])
    if hashlib.sha256(plain).hexdigest() != sha256:
        raise VaultError(f"notice {nid} does not hold what was approved.")
    read = json.loads(plain)
    read["letter_pdf"] = base64.b64decode(read["letter_pdf"])
    read["address_lines"] = tuple(read["address_lines"])
    return Content(**read)


def _place(nid: UUID) -> str:
    return f"notices/content/{nid}"
