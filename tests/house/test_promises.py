"""Each promise of the design has tests that bear its number."""

import re

from tests.house.source import ROOT

PROMISES = range(1, 14)


def test_every_promise_is_tried_by_tests_named_after_it() -> None:
    files = sorted((ROOT / "tests" / "promises").glob("test_promise_*.py"))
    numbers = [int(path.name.split("_")[2]) for path in files]
    assert numbers == list(PROMISES)
    for number, path in zip(numbers, files, strict=True):
        text = path.read_text("utf-8")
        assert text.startswith(f'"""Promise {number}: ')
        assert re.search(r"^def test_", text, re.MULTILINE)
