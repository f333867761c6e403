"""Reads YAML as plain values with the line of each key, and takes no liberties: no dates, no Norway turned into "false"."""

import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterable

Where = tuple[str, ...]
_PLAIN = {"": None, "~": None, "null": None, "true": True, "false": False}
_WHOLE_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,17})\Z")
_QUICK_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class BadYaml(ValueError):
    """The text is not YAML that this house reads: `line` (1-based, 0 when unknown) and a sentence."""

    def __init__(self, line: int, says: str) -> None:
        super().__init__(says)
        self.line = line
        self.says = says


@dataclass(frozen=True, slots=True)
class Page:
    """One YAML document: its value, and on which line each key or list item stands."""

    value: object
    lines: dict[Where, int]

    def line(self, where: Where) -> int:
        """The line of a place, or of the nearest place around it that has one."""
        while where and where not in self.lines:
            where = where[:-1]
        return self.lines.get(where, 1)


def parse(text: str) -> Page:
    """Read one document. Only null, true, false and whole numbers are more than text; keys must be unique; no aliases."""
    try:
        root = yaml.compose(text, Loader=_QUICK_LOADER)
    except yaml.MarkedYAMLError as trouble:
        line = trouble.problem_mark.line + 1 if trouble.problem_mark else 0
        raise BadYaml(line, f"this is not YAML: {trouble.problem or trouble.context}") from None
    except yaml.YAMLError as trouble:
        raise BadYaml(0, f"this is not YAML: {str(trouble).splitlines()[0]}") from None
    lines: dict[Where, int] = {}
    return Page(None if root is None else _plain(root, (), lines, set()), lines)


def near(word: str, known: "Iterable[str]") -> str:
    """A hint for a misspelt word: " Did you mean …?" or nothing."""
    choices = list(known)
    close = [match for form in (word, word.lower(), word.upper()) for match in get_close_matches(form, choices, n=1)]
    return f" Did you mean {close[0]!r}?" if close else ""


def _plain(node: yaml.Node, where: Where, lines: dict[Where, int], seen: set[int]) -> object:
    line = node.start_mark.line + 1
    lines.setdefault(where, line)
    if id(node) in seen:
        raise BadYaml(line, "anchors and aliases (& and *) are not read here; write the value out")
    seen.add(id(node))
    if isinstance(node, yaml.ScalarNode):
        return _scalar(node)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, (*where, str(i)), lines, seen) for i, item in enumerate(node.value)]
    return _mapping(node, where, lines, seen)


def _scalar(node: yaml.ScalarNode) -> object:
    text = str(node.value)
    if node.style:  # quoted or block text is text, whatever it looks like
        return text
    if text in _PLAIN:
        return _PLAIN[text]
    return int(text) if _WHOLE_NUMBER.match(text) else text


def _mapping(node: yaml.Node, where: Where, lines: dict[Where, int], seen: set[int]) -> dict[str, object]:
    found: dict[str, object] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode):
            raise BadYaml(line, "a key must be a plain word")
        key = str(key_node.value)
        if key in found:
            raise BadYaml(line, f"the key {key!r} is written twice")
        lines[(*where, key)] = line
        found[key] = _plain(value_node, (*where, key), lines, seen)
    return found
