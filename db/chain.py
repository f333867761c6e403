"""The arithmetic of the journal's hash chain: canonical text, and the hash that binds it to all before it."""

import hashlib
import json
from typing import Any

GENESIS = "0" * 64


def canonical(entry: dict[str, Any]) -> str:
    """The one way to write an entry: sorted keys, no spaces, UTF-8 as it is. Raises TypeError for what JSON cannot hold."""
    return json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def link(chain: str, number: int, before: str, body: str) -> str:
    """The hash of an entry: SHA-256 over chain name, number, the hash before it, and its body, each on a line."""
    return hashlib.sha256(f"{chain}\n{number}\n{before}\n{body}".encode()).hexdigest()
