"""What the tests of words share: approved texts to compare with, renewed on purpose with FORTHWITH_GOLDEN=write."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

GOLDEN = Path(__file__).parent.parent / "golden"


@pytest.fixture
def approved() -> Callable[[str, str], None]:
    """Compare a text with the approved one of that name; with FORTHWITH_GOLDEN=write it becomes the approved one."""

    def compare(name: str, text: str) -> None:
        path = GOLDEN / name
        if os.environ.get("FORTHWITH_GOLDEN") == "write":
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert path.is_file(), f"nobody has approved {name}; look at it, then run with FORTHWITH_GOLDEN=write"
        assert text == path.read_text(encoding="utf-8")

    return compare
