"""Plays with facts: what would be owed if one of them were another."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from rulebook.counts import number
from rulebook.facts import BadFacts, Facts, assemble
from rulebook.reading import BadYaml, parse

_WISH = re.compile(r"(?P<name>[\w.@/-]+)=(?P<value>.*)", re.DOTALL)
_STEP = re.compile(r"[+-]\d{1,10}")
_HOW = "Write NAME=VALUE, NAME=+NUMBER or NAME=-NUMBER, such as people.US-TX=+12."


def imagined(facts: Facts, wishes: Iterable[str], on: date) -> Facts:
    """The facts as they would be. Raises BadFacts where a wish cannot be read, or what comes out cannot be true."""
    told = dict(_flat(facts.model_dump(exclude_none=True, exclude_unset=True), ""))
    for wish in wishes:
        found = _WISH.fullmatch(wish.strip())
        if not found:
            raise BadFacts(wish, "this is not a wish", _HOW)
        name, value = found["name"], _value(facts, found["name"], found["value"], on)
        for around in [each for each in told if name.startswith(f"{each}.") or each.startswith(f"{name}.")]:
            del told[around]  # an empty list of people, or the places that a new list takes the place of
        told[name] = value
    return assemble(told)


def _flat(told: Mapping[str, Any], above: str) -> Iterator[tuple[str, Any]]:
    for key, value in told.items():
        if isinstance(value, Mapping) and value:
            yield from _flat(value, f"{above}{key}.")
        else:
            yield f"{above}{key}", value


def _value(facts: Facts, name: str, text: str, on: date) -> Any:
    if _STEP.fullmatch(text.strip()):
        return _known(facts, name, on) + int(text)
    try:
        return parse(text).value
    except BadYaml as trouble:
        raise BadFacts(name, trouble.says, _HOW) from None


def _known(facts: Facts, name: str, on: date) -> int:
    """The number that a step starts from."""
    room, _, place = name.partition(".")
    if room != "people" or not place:
        raise BadFacts(name, "only numbers of people can be raised or lowered", _HOW)
    low, high = (0, None) if facts.people is None else number(facts.people, (place,), None, on)
    if low != high:
        raise BadFacts(name, "it is not known how many there are now", f"Say how many there would be: {name}=NUMBER.")
    return low
