"""Writes an envelope as the bytes of an e-mail, and has the standard library read its headers back before anyone may send them.

The headers are written here rather than by `email.message`: its folding of long non-ASCII names moves spaces about and, in
some releases, leaves a comma bare, which makes two recipients out of one. Reading is left to it, so that writer and judge differ.
"""

from __future__ import annotations

import re
from base64 import b64encode, encodebytes
from binascii import b2a_qp
from email.parser import BytesHeaderParser
from email.utils import format_datetime, getaddresses
from typing import TYPE_CHECKING

from channels.headers import automatic_headers, check_email
from channels.outcome import Refused

if TYPE_CHECKING:
    from channels.envelope import Attachment, Envelope

_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+")
_WORD_BYTES = 42  # of UTF-8 in one encoded word: "=?utf-8?b?" + 56 + "?=" stays under the 75 characters of RFC 2047
_LINE = 60  # a longer value is folded, as encoded words


def message_bytes(envelope: Envelope) -> bytes:
    """The whole message with CRLF line ends, pure ASCII. The same envelope always gives the same bytes."""
    check_email(envelope)
    headers = {
        "From": _mailbox(envelope.from_name, envelope.from_address),
        "To": _mailbox(envelope.to_name or "", envelope.to_address),
        "Reply-To": envelope.reply_to,
        "Subject": _words(envelope.subject),
        "Date": format_datetime(envelope.dated_at),
        **automatic_headers(envelope),
        "MIME-Version": "1.0",
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items()).encode("ascii")
    _gate(head, envelope, set(headers))
    return head + _body(envelope)


def _mailbox(name: str, address: str) -> str:
    if not name.strip():
        return address
    phrase = _phrase(name)
    fold = "\r\n " if len(phrase) + len(address) > _LINE else " "
    return f"{phrase}{fold}<{address}>"


def _phrase(name: str) -> str:
    if _ATOMS.fullmatch(name) or not name.isascii():
        return _words(name)
    quoted = name.replace("\\", r"\\").replace('"', r"\"")
    return f'"{quoted}"' if len(quoted) <= _LINE else _encoded(name)


def _words(text: str) -> str:
    """The text as it is where that is safe, else as encoded words."""
    plain = text.isascii() and text == " ".join(text.split()) and len(text) <= _LINE
    return text if plain else _encoded(text)


def _encoded(text: str) -> str:
    """RFC 2047 encoded words, one a line; a reader joins them without the white space between."""
    chunks, chunk = [], b""
    for character in text:
        octets = character.encode()
        if len(chunk) + len(octets) > _WORD_BYTES:
            chunks.append(chunk)
            chunk = b""
        chunk += octets
    return "\r\n ".join(f"=?utf-8?b?{b64encode(part).decode()}?=" for part in [*chunks, chunk])


def _body(envelope: Envelope) -> bytes:
    words = _part("text/plain", envelope.text)
    mark = f"=_{envelope.nid.hex}"  # quoted-printable writes "=" as "=3D", and base64 ends with it, so no part can hold "=_"
    if envelope.html is not None:
        words = _several("alternative", mark, [words, _part("text/html", envelope.html)])
    if envelope.attachments:
        words = _several("mixed", f"=_files{envelope.nid.hex}", [words, *(_file(one) for one in envelope.attachments)])
    return words


def _several(kind: str, mark: str, parts: list[bytes]) -> bytes:
    between = f"--{mark}\r\n".encode()
    body = b"".join(between + part + b"\r\n" for part in parts)
    return f'Content-Type: multipart/{kind};\r\n boundary="{mark}"\r\n\r\n'.encode() + body + f"--{mark}--\r\n".encode()


def _file(one: Attachment) -> bytes:
    """A file in base64, in lines of 76 (RFC 2045, 6.8)."""
    head = (
        f"Content-Type: {one.media_type}\r\nContent-Transfer-Encoding: base64\r\n"
        f'Content-Disposition: attachment; filename="{one.name}"\r\n\r\n'
    )
    return head.encode() + encodebytes(one.content).replace(b"\n", b"\r\n")


def _part(kind: str, text: str) -> bytes:
    head = f"Content-Type: {kind}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    return head.encode() + b2a_qp(text.encode(), istext=True).replace(b"\n", b"\r\n")


def _gate(head: bytes, envelope: Envelope, expected: set[str]) -> None:
    message = BytesHeaderParser().parsebytes(head)
    if len(message) != len(expected) or set(message.keys()) != expected:
        raise Refused("the finished headers are not the expected ones")
    for name, address in (
        ("To", envelope.to_address),
        ("From", envelope.from_address),
        ("Reply-To", envelope.reply_to),
    ):
        if [found for _, found in getaddresses([str(message[name])])] != [address]:
            raise Refused(f"the finished {name} header is not exactly the one address")
