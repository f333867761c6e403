"""Says in another language what Python said in English: words as they stand in the catalogue, sentences by their pattern.

Actions and questions know no languages, and commands stay English. What they say reaches a page as a whole sentence with its
values in it; the catalogue holds the sentence with numbered gaps, "Task {0} is done.", as web/catalogue.py finds it in the source.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from babel.numbers import format_decimal

from web.languages import WRITTEN, catalogue, translator

LONGEST = 2000
DEEPEST = 2
"""A task's title in a sentence, and a code in the title."""
GAP = re.compile(r"\{\d\}")
_BETWEEN = re.compile(r"(, |; | \(|\))")
_NUMBER = re.compile(r"\d+\.\d+|\d{1,3}(?:,\d{3})+")


@dataclass(frozen=True)
class Pattern:
    """A sentence with gaps, and the same in the other language."""

    fixed: tuple[str, ...]
    says: str

    def gaps(self, text: str) -> list[str] | None:
        """What stands in the gaps of *text*; None where it is another sentence. Linear, whatever somebody typed."""
        first, *middle, last = self.fixed
        if not (text.startswith(first) and text.endswith(last)) or len(text) < len(first) + len(last):
            return None
        place, end, found = len(first), len(text) - len(last), []
        for one in middle:
            at = text.find(one, place, end)
            if at < 0:
                return None
            found.append(text[place:at])
            place = at + len(one)
        return [*found, text[place:end]]


def spoken(language: str, text: str) -> str:
    """The same in this language; as it is where the catalogue does not know it. Never markup: pages escape it like any text."""
    if language == WRITTEN or not text or len(text) > LONGEST:
        return text
    return "\n".join(_bullet(line) + _line(language, line[len(_bullet(line)) :], DEEPEST) for line in text.split("\n"))


def _bullet(line: str) -> str:
    return line[: len(line) - len(line.lstrip(" -"))]


def _line(language: str, text: str, deep: int) -> str:
    words = translator(language).gettext(text) if text else text
    if words != text or not deep:
        return words
    for pattern in _patterns(language):
        gaps = pattern.gaps(text)
        if gaps is not None:
            return pattern.says.format(*(_value(language, gap, deep - 1) for gap in gaps))
    return text


def _value(language: str, text: str, deep: int) -> str:
    """What stands in a gap: a sentence or a code of ours, several of them, a number; or what somebody typed, which stays."""
    whole = _line(language, text, deep)
    if whole != text:
        return whole
    if _NUMBER.fullmatch(text):
        return str(format_decimal(text.replace(",", ""), locale=language))
    say = translator(language).gettext
    return "".join(say(part) if part.strip() else part for part in _BETWEEN.split(text))


@cache
def _patterns(language: str) -> Sequence[Pattern]:
    """Those with the most fixed letters first, so that the closest one speaks."""
    pairs = [(one.id, one.string) for one in catalogue(language) if isinstance(one.id, str) and GAP.search(one.id)]
    made = [Pattern(tuple(GAP.split(asked)), str(said)) for asked, said in pairs if said]
    return sorted(made, key=lambda one: -sum(map(len, one.fixed)))
