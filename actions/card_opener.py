"""Opens a break-glass card with its passphrase and nothing else: python card.py [CARD]; needs Python and its cryptography package.

A copy of this file lies beside each card. A card is text: a first line that names the format, one line of JSON, and the content
in base64. The JSON holds an X25519 private key, wrapped with AES-256-GCM by a key that scrypt makes of the passphrase; that private key
and the card's own ephemeral public key give, by HKDF-SHA256, the key that opens the content (AES-256-GCM, bound to both lines before it).
"""

import base64
import getpass
import json
import sys
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

MAGIC = "forthwith break-glass card 1"
NONCE = 12
MOST_WORK = 2**21
"""The largest scrypt n × r that is tried, so that a forged card cannot exhaust the machine."""


class CannotOpen(Exception):
    """The card is none, is damaged, or the passphrase is another one."""


def open_card(card: bytes, passphrase: str) -> str:
    """What the card says. Raises CannotOpen."""
    try:
        first, second, body = card.split(b"\n", 2)
        head: dict[str, Any] = json.loads(second)
        sealed = base64.b64decode(body)
        wrapped, ephemeral, public = (base64.b64decode(head[name]) for name in ("wrapped", "ephemeral", "public"))
        lock = stretched(passphrase, head)
    except (ValueError, KeyError, TypeError):
        raise CannotOpen("This is not a break-glass card, or it is damaged.") from None
    if first != MAGIC.encode():
        raise CannotOpen("This is not a break-glass card of a format that is known here.")
    try:
        private = AESGCM(lock).decrypt(wrapped[:NONCE], wrapped[NONCE:], public)
    except InvalidTag:
        raise CannotOpen("The passphrase does not open this card.") from None
    shared = X25519PrivateKey.from_private_bytes(private).exchange(X25519PublicKey.from_public_bytes(ephemeral))
    try:
        return AESGCM(derived(shared, ephemeral, public)).decrypt(sealed[:NONCE], sealed[NONCE:], bound(card)).decode()
    except InvalidTag:
        raise CannotOpen("The passphrase is right, but the card is damaged.") from None


def stretched(passphrase: str, head: dict[str, Any]) -> bytes:
    """The key that the passphrase gives, with the salt and the work that the card names."""
    n, r, p = int(head["n"]), int(head["r"]), int(head["p"])
    if min(n, r, p) < 1 or n * r > MOST_WORK or p > 4:
        raise ValueError("more work than any card asks for")
    return Scrypt(salt=base64.b64decode(head["salt"]), length=32, n=n, r=r, p=p).derive(passphrase.strip().encode())


def derived(shared: bytes, ephemeral: bytes, public: bytes) -> bytes:
    """The key of one card's content."""
    return HKDF(algorithm=SHA256(), length=32, salt=ephemeral + public, info=MAGIC.encode()).derive(shared)


def bound(card: bytes) -> bytes:
    """The two lines that the content is bound to."""
    return b"\n".join(card.split(b"\n", 2)[:2])


def main() -> int:
    """Ask for the passphrase and print the card."""
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).with_name("card.txt")
    try:
        sys.stdout.write(open_card(path.read_bytes(), getpass.getpass("Passphrase of the card: ")))
    except (OSError, CannotOpen) as error:
        sys.stderr.write(f"{path}: {error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
