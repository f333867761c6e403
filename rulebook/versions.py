"""Which dated version of a limit applies: the one in force on the day the clock started."""

from dataclasses import dataclass
from datetime import date

from rulebook.law import Duty, Version


@dataclass(frozen=True, slots=True)
class Choice:
    """The version in force; or the nearest one, and why it is not (`unknown`: the book does not reach back so far)."""

    version: Version
    in_force: bool
    because: str = ""
    unknown: bool = False


def choose(duty: Duty, on: date) -> Choice:
    """The version of a day. Versions do not overlap: the shape of a law refuses that."""
    dated = duty.dated
    for version in dated:
        if _in_force(version, on):
            return Choice(version, in_force=True)
    if not dated:
        return Choice(duty.limits[-1], in_force=False, because=f"not in force: {duty.limits[-1].says}")
    later = next((v for v in dated if v.from_on and v.from_on > on), None)
    nearest = later or dated[-1]
    if later is dated[0] and dated[0].from_is == "start_of_book":
        begins = spelt(later.from_on or on)
        return Choice(nearest, in_force=False, because=f"this book tells the law from {begins} only", unknown=True)
    return Choice(nearest, in_force=False, because=f"not in force on {spelt(on)}")


def spelt(day: date) -> str:
    """A day in words: 1 December 2016."""
    return f"{day.day} {day:%B %Y}"


def _in_force(version: Version, on: date) -> bool:
    if version.from_on is None or on < version.from_on:
        return False
    return version.until_on is None or on <= version.until_on
