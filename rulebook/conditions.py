"""Whether a law's named conditions hold on the facts: yes, no, or not known, with the facts that decide or are wanted."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import Any, Final

from rulebook.counts import Range, number
from rulebook.facts import Facts
from rulebook.places import groups, within
from rulebook.when import Alternative, People, When


@dataclass(frozen=True, slots=True)
class Verdict:
    """True, False or None (not known), in words, with the facts it rests on and the facts it lacks."""

    holds: bool | None
    because: tuple[str, ...] = ()
    used: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


HOLDS: Final = Verdict(holds=True)


def judge(when: When, facts: Facts, on: date) -> Verdict:
    """All written conditions together: false if one is false, else not known if one is not known."""
    return all_of(TESTS[name](value, facts, on) for name, value in when.written)


def all_of(verdicts: Iterable[Verdict]) -> Verdict:
    """Whichever decides speaks: the false ones, else the unknown ones (beside what holds already), else all."""
    found = list(verdicts)
    if false := [v for v in found if v.holds is False]:
        return _joined(False, false)
    if any(v.holds is None for v in found):
        true = [v for v in found if v.holds]
        return _joined(None, [*(v for v in found if v.holds is None), *(Verdict(True, (), v.used) for v in true)])
    return _joined(True, found)


def _any_of(sets: tuple[Alternative, ...], facts: Facts, on: date) -> Verdict:
    found = [judge(one, facts, on) for one in sets]
    if true := [v for v in found if v.holds]:
        return true[0]
    unknown = [v for v in found if v.holds is None]
    return _joined(None, unknown) if unknown else _joined(False, found)


def _joined(holds: bool | None, parts: list[Verdict]) -> Verdict:
    def once(words: Iterable[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(words))

    return Verdict(
        holds,
        once(words for part in parts for words in part.because),
        once(name for part in parts for name in part.used),
        once(name for part in parts for name in part.missing),
    )


def _unknown(says: str, *missing: str) -> Verdict:
    return Verdict(None, (says,), (), missing)


def _known(holds: bool, says: str, *used: str) -> Verdict:
    return Verdict(holds, (says,), used)


def _either(words: Iterable[str]) -> str:
    return " or ".join(map(_spoken, words))


def _and(words: Iterable[str]) -> str:
    return " and ".join(map(_spoken, words))


def _spoken(word: str) -> str:
    """A code as words; a group of countries as an area."""
    return f"the {word} area" if word in groups() else word.replace("_", " ")


def _listed(name: str, yes: str, no: str) -> Callable[[tuple[str, ...], Facts, date], Verdict]:
    """A test on a list of codes: true when any one of the law's words is in it."""

    def test(wanted: tuple[str, ...], facts: Facts, on: date) -> Verdict:
        given = _value(facts, name)
        if given is None:
            return _unknown(f"it is not known whether {yes.format(_either(wanted))}", name)
        both = [word for word in wanted if word in given]
        return _known(True, yes.format(_and(both)), name) if both else _known(False, no.format(_either(wanted)), name)

    return test


def _not(test: "Test") -> "Test":
    """The opposite of a test, in the same words."""

    def opposite(unwanted: Any, facts: Facts, on: date) -> Verdict:
        found = test(unwanted, facts, on)
        return Verdict(None if found.holds is None else not found.holds, found.because, found.used, found.missing)

    return opposite


def _value(facts: Facts, name: str) -> Any:
    value: Any = facts
    for step in name.split("."):
        value = getattr(value, step)
    return value


def _all_listed(wanted: tuple[str, ...], facts: Facts, on: date) -> Verdict:
    if facts.data is None:
        return _unknown(f"it is not known whether the data includes {_and(wanted)}", "data")
    lacking = [word for word in wanted if word not in facts.data]
    if lacking:
        return _known(False, f"the data does not include {_either(lacking)}", "data")
    return _known(True, f"the data includes {_and(wanted)}", "data")


def _regime(wanted: str, facts: Facts, on: date) -> Verdict:
    """Which body of data-protection law governs the data.

    A body with law-enforcement or intelligence functions that names itself so is taken to act as such. Whether general law
    governs it too is not known until it says for what purposes the data was used.
    """
    roles, purposes = facts.organisation.roles, facts.purposes
    special = {"law_enforcement": "competent_authority", "intelligence": "intelligence_service"}
    if roles is None:
        return _unknown("it is not known as what the organisation acts", "organisation.roles")
    if wanted in special:
        if special[wanted] not in roles:
            return _known(False, f"not acting as {_spoken(special[wanted])}", "organisation.roles")
        if purposes is None:
            return _known(True, f"acting as {_spoken(special[wanted])}", "organisation.roles")
        holds = wanted in purposes
        return _known(
            holds,
            f"the data {'served' if holds else 'did not serve'} {_spoken(wanted)}",
            "organisation.roles",
            "purposes",
        )
    if not set(special.values()) & set(roles):
        return _known(True, "general processing", "organisation.roles")
    if purposes is None:
        return _unknown("it is not known whether the data of this public body served general purposes too", "purposes")
    holds = "general" in purposes
    return _known(
        holds, f"the data {'served' if holds else 'did not serve'} general purposes", "organisation.roles", "purposes"
    )


def _established(wanted: tuple[str, ...], facts: Facts, on: date) -> Verdict:
    given = facts.organisation.establishments
    where = _either(wanted)
    if given is None:
        return _unknown(f"it is not known whether it is established in {where}", "organisation.establishments")
    inside = [within(place, area, on) for place in given for area in wanted]
    if any(inside):
        return _known(True, f"established in {where}", "organisation.establishments")
    if None in inside:
        return _unknown(
            f"it is not known in which part of its country it is established, and {where} asks for one",
            "organisation.establishments",
        )
    return _known(False, f"not established in {where}", "organisation.establishments")


def _people_in(wanted: tuple[str, ...], facts: Facts, on: date) -> Verdict:
    return _people(_anyone(wanted), facts, on)


@cache
def _anyone(places: tuple[str, ...]) -> People:
    return People.model_validate({"in": places, "at_least": 1})


def _people(wanted: People, facts: Facts, on: date) -> Verdict:
    where = (
        f"in any one part of {wanted.each_part_of}"
        if wanted.each_part_of
        else f"in {_either(wanted.places) or 'all places'}"
    )
    if facts.people is None:
        return _unknown(f"it is not known how many people live {where}", "people")
    many = number(facts.people, wanted.places, wanted.each_part_of, on)
    holds = _between(many, wanted)
    low, high = many
    counted = f"{low}" if low == high else f"at least {low}" if high is None else f"between {low} and {high}"
    says = f"{counted} {'person lives' if counted == '1' else 'people live'} {where}"
    if holds is None:
        return _unknown(f"{says}; the number is not known well enough", *_wanted_counts(wanted, facts.people))
    return _known(holds, says, "people")


def _between(many: Range, wanted: People) -> bool | None:
    low, high = many
    floor = max(wanted.at_least or 0, -1 if wanted.more_than is None else wanted.more_than + 1)
    edges = [
        edge
        for edge in (wanted.at_most, None if wanted.fewer_than is None else wanted.fewer_than - 1)
        if edge is not None
    ]
    ceiling = min(edges, default=None)
    if (high is not None and high < floor) or (ceiling is not None and low > ceiling):
        return False
    enough = low >= floor
    few_enough = ceiling is None or (high is not None and high <= ceiling)
    return True if enough and few_enough else None


def _wanted_counts(wanted: People, people: Mapping[str, int | None]) -> tuple[str, ...]:
    named = [f"people.{area}" for area in wanted.places if area not in groups() and people.get(area) is None]
    open_ones = [f"people.{place}" for place, n in people.items() if n is None]
    return tuple(dict.fromkeys(named or open_ones)) or ("people",)


def _risk(wanted: str, facts: Facts, on: date) -> Verdict:
    risk = facts.risk
    if risk is None or risk == "unknown":
        return _unknown("the risk to people has not been decided", "risk")
    holds = risk in {"at_least_risk": ("risk", "high"), "high": ("high",), "unlikely": ("unlikely",)}[wanted]
    says = {
        "unlikely": "a risk to people is unlikely",
        "risk": "there is a risk to people",
        "high": "the risk to people is high",
    }
    return _known(holds, says[risk] + (", not high" if risk == "risk" and wanted == "high" else ""), "risk")


def _protected(wanted: bool, facts: Facts, on: date) -> Verdict:
    """Encrypted, and the key not compromised."""
    encrypted, key = facts.protection.encrypted, facts.protection.key_compromised
    if encrypted is False:
        return _known(not wanted, "the data was not encrypted", "protection.encrypted")
    if key is True:
        return _known(not wanted, "the key to the data is compromised", "protection.key_compromised")
    missing = [name for name, value in (("encrypted", encrypted), ("key_compromised", key)) if value is None]
    if missing:
        return _unknown(
            "it is not known whether the data was encrypted with the key safe",
            *(f"protection.{name}" for name in missing),
        )
    return _known(
        wanted, "the data was encrypted and the key is safe", "protection.encrypted", "protection.key_compromised"
    )


def _recovered(wanted: bool, facts: Facts, on: date) -> Verdict:
    found = facts.protection.recovered
    if found is None:
        return _unknown("it is not known whether the data was recovered", "protection.recovered")
    return _known(found is wanted, f"the data was {'' if found else 'not '}recovered", "protection.recovered")


def _findings(wanted: Mapping[str, bool], facts: Facts, on: date) -> Verdict:
    return all_of(_finding(name, value, facts) for name, value in wanted.items())


def _finding(name: str, wanted: bool, facts: Facts) -> Verdict:
    found = facts.findings.get(name)
    if found is None:
        return _unknown(f"nobody has judged yet: {name}", f"findings.{name}")
    return _known(found is wanted, f"{name} was judged {str(found).lower()}", f"findings.{name}")


Test = Callable[[Any, Facts, date], Verdict]

_ROLE = _listed("organisation.roles", "the organisation acts as {}", "the organisation does not act as {}")
_SECTOR = _listed("organisation.sectors", "its sector is {}", "its sector is not {}")

TESTS: Final[Mapping[str, Test]] = MappingProxyType(
    {
        "regime": _regime,
        "role": _ROLE,
        "not_role": _not(_ROLE),
        "sector": _SECTOR,
        "not_sector": _not(_SECTOR),
        "purpose": _listed("purposes", "the data was used for {}", "the data was not used for {}"),
        "established_in": _established,
        "not_established_in": _not(_established),
        "people_in": _people_in,
        "people": _people,
        "data": _listed("data", "the data includes {}", "the data does not include {}"),
        "data_with": _all_listed,
        "kinds": _listed("kinds", "the people are {}", "the people are not {}"),
        "nature": _listed("nature", "there was {}", "there was no {}"),
        "medium": _listed("medium", "the data was {}", "the data was not {}"),
        "risk": _risk,
        "protected": _protected,
        "recovered": _recovered,
        "findings": _findings,
        "any_of": _any_of,
    }
)
