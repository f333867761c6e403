"""How long the whole book takes to be read and answered, beside a bare YAML parse of the same files and of the same facts."""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import yaml

from rulebook import facts, library
from rulebook.library import Rulebook
from rulebook.obligations import answers

TIMES = 15
HERE: dict[str, Any] = {
    "organisation": {
        "roles": ["controller"],
        "sectors": ["retail"],
        "establishments": ["GB"],
        "time_zone": "Europe/London",
    },
    "events": {"detected": "2026-11-20T10:00+00:00", "aware": "2026-11-20T10:00+00:00"},
    "data": ["name", "social_security_number", "health"],
    "medium": ["electronic"],
    "nature": ["acquisition"],
    "protection": {"encrypted": False},
    "people": {"GB": 15, "US-TX": 488},
    "risk": "high",
}
LANDS = ("GB", "FR", "DE", "US-TX", "US-CA", "US-NY", "US-FL", "BR", "AU", "IN", "JP", "ZA")
CASES: dict[str, dict[str, Any]] = {
    "people in two places": HERE,
    "people in twelve places": HERE | {"people": dict.fromkeys(LANDS, 400)},
    "nothing known at all": {},
}


def quickest(work: Callable[[], object]) -> float:
    """Milliseconds of the quickest of some runs: what the work itself takes, whatever else the machine does."""
    spent = []
    for _ in range(TIMES):
        began = time.perf_counter()
        work()
        spent.append(time.perf_counter() - began)
    return min(spent) * 1000


def in_a_new_process(code: str, *arguments: str) -> float:
    """Milliseconds that the code prints; the quickest of some processes, none of which has done it before."""
    runs = [subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, check=True) for _ in range(5)]
    return min(float(run.stdout) for run in runs)


COLD = """
import time
from rulebook import library
began = time.perf_counter()
library.book()
print((time.perf_counter() - began) * 1000)
"""
START = """
import subprocess, sys, time
began = time.perf_counter()
subprocess.run([sys.executable, "-m", "cli", "duties", sys.argv[1], "--json"], stdout=subprocess.DEVNULL, check=True)
print((time.perf_counter() - began) * 1000)
"""


def reading(book: Rulebook) -> None:
    """The book, beside its bare text."""
    files = [path.read_bytes() for path in sorted(library.SHELF.glob("**/*.yaml"))]
    bare = quickest(lambda: [yaml.load(text, Loader=yaml.CSafeLoader) for text in files])
    began = time.perf_counter()
    for text in files:
        yaml.load(text, Loader=yaml.SafeLoader)
    pure = (time.perf_counter() - began) * 1000
    size = f"{len(book.laws)} laws, {len(book.by_duty)} duties, {sum(map(len, files)) / 1024:.0f} KiB"
    print(f"read the book ({size}): {in_a_new_process(COLD):.0f} ms in a new process,")
    print(f"  beside a bare parse of the same files: {bare:.0f} ms by libyaml, {pure:.0f} ms by Python")


def answering(book: Rulebook) -> None:
    """Each incident, beside a bare parse of its facts."""
    for name, told in CASES.items():
        text = yaml.safe_dump(told)
        known = facts.Facts.model_validate(told)
        answered = quickest(partial(answers, known, book))
        bare = quickest(partial(yaml.load, text, Loader=yaml.CSafeLoader))
        open_ones = sum(answer.answer != "does_not_apply" for answer in answers(known, book))
        print(
            f"answer {name}: {answered:.1f} ms ({open_ones} owed or open), beside a parse of the facts: {bare:.1f} ms"
        )


def main() -> None:
    """Run all and say how they compare."""
    book = library.book()
    reading(book)
    answering(book)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "facts.yaml"
        path.write_text(json.dumps(HERE), encoding="utf-8")
        print(f"forthwith duties FACTS --json: {in_a_new_process(START, str(path)):.0f} ms from start to end")


if __name__ == "__main__":
    main()
