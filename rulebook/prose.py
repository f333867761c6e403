"""Conditions, periods and limits in words, for whoever reads a law instead of running it."""

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from rulebook import codes
from rulebook.counting import COUNTING
from rulebook.law import Clock, Exemption, Period, Version
from rulebook.places import names
from rulebook.verdicts import both, either
from rulebook.versions import spelt
from rulebook.when import People, When


def conditions(when: When | None) -> tuple[str, ...]:
    """Each written condition as a phrase. All of them must hold."""
    return tuple(SAYS[name](value) for name, value in (when.written if when else ()))


def place(area: str) -> str:
    """A country or part by its name, a group as an area."""
    return names().get(area) or f"the {area} area"


def limit(version: Version) -> str:
    """A limit with its days, its mark and its source."""
    parts = [_in_force(version), _time(version), *_beside(version), version.says or ""]
    return "; ".join(part for part in parts if part) + f". {source(version)}"


def source(cited: Version | Exemption) -> str:
    """Citation, mark and link."""
    link = f" {cited.href}" if cited.href else ""
    return f"{cited.cite} [{mark(cited.status)}]{link}"


def mark(status: str) -> str:
    return status.replace("_", " ")


def period(within: Period) -> str:
    unit = within.unit.replace("_", " ")
    return f"{within.n} {unit.removesuffix('s') if within.n == 1 else unit}"


def clock(start: Clock) -> str:
    """What starts it, in words."""
    if start.event:
        return codes.words()["events"][start.event]
    return f"{start.filed} is met" if start.filed else f"the time for {start.deadline_of} ends"


def exemption(each: Exemption) -> str:
    """What lifts a duty, or how else it may be met, and what must be shown for that."""
    shown = f"; shown where {both_of(each.when)}" if each.when else "; for a person to judge"
    instead = f"; then instead: {each.instead}" if each.instead else ""
    return f"{each.says}{shown}{instead}. {source(each)}"


def both_of(when: When | None) -> str:
    return " and ".join(conditions(when))


def _in_force(version: Version) -> str:
    if not version.enabled:
        return "NOT IN FORCE"
    until = f" until {spelt(version.until_on)}" if version.until_on else ""
    older = " (and before: this book begins there)" if version.from_is == "start_of_book" else ""
    return f"from {spelt(version.from_on or date.min)}{older}{until}"


def _time(version: Version) -> str:
    speed = codes.words()["speeds"][version.speed] if version.speed else ""
    within = period(version.within) if version.within else ""
    told = (
        f"{speed}, at the latest within {within}"
        if speed and within
        else speed or (f"within {within}" if within else "")
    )
    counted = f", counted by: {COUNTING[version.counting].source}" if version.within and version.counting else ""
    return f"{told}{counted}{' (in any event)' if version.hard else ''}"


def _beside(version: Version) -> list[str]:
    """What else ends it, changes it, or is told with it."""
    told = []
    if cap := version.cap:
        told.append(f"but no later than {period(cap.within)} after {clock(cap.clock)}")
    if version.with_duty:
        told.append(f"at the latest together with {version.with_duty}")
    if version.before_duty:
        told.append(f"before {version.before_duty}")
    if version.when:
        told.append(f"where {both_of(version.when)}")
    if strict := version.stricter:
        told.append(
            f"counted by {COUNTING[strict.counting].source} unless it is shown otherwise: {strict.says} ({strict.cite})"
        )
    if version.outer:
        told.append(f"a wider reading counts by {COUNTING[version.outer].source}")
    if version.reasons_after:
        told.append(f"later than {period(version.reasons_after)}, reasons go with it")
    return told


def _listed(phrase: str) -> Callable[[tuple[str, ...]], str]:
    return lambda words: phrase.format(either(words))


def _placed(phrase: str) -> Callable[[tuple[str, ...]], str]:
    return lambda areas: phrase.format(" or ".join(map(place, areas)))


def _people(wanted: People) -> str:
    edges = {
        "at least": wanted.at_least,
        "more than": wanted.more_than,
        "fewer than": wanted.fewer_than,
        "at most": wanted.at_most,
    }
    number = " and ".join(f"{words} {n}" for words, n in edges.items() if n is not None)
    if wanted.each_part_of:
        return f"{number} people live in some one part of {place(wanted.each_part_of)}"
    where = " and ".join(map(place, wanted.places))
    return f"{number} people live in {where}" if where else f"{number} people are affected, wherever they live"


def _findings(wanted: Mapping[str, bool]) -> str:
    meaning = codes.words()["findings"]
    return " and ".join(
        f"a person has judged {'that' if holds else 'it not so that'}: {meaning[name]}"
        for name, holds in wanted.items()
    )


_RISK: Final = {
    "at_least_risk": "there is a risk to people, high or not",
    "high": "the risk to people is high",
    "unlikely": "a risk to people is unlikely",
}

SAYS: Final[Mapping[str, Callable[[Any], str]]] = MappingProxyType(
    {
        "role": _listed("the organisation acts as {}"),
        "not_role": _listed("the organisation does not act as {}"),
        "sector": _listed("its sector is {}"),
        "not_sector": _listed("its sector is not {}"),
        "regime": lambda regime: f"the rules for {regime.replace('_', ' ')} processing govern the data",
        "purpose": _listed("the data served {}"),
        "established_in": _placed("it is established in {}"),
        "not_established_in": _placed("it is not established in {}"),
        "directed_at": _placed("its work is directed at people in {}"),
        "processed_in": _placed("the data was kept or handled in {}"),
        "people_in": _placed("someone affected lives in {}"),
        "people": _people,
        "data": _listed("the data includes {}"),
        "data_with": lambda words: f"the data includes {both(words)}",
        "kinds": _listed("among the people is: {}"),
        "nature": _listed("there was {}"),
        "medium": _listed("the data was {}"),
        "risk": _RISK.__getitem__,
        "protected": lambda safe: (
            "the data was encrypted and the key is safe"
            if safe
            else "the data was not encrypted, or the key is compromised"
        ),
        "recovered": lambda back: f"the data was {'' if back else 'not '}recovered",
        "findings": _findings,
        "any_of": lambda sets: "either " + ", or ".join(f"({both_of(one)})" for one in sets),
    }
)
