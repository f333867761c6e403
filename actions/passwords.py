"""Passwords: how they are kept (Argon2id, RFC 9106), compared in the same time for everyone, and when one is too weak."""

import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from actions.errors import Conflict

SHORTEST, LONGEST = 12, 1000
hasher = PasswordHasher()


def hashed(password: str) -> str:
    """What is kept of a password."""
    return hasher.hash(_same_everywhere(password))


def matches(kept: str | None, password: str) -> bool:
    """Whether this is the password. Takes as long for an account that is not there (None): its name must not show."""
    given = _same_everywhere(password[:LONGEST])
    if kept is None:
        hasher.hash(given)
        return False
    try:
        return hasher.verify(kept, given)
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(kept: str) -> bool:
    """Whether it was hashed with less care than today's; it is hashed anew when its owner types it again."""
    return hasher.check_needs_rehash(kept)


def refuse_weak(password: str, name: str) -> None:
    """Raise Conflict for a password that is too short, too long, or made of the account's name."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise Conflict(f"A password has {SHORTEST} to {LONGEST} characters; a sentence is easiest to keep in mind.")
    rest = password.lower()
    for part in (name, name.partition("@")[0]):
        rest = rest.replace(part.lower() or " ", "")
    if len(set(rest)) < 5:
        raise Conflict("This password is a name or a few letters over and over; take a sentence of your own.")


def _same_everywhere(password: str) -> bytes:
    """One keyboard writes é in one sign, another in two: both are the same password."""
    return unicodedata.normalize("NFKC", password).encode(errors="surrogatepass")
