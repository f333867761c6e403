"""A sheet: the bytes that many notices share, with gaps for what is each one's own."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

GAP = b"\0"
"""Parts texts on disk; JSON writes no such byte, so no text can hold one."""


@dataclass(frozen=True, repr=False)
class Sheet:
    """What stands before, between and behind the gaps, and for each gap the number of the value that fills it."""

    parts: tuple[bytes, ...]
    gaps: tuple[int, ...]

    def fill(self, values: Sequence[bytes]) -> bytes:
        """The whole text. Raises IndexError when there are too few values."""
        whole = [b""] * (2 * len(self.parts) - 1)
        whole[::2] = self.parts
        whole[1::2] = [values[gap] for gap in self.gaps]
        return b"".join(whole)

    def to_bytes(self) -> bytes:
        """As it is kept."""
        return GAP.join((json.dumps(self.gaps).encode(), *self.parts))

    @classmethod
    def from_bytes(cls, kept: bytes) -> "Sheet":
        """Read what to_bytes wrote."""
        gaps, *parts = kept.split(GAP)
        return cls(tuple(parts), tuple(json.loads(gaps)))


def cut(text: str, marks: Sequence[str]) -> Sheet:
    """The sheet of a text in which marks stand where values go; a gap has its mark's place in the sequence."""
    pieces = re.split(f"({'|'.join(marks)})", text)
    return Sheet(tuple(piece.encode() for piece in pieces[::2]), tuple(marks.index(mark) for mark in pieces[1::2]))
