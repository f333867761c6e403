"""Conditions on where the organisation is, and where and how many the people are."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import cache

from rulebook.counts import Range, number
from rulebook.facts import Facts
from rulebook.places import country, groups, members, within
from rulebook.verdicts import Verdict, either, known, unknown
from rulebook.when import People

Test = Callable[[tuple[str, ...], Facts, date], Verdict]


def established(wanted: tuple[str, ...], facts: Facts, on: date) -> Verdict:
    given = facts.organisation.establishments
    where = either(wanted)
    if given is None:
        return unknown(f"it is not known whether it is established in {where}", "organisation.establishments")
    inside = [within(place, area, on) for place in given for area in wanted]
    if any(inside):
        return known(True, f"established in {where}", "organisation.establishments")
    if None in inside:
        return unknown(
            f"it is not known in which part of its country it is established, and {where} asks for one",
            "organisation.establishments",
        )
    return known(False, f"not established in {where}", "organisation.establishments")


def reaches(name: str, says: str) -> Test:
    """A test on a list of places: true when any of them lies in one that the law names."""

    def test(wanted: tuple[str, ...], facts: Facts, on: date) -> Verdict:
        given, where = facts.value(name), either(wanted)
        if given is None:
            return unknown(f"it is not known whether {says.format('', where)}", name)
        inside = [within(place, area, on) for place in given for area in wanted]
        if any(inside):
            return known(True, says.format("", where), name)
        if None in inside:
            return unknown(f"it is not known in which part of its country, and {where} asks for one", name)
        return known(False, says.format("not ", where), name)

    return test


def people_in(wanted: tuple[str, ...], facts: Facts, on: date) -> Verdict:
    if facts.people is not None and facts.grounds.isdisjoint(grounds(wanted, on)):
        return _nobody(wanted)
    return people(_anyone(wanted), facts, on)


@cache
def grounds(areas: tuple[str, ...], on: date) -> frozenset[str]:
    """What the grounds of some facts must share with these areas if anyone may live in one of them."""
    inside = (
        [f"all {land}" for land in members(area, on)]
        if area in groups()
        else [area, country(area)]
        if "-" in area
        else [area, f"all {area}"]
        for area in areas
    )
    return frozenset(ground for each in inside for ground in each)


@cache
def _nobody(areas: tuple[str, ...]) -> Verdict:
    return known(False, f"nobody lives in {either(areas)}", "people")


@cache
def _anyone(places: tuple[str, ...]) -> People:
    return People.model_validate({"in": places, "at_least": 1})


def people(wanted: People, facts: Facts, on: date) -> Verdict:
    where = (
        f"in any one part of {wanted.each_part_of}"
        if wanted.each_part_of
        else f"in {either(wanted.places) or 'all places'}"
    )
    if facts.people is None:
        return unknown(f"it is not known how many people live {where}", "people")
    many = number(facts.people, wanted.places, wanted.each_part_of, on)
    holds = _between(many, wanted)
    says = f"{_counted(many)} {where}"
    if holds is None:
        return unknown(f"{says}; the number is not known well enough", *_wanted_counts(wanted, facts.people))
    return known(holds, says, "people")


def _counted(many: Range) -> str:
    low, high = many
    if low == high:
        return {0: "nobody lives", 1: "one person lives"}.get(low, f"{low} people live")
    return f"at least {low} people live" if high is None else f"between {low} and {high} people live"


def _between(many: Range, wanted: People) -> bool | None:
    low, high = many
    floor = wanted.floor
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


def _wanted_counts(wanted: People, told: Mapping[str, int | None]) -> tuple[str, ...]:
    named = [f"people.{area}" for area in wanted.places if area not in groups() and told.get(area) is None]
    open_ones = [f"people.{place}" for place, n in told.items() if n is None]
    return tuple(dict.fromkeys(named or open_ones)) or ("people",)
