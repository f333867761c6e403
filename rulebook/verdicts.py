"""What a condition answers: yes, no, or not known; in words, with the facts that decide or are wanted."""

from collections.abc import Iterable
from typing import NamedTuple

from rulebook.places import groups


class Verdict(
    NamedTuple
):  # a tuple: thousands are made for one incident, and a frozen dataclass takes ten times as long
    """True, False or None (not known), in words, with the facts it rests on and the facts it lacks."""

    holds: bool | None
    because: tuple[str, ...] = ()
    used: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


def all_of(verdicts: Iterable[Verdict]) -> Verdict:
    """Whichever decides speaks: the false ones, else the unknown ones (beside what holds already), else all."""
    found = list(verdicts)
    if len(found) == 1:
        return found[0]
    if false := [v for v in found if v.holds is False]:
        return joined(False, false)
    if any(v.holds is None for v in found):
        true = [v for v in found if v.holds]
        return joined(None, [*(v for v in found if v.holds is None), *(Verdict(True, (), v.used) for v in true)])
    return joined(True, found)


def joined(holds: bool | None, parts: list[Verdict]) -> Verdict:
    """Several verdicts as one: their words and facts in order, each once."""
    if len(parts) == 1:
        return parts[0]
    return Verdict(
        holds,
        tuple(dict.fromkeys([words for part in parts for words in part.because])),
        tuple(dict.fromkeys([name for part in parts for name in part.used])),
        tuple(dict.fromkeys([name for part in parts for name in part.missing])),
    )


def unknown(says: str, *missing: str) -> Verdict:
    return Verdict(None, (says,), (), missing)


def known(holds: bool, says: str, *used: str) -> Verdict:
    return Verdict(holds, (says,), used)


def either(words: Iterable[str]) -> str:
    return " or ".join(map(spoken, words))


def both(words: Iterable[str]) -> str:
    return " and ".join(map(spoken, words))


def spoken(word: str) -> str:
    """A code as words; a group of countries as an area."""
    return f"the {word} area" if word in groups() else word.replace("_", " ")
