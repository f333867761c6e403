"""The ways out that an exercise has: a folder, and nothing else.

An exercise must not be able to reach anybody, so it is not told not to: what is built here is given a folder only, and neither this
module nor anything that it imports knows a mail server, a provider, a setting or a key.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from channels.outbox import Outbox

if TYPE_CHECKING:
    from pathlib import Path

    from channels.outcome import Channel


def sealed_ways(folder: Path) -> dict[str, Channel]:
    """For each kind of message the folder that an exercise lays it into."""
    return {
        "email": Outbox(folder / "email", name="sealed-email"),
        "letter": Outbox(folder / "letters", kind="letter", name="sealed-letter"),
    }
