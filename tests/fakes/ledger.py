"""What a fake has accepted, in a file that outlives whoever sent it: one JSON object a line."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Ledger:
    """Appends in one process; any process may read."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / "accepted.jsonl"
        self.path.touch()

    def append(self, record: dict[str, Any]) -> None:
        with self.path.open("a") as file:
            file.write(json.dumps(record) + "\n")

    def each(self) -> Iterator[dict[str, Any]]:
        """Every accepted message, one by one. The last line counts only if it is whole."""
        with self.path.open() as file:
            yield from (json.loads(line) for line in file if line.endswith("\n"))

    def records(self) -> list[dict[str, Any]]:
        """Every accepted message."""
        return list(self.each())

    def copies(self) -> Counter[str]:
        """How often each notice id was accepted."""
        return Counter(record["nid"] for record in self.each())

    def duplicates(self) -> dict[str, int]:
        return {nid: copies for nid, copies in self.copies().items() if copies > 1}
