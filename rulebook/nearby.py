"""Warns before a number of people makes a duty owed: "488 people in US-TX known; at 500 … would be owed"."""

from collections.abc import Mapping
from datetime import date
from typing import Final, Protocol

from rulebook.answer import Nearby
from rulebook.counts import number
from rulebook.facts import Facts
from rulebook.places import country, within
from rulebook.plan import Planned
from rulebook.verdicts import Verdict
from rulebook.when import People
from rulebook.whereabouts import grounds

PEOPLE: Final = 50  # a number is near another that is at most so many more,
SHARE: Final = 5  # or more by at most a fifth of itself


class Case(Protocol):
    """One set of facts before the book, and the same with other numbers of people."""

    facts: Facts

    def raised(self, people: Mapping[str, int | None]) -> "Case": ...

    def verdict(self, key: str) -> Verdict: ...


def nearby(case: Case, planned: Planned, on: date) -> tuple[Nearby, ...]:
    """Each number not far above the one known at which the duty would be owed, all other facts as they are."""
    return tuple(near for wanted in planned.counted if (near := _nearby(case, planned, wanted, on)))


def _nearby(case: Case, planned: Planned, wanted: People, on: date) -> Nearby | None:
    people = case.facts.people or {}
    if wanted.places and case.facts.grounds.isdisjoint(grounds(wanted.places, on)):
        return None
    low, _ = number(people, wanted.places, wanted.each_part_of, on)
    lacking = wanted.floor - low
    if low < 1 or not 0 < lacking <= max(PEOPLE, wanted.floor // SHARE):
        return None
    grown = _fullest(people, wanted, on)
    if grown is None or not case.raised({**people, grown: (people[grown] or 0) + lacking}).verdict(planned.key).holds:
        return None
    where = (wanted.each_part_of and grown) or " + ".join(wanted.places) or "all places"
    enough = f" (at least {wanted.at_least})" if wanted.at_least == wanted.floor else f" (more than {wanted.more_than})"
    says = f"{low} people in {where} known; at {wanted.floor}{enough} {planned.key} would be owed"
    return Nearby(where, low, wanted.floor, says)


def _fullest(people: Mapping[str, int | None], wanted: People, on: date) -> str | None:
    """Where one more person counts: of the places told that lie inside what the law asks about, the one with most people."""
    areas = wanted.places or tuple(filter(None, [wanted.each_part_of]))
    inside = [place for place in people if not areas or any(within(place, area, on) for area in areas)]
    if wanted.each_part_of:
        inside = [place for place in inside if "-" in place and country(place) == wanted.each_part_of]
    return max(inside, key=lambda place: people[place] or 0, default=None)
