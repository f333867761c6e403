"""Reads YAML as plain values with the line of each key, and takes no liberties: no dates, no Norway turned into "false"."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from typing import Any

import yaml

Where = tuple[str, ...]
DEEPEST = 32
_PLAIN = {"": None, "~": None, "null": None, "true": True, "false": False}
_WHOLE_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,17})\Z")
_QUICK_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class BadYaml(ValueError):
    """The text is not YAML that this house reads: `line` (1-based, 0 when unknown) and a sentence."""

    def __init__(self, line: int, says: str) -> None:
        super().__init__(says)
        self.line = line
        self.says = says


@dataclass(frozen=True)
class Page:
    """One YAML document: its value, and on which line each key or list item stands."""

    value: object
    text: str

    @cached_property
    def lines(self) -> dict[Where, int]:
        """The line of each place. The text is read again for it, since hardly anybody asks but where something is wrong."""
        lines: dict[Where, int] = {}
        _Builder(yaml.parse(self.text, Loader=_QUICK_LOADER), lines).value()
        return lines

    def line(self, where: Where) -> int:
        """The line of a place, or of the nearest place around it that has one."""
        while where and where not in self.lines:
            where = where[:-1]
        return self.lines.get(where, 1)


def parse(text: str) -> Page:
    """Read one document. Only null, true, false and whole numbers are more than text; keys are unique; no aliases, no tags."""
    try:
        return Page(_Builder(yaml.parse(text, Loader=_QUICK_LOADER)).value(), text)
    except yaml.MarkedYAMLError as trouble:
        line = trouble.problem_mark.line + 1 if trouble.problem_mark else 0
        raise BadYaml(line, f"this is not YAML: {trouble.problem or trouble.context}") from None
    except (yaml.YAMLError, UnicodeEncodeError) as trouble:
        raise BadYaml(0, f"this is not YAML: {str(trouble).splitlines()[0]}") from None


def near(word: str, known: Iterable[str]) -> str:
    """A hint for a misspelt word: " Did you mean …?" or nothing."""
    choices = list(known)
    close = [match for form in (word, word.lower(), word.upper()) for match in get_close_matches(form, choices, n=1)]
    return f" Did you mean {close[0]!r}?" if close else ""


class _Builder:
    """Builds values from the parser's events, so that no depth of brackets can exhaust the stack of the C library."""

    def __init__(self, events: Iterable[Any], lines: dict[Where, int] | None = None) -> None:
        # The stream's and the document's beginnings and ends say nothing here, but for a second document.
        self.events: Iterator[Any] = iter(events)
        self.where: list[str] = []
        self.lines = lines

    def value(self) -> object:
        """The value of the one document."""
        value: object = None
        documents = 0
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise BadYaml(_line(event), "a second document (---) begins here; one is read")
            elif isinstance(event, yaml.NodeEvent):
                value = self._value(event)
        return value

    def _value(self, event: Any) -> object:
        if self.lines is not None:
            self.lines.setdefault(tuple(self.where), _line(event))
        _must_be_plain(event)
        if isinstance(event, yaml.ScalarEvent):
            return _scalar(event)
        if len(self.where) >= DEEPEST:
            raise BadYaml(_line(event), "this is nested deeper than anything that is read here")
        return self._sequence() if isinstance(event, yaml.SequenceStartEvent) else self._mapping()

    def _sequence(self) -> list[object]:
        found: list[object] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            self.where.append(str(len(found)))
            found.append(self._value(event))
            self.where.pop()
        return found

    def _mapping(self) -> dict[str, object]:
        found: dict[str, object] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            _must_be_plain(event)
            if not isinstance(event, yaml.ScalarEvent):
                raise BadYaml(_line(event), "a key must be a plain word")
            key = str(event.value)
            if key in found:
                raise BadYaml(_line(event), f"the key {key!r} is written twice")
            self.where.append(key)
            if self.lines is not None:
                self.lines[tuple(self.where)] = _line(event)
            found[key] = self._value(next(self.events))
            self.where.pop()
        return found


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


def _must_be_plain(event: Any) -> None:
    if event.anchor:  # an alias has one too
        raise BadYaml(_line(event), "anchors and aliases (& and *) are not read here; write the value out")
    if event.tag:
        raise BadYaml(_line(event), "tags (!) are not read here; write the value plainly")


def _scalar(event: Any) -> object:
    text = str(event.value)
    if event.style:  # quoted or block text is text, whatever it looks like
        return text
    if text in _PLAIN:
        return _PLAIN[text]
    return int(text) if _WHOLE_NUMBER.match(text) else text
