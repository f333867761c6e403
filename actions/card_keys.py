"""Makes the key ring of the break-glass card from a passphrase, and seals cards with its public half: whoever writes them cannot read them."""

import base64
import json
import secrets
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from actions.card_opener import MAGIC, NONCE, bound, derived, stretched
from actions.errors import Conflict
from actions.write_whole import write_whole

RING = "ring.json"
LEAST_LETTERS = 12
WORK = {"kdf": "scrypt", "n": 2**17, "r": 8, "p": 1}
"""About half a second and 128 MB for each guess."""


def set_passphrase(folder: Path, passphrase: str, work: dict[str, Any] | None = None) -> None:
    """Make a new key ring in the folder; cards written before keep the passphrase they had. Raises Conflict for a short one."""
    if len(passphrase.strip()) < LEAST_LETTERS:
        raise Conflict(
            f"A passphrase has {LEAST_LETTERS} letters or more; five or six words that nobody would guess are good."
        )
    private = X25519PrivateKey.generate()
    public = private.public_key().public_bytes_raw()
    head = (work or WORK) | {"salt": _text(secrets.token_bytes(16))}
    nonce = secrets.token_bytes(NONCE)
    wrapped = nonce + AESGCM(stretched(passphrase, head)).encrypt(nonce, private.private_bytes_raw(), public)
    ring = head | {"public": _text(public), "wrapped": _text(wrapped)}
    write_whole(folder / RING, json.dumps(ring).encode())


def read_ring(folder: Path) -> dict[str, Any] | None:
    """The key ring, which holds nothing that opens a card without the passphrase; None when no passphrase was set."""
    try:
        ring: dict[str, Any] = json.loads((folder / RING).read_text("utf-8"))
        return ring if ring["public"] and ring["wrapped"] else None
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None


def seal(ring: dict[str, Any], text: str, written_at: datetime) -> bytes:
    """A card with this text, for the passphrase of the ring."""
    public = base64.b64decode(ring["public"])
    ephemeral = X25519PrivateKey.generate()
    own = ephemeral.public_key().public_bytes_raw()
    head = ring | {"ephemeral": _text(own), "written_at": written_at.isoformat()}
    start = f"{MAGIC}\n{json.dumps(head)}\n".encode()
    key = derived(ephemeral.exchange(X25519PublicKey.from_public_bytes(public)), own, public)
    nonce = secrets.token_bytes(NONCE)
    return start + base64.encodebytes(nonce + AESGCM(key).encrypt(nonce, text.encode(), bound(start)))


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode()
