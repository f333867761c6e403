"""How many people are affected in a place, as a range: what is known at least, and at most where that is known."""

from collections.abc import Iterable, Mapping
from datetime import date

from rulebook.places import country, groups, members

Range = tuple[int, int | None]  # at least, at most (None: no upper end is known)
People = Mapping[str, int | None]  # place → number; null: not known


def number(people: People, areas: tuple[str, ...], each_part_of: str | None, on: date) -> Range:
    """People in several areas together, in the fullest single part of a country, or, with neither, everywhere."""
    if each_part_of:
        return _fullest(people, each_part_of)
    if not areas:
        return _sum(_in_country(people, land) for land in {country(place) for place in people})
    return _sum(_in_area(people, area, on) for area in areas)


def _in_area(people: People, area: str, on: date) -> Range:
    if area in groups():
        return _sum(_in_country(people, land) for land in {country(place) for place in people} & members(area, on))
    return _in_part(people, area) if "-" in area else _in_country(people, area)


def _in_country(people: People, land: str) -> Range:
    """The country's own figure, or the sum of its parts, and its territories overseas besides."""
    overseas = (
        _exactly(n) for place, n in people.items() if "-" not in place and place != land and country(place) == land
    )
    parts = [n for place, n in people.items() if place.startswith(f"{land}-")]
    if people.get(land) is not None:
        return _sum([_exactly(people[land]), *overseas])
    open_ended = land in people or None in parts
    known = sum(n or 0 for n in parts)
    return _sum([(known, None if open_ended else known), *overseas])


def _in_part(people: People, part: str) -> Range:
    """A part's own figure; without one, no more than the country's figure leaves."""
    if part in people:
        return _exactly(people[part])
    return _left_over(people, part.partition("-")[0])


def _left_over(people: People, land: str) -> Range:
    """How many of a country's people are not counted in any of its parts."""
    if land not in people:
        return 0, 0
    whole = people[land]
    return 0, None if whole is None else whole - sum(
        n or 0 for place, n in people.items() if place.startswith(f"{land}-")
    )


def _fullest(people: People, land: str) -> Range:
    parts = [_exactly(n) for place, n in people.items() if place.startswith(f"{land}-")]
    ranges = [*parts, _left_over(people, land)]
    highs = [high for _, high in ranges]
    return max(low for low, _ in ranges), None if None in highs else max(high for high in highs if high is not None)


def _exactly(n: int | None) -> Range:
    return (0, None) if n is None else (n, n)


def _sum(ranges: Iterable[Range]) -> Range:
    low, high = 0, 0
    open_ended = False
    for at_least, at_most in ranges:
        low += at_least
        open_ended = open_ended or at_most is None
        high += at_most or 0
    return low, None if open_ended else high
