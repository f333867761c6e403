"""Whether a law's named conditions hold on the facts: yes, no, or not known, with the facts that decide or are wanted."""

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from rulebook import whereabouts
from rulebook.facts import Facts
from rulebook.verdicts import Verdict, all_of, both, either, joined, known, spoken, unknown
from rulebook.when import Alternative, Asked, When


class Judge:
    """Judges conditions on one set of facts; what several laws ask alike is judged once."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self._seen: dict[str | tuple[str, date], Verdict] = {}

    def __call__(self, when: When, on: date) -> Verdict:
        """All written conditions together: false if one is false, else not known if one is not known.

        A place that has nothing to do with the facts says it all; the other conditions are then not asked.
        """
        key = (when.word, on) if when.by_day else when.word
        found = self._seen.get(key)
        if found is None:
            found = self._seen[key] = self._judged(when, on)
        return found

    def _judged(self, when: When, on: date) -> Verdict:
        for place in when.about_places:
            found = self._one(place, on)
            if found.holds is False:
                return found
        return all_of([self._one(each, on) for each in when.asked])

    def _one(self, asked: Asked, on: date) -> Verdict:
        key = (asked.word, on) if asked.by_day else asked.word
        found = self._seen.get(key)
        if found is None:
            found = self._seen[key] = TESTS[asked.name](asked.value, self, on)
        return found


def judge(when: When, facts: Facts, on: date) -> Verdict:
    """One set of conditions by itself."""
    return Judge(facts)(when, on)


def _any_of(sets: tuple[Alternative, ...], ask: Judge, on: date) -> Verdict:
    found = [ask(one, on) for one in sets]
    if true := [v for v in found if v.holds]:
        return true[0]
    open_still = [v for v in found if v.holds is None]
    return joined(None, open_still) if open_still else joined(False, found)


def _listed(name: str, yes: str, no: str) -> Callable[[tuple[str, ...], Facts, date], Verdict]:
    """A test on a list of codes: true when any one of the law's words is in it."""

    def test(wanted: tuple[str, ...], facts: Facts, on: date) -> Verdict:
        given = facts.value(name)
        if given is None:
            return unknown(f"it is not known whether {yes.format(either(wanted))}", name)
        found = [word for word in wanted if word in given]
        return known(True, yes.format(both(found)), name) if found else known(False, no.format(either(wanted)), name)

    return test


def _not(test: "Test") -> "Test":
    """The opposite of a test, in the same words."""

    def opposite(unwanted: Any, facts: Facts, on: date) -> Verdict:
        found = test(unwanted, facts, on)
        return Verdict(None if found.holds is None else not found.holds, found.because, found.used, found.missing)

    return opposite


def _all_listed(wanted: tuple[str, ...], facts: Facts, on: date) -> Verdict:
    if facts.data is None:
        return unknown(f"it is not known whether the data includes {both(wanted)}", "data")
    lacking = [word for word in wanted if word not in facts.data]
    if lacking:
        return known(False, f"the data does not include {either(lacking)}", "data")
    return known(True, f"the data includes {both(wanted)}", "data")


def _regime(wanted: str, facts: Facts, on: date) -> Verdict:
    """Which body of data-protection law governs the data.

    A body with law-enforcement or intelligence functions that names itself so is taken to act as such. Whether general law
    governs it too is not known until it says for what purposes the data was used.
    """
    roles, purposes = facts.organisation.roles, facts.purposes
    special = {"law_enforcement": "competent_authority", "intelligence": "intelligence_service"}
    if roles is None:
        return unknown("it is not known as what the organisation acts", "organisation.roles")
    if wanted in special:
        if special[wanted] not in roles:
            return known(False, f"not acting as {spoken(special[wanted])}", "organisation.roles")
        if purposes is None:
            return known(True, f"acting as {spoken(special[wanted])}", "organisation.roles")
        holds = wanted in purposes
        return known(
            holds,
            f"the data {'served' if holds else 'did not serve'} {spoken(wanted)}",
            "organisation.roles",
            "purposes",
        )
    if not set(special.values()) & set(roles):
        return known(True, "general processing", "organisation.roles")
    if purposes is None:
        return unknown("it is not known whether the data of this public body served general purposes too", "purposes")
    holds = "general" in purposes
    return known(
        holds, f"the data {'served' if holds else 'did not serve'} general purposes", "organisation.roles", "purposes"
    )


def _risk(wanted: str, facts: Facts, on: date) -> Verdict:
    risk = facts.risk
    if risk is None or risk == "unknown":
        return unknown("the risk to people has not been decided", "risk")
    holds = risk in {"at_least_risk": ("risk", "high"), "high": ("high",), "unlikely": ("unlikely",)}[wanted]
    says = {
        "unlikely": "a risk to people is unlikely",
        "risk": "there is a risk to people",
        "high": "the risk to people is high",
    }
    return known(holds, says[risk] + (", not high" if risk == "risk" and wanted == "high" else ""), "risk")


def _protected(wanted: bool, facts: Facts, on: date) -> Verdict:
    """Encrypted, and the key not compromised."""
    encrypted, key = facts.protection.encrypted, facts.protection.key_compromised
    if encrypted is False:
        return known(not wanted, "the data was not encrypted", "protection.encrypted")
    if key is True:
        return known(not wanted, "the key to the data is compromised", "protection.key_compromised")
    missing = [name for name, value in (("encrypted", encrypted), ("key_compromised", key)) if value is None]
    if missing:
        return unknown(
            "it is not known whether the data was encrypted with the key safe",
            *(f"protection.{name}" for name in missing),
        )
    return known(
        wanted, "the data was encrypted and the key is safe", "protection.encrypted", "protection.key_compromised"
    )


def _recovered(wanted: bool, facts: Facts, on: date) -> Verdict:
    found = facts.protection.recovered
    if found is None:
        return unknown("it is not known whether the data was recovered", "protection.recovered")
    return known(found is wanted, f"the data was {'' if found else 'not '}recovered", "protection.recovered")


def _findings(wanted: Mapping[str, bool], facts: Facts, on: date) -> Verdict:
    return all_of(_finding(name, value, facts) for name, value in wanted.items())


def _finding(name: str, wanted: bool, facts: Facts) -> Verdict:
    found = facts.findings.get(name)
    if found is None:
        return unknown(f"nobody has judged yet: {name}", f"findings.{name}")
    return known(found is wanted, f"{name} was judged {str(found).lower()}", f"findings.{name}")


Test = Callable[[Any, Facts, date], Verdict]


def _of_facts(test: Test) -> Callable[[Any, Judge, date], Verdict]:
    """A test that asks the facts alone, and no other conditions."""
    return lambda value, ask, on: test(value, ask.facts, on)


_ACTS_AS = _listed("organisation.roles", "the organisation acts as {}", "the organisation does not act as {}")
WHOSE_DATA = frozenset(("controller", "processor"))
"""One of the two every organisation is; roles that name neither leave open which, and must not let a duty go.
An empty list says that it is none of all."""


def _role(wanted: tuple[str, ...], facts: Facts, on: date) -> Verdict:
    found, given = _ACTS_AS(wanted, facts, on), set(facts.organisation.roles or ())
    if found.holds is False and given and WHOSE_DATA & set(wanted) and not WHOSE_DATA & given:
        return unknown("it is not said whether the data is its own or held for someone else", "organisation.roles")
    return found


_SECTOR = _listed("organisation.sectors", "its sector is {}", "its sector is not {}")

_OF_FACTS: Final[Mapping[str, Test]] = MappingProxyType(
    {
        "regime": _regime,
        "role": _role,
        "not_role": _not(_role),
        "sector": _SECTOR,
        "not_sector": _not(_SECTOR),
        "purpose": _listed("purposes", "the data was used for {}", "the data was not used for {}"),
        "established_in": whereabouts.established,
        "not_established_in": _not(whereabouts.established),
        "directed_at": whereabouts.reaches("organisation.directed_at", "its work is {}directed at people in {}"),
        "processed_in": whereabouts.reaches("organisation.processed_in", "the data was {}kept or handled in {}"),
        "people_in": whereabouts.people_in,
        "people": whereabouts.people,
        "data": _listed("data", "the data includes {}", "the data does not include {}"),
        "data_with": _all_listed,
        "kinds": _listed("kinds", "the people are {}", "the people are not {}"),
        "nature": _listed("nature", "there was {}", "there was no {}"),
        "medium": _listed("medium", "the data was {}", "the data was not {}"),
        "risk": _risk,
        "protected": _protected,
        "recovered": _recovered,
        "findings": _findings,
    }
)

TESTS: Final[Mapping[str, Callable[[Any, Judge, date], Verdict]]] = MappingProxyType(
    {**{name: _of_facts(test) for name, test in _OF_FACTS.items()}, "any_of": _any_of}
)
