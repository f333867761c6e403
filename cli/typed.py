"""Facts as people type them: NAME=VALUE on the command line, or a file in the shape of the facts file."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from actions.as_typed import as_typed
from actions.errors import Conflict
from actions.known import law_facts, shape_of
from rulebook.facts import BadFacts, assemble, read_keys
from rulebook.reading import Page


def read_pairs(pairs: Iterable[str]) -> dict[str, Any]:
    """Facts from NAME=VALUE. A story and an option are taken as they stand; other values are read as in a facts file."""
    found: dict[str, Any] = {}
    for pair in pairs:
        name, equals, text = pair.partition("=")
        name = name.strip()
        if not equals or not name:
            raise Conflict(
                f"{pair!r} is not a fact; write NAME=VALUE, such as risk=high ('forthwith fact names' lists the names)."
            )
        if name in found:
            raise Conflict(f"{name} is said twice; keep one of them.")
        found[name] = as_typed(name, text)
    return found


def read_file(path: Path) -> tuple[dict[str, Any], Page]:
    """The top keys of a YAML file, and the page they stand on. Raises BadFacts with the file and the line."""
    return read_keys(path, "this is not a file of facts", "It holds keys with values, such as risk: high.")


def flat(told: Mapping[str, Any]) -> dict[str, Any]:
    """Nested keys as dotted names; lists and plain values stay whole."""
    return dict(_flat(told, ""))


def _flat(told: Mapping[str, Any], above: str) -> Iterator[tuple[str, Any]]:
    for key, value in told.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{above}{key}.")
        else:
            yield f"{above}{key}", value


def check_places(facts: Mapping[str, Any], path: Path, page: Page) -> None:
    """Check what the laws ask about, so that what is wrong is named by its line. Raises BadFacts."""
    for name in facts:
        if name not in law_facts(facts) and shape_of(name) is None:
            raise BadFacts(
                _place(path, page, name),
                "nothing asks about such a fact",
                "'forthwith fact names' lists those that count.",
            )
    try:
        assemble(law_facts(facts))
    except BadFacts as wrong:
        raise BadFacts(_place(path, page, wrong.place), wrong.says, wrong.do) from None


def _place(path: Path, page: Page, name: str) -> str:
    return f"{path}, line {page.line(tuple(name.split('.')))}, {name}"
