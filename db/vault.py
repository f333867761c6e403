"""Encryption at rest: AES-256-GCM with a key for each incident, wrapped by the master key of the settings."""

import hashlib
import hmac
import os
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

VERSION = b"\x01"
NONCE = 12
KEY = 32


class VaultError(Exception):
    """The key is missing, is the wrong one, or the stored bytes were changed. Never says what was inside."""


@dataclass(frozen=True)
class IncidentVault:
    """Seals and opens what belongs to one incident. The place (table/column/row) is bound in, so bytes cannot be moved."""

    key: bytes = field(repr=False)
    _indexes: dict[str, HMAC] = field(default_factory=dict, repr=False, compare=False)  # made once, not per row

    def seal(self, plain: bytes, place: str) -> bytes:
        """Encrypt *plain* for *place*, for example ``people/details/<id>``."""
        return _seal(self._cipher, plain, place)

    def open(self, sealed: bytes, place: str) -> bytes:
        """Decrypt. Raises VaultError when the bytes, the place or the key are not those of sealing."""
        return _open(self._cipher, sealed, place)

    @cached_property
    def _cipher(self) -> AESGCM:
        return AESGCM(self.key)  # made once: the key's own preparation costs more than sealing a row

    def index(self, value: str, purpose: str) -> bytes:
        """A blind index: equal values give equal bytes within this incident and purpose, and tell nothing else."""
        return self.index_of(value.encode(), purpose)

    def index_of(self, value: bytes, purpose: str) -> bytes:
        """The same of bytes."""
        begun = self._indexes.get(purpose)
        if begun is None:
            begun = self._indexes[purpose] = HMAC(_index_key(self.key, purpose), SHA256())
        one = begun.copy()  # its key is taken in already, which is most of the work
        one.update(value)
        return one.finalize()


@dataclass(frozen=True)
class MasterVault:
    """Wraps incident keys, and seals what belongs to no incident, with the master key, which lives outside the database."""

    key: bytes = field(repr=False)

    @property
    def key_id(self) -> str:
        """Names the master key without giving it away."""
        return hashlib.sha256(b"forthwith master key\n" + self.key).hexdigest()[:16]

    def seal(self, plain: bytes, place: str) -> bytes:
        """Encrypt *plain* for *place*, which names neither an incident nor a person."""
        return _seal(AESGCM(self.key), plain, f"house/{place}")

    def open(self, sealed: bytes, place: str) -> bytes:
        """Decrypt. Raises VaultError when the bytes, the place or the key are not those of sealing."""
        return _open(AESGCM(self.key), sealed, f"house/{place}")

    def index(self, value: str, purpose: str) -> bytes:
        """A keyed hash: equal values give equal bytes within this purpose, and tell nothing without the key."""
        return hmac.digest(_index_key(self.key, purpose), value.encode(), hashlib.sha256)

    def new_incident_key(self, incident_id: str) -> tuple[IncidentVault, bytes]:
        """A fresh key for an incident, and the same wrapped for the database."""
        key = os.urandom(KEY)
        return IncidentVault(key), _seal(AESGCM(self.key), key, f"incident_keys/wrapped/{incident_id}")

    def unwrap(self, wrapped: bytes, incident_id: str) -> IncidentVault:
        """Open an incident's key. Raises VaultError under another master key."""
        return IncidentVault(_open(AESGCM(self.key), wrapped, f"incident_keys/wrapped/{incident_id}"))


def make_master_key(path: Path) -> None:
    """Write a new master key that only the owner can read. Raises FileExistsError: a key is never overwritten."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(os.urandom(KEY).hex().encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())


def read_master_key(path: Path) -> MasterVault:
    """Read the master key. Raises VaultError with one clear sentence when it is missing or unreadable."""
    try:
        key = bytes.fromhex(path.read_text("ascii").strip())
    except FileNotFoundError:
        raise VaultError(
            f"The master key {path} is missing; put it back from your backup, without it people's data cannot be read."
        ) from None
    except (OSError, ValueError):
        raise VaultError(
            f"The master key {path} cannot be read; it must hold 64 hexadecimal digits and be readable by you."
        ) from None
    if len(key) != KEY:
        raise VaultError(f"The master key {path} has {len(key)} bytes instead of {KEY}; put back the right file.")
    return MasterVault(key)


def _index_key(key: bytes, purpose: str) -> bytes:
    return HKDF(SHA256(), KEY, salt=None, info=f"index/{purpose}".encode()).derive(key)


def _seal(cipher: AESGCM, plain: bytes, place: str) -> bytes:
    nonce = os.urandom(NONCE)
    return VERSION + nonce + cipher.encrypt(nonce, plain, VERSION + place.encode())


def _open(cipher: AESGCM, sealed: bytes, place: str) -> bytes:
    if sealed[:1] != VERSION:
        raise VaultError(f"{place} was sealed in a way that this version does not know.")
    try:
        return cipher.decrypt(sealed[1 : 1 + NONCE], sealed[1 + NONCE :], VERSION + place.encode())
    except (InvalidTag, ValueError):  # ValueError: too short to hold even a nonce
        raise VaultError(f"{place} cannot be opened: another key sealed it, or it was changed.") from None
