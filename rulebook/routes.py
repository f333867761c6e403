"""To which authority a duty falls where the law gives a rule instead of a name."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

from rulebook.facts import Facts
from rulebook.places import country, members


@dataclass(frozen=True, slots=True)
class Route:
    """The authorities (keys), why those, the facts that decided, and the facts still wanted when none can be named."""

    to: tuple[str, ...]
    because: str
    used: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


Rule = Callable[[Facts, date], Route]


def gdpr_supervisory(facts: Facts, on: date) -> Route:
    """GDPR Art 55-56: the authority of the main or only establishment; with none in the area, each where people live.

    The second is how EDPB Guidelines 9/2022 (version 2.0, paragraph 73) read it: a representative opens no one-stop shop.
    """
    area = members("GDPR", on)
    own = facts.organisation
    inside = sorted({land for place in own.establishments or () if (land := country(place)) in area})
    if own.main_establishment and country(own.main_establishment) in inside:
        place = own.main_establishment
        return _one(place, f"the main establishment is in {place}", ("organisation.main_establishment",))
    if len(inside) == 1:
        return _one(
            inside[0], f"the only establishment in the area is in {inside[0]}", ("organisation.establishments",)
        )
    if inside:
        why = f"establishments in {', '.join(inside)}: the lead authority follows from which of them is the main one"
        return Route((), why, ("organisation.establishments",), ("organisation.main_establishment",))
    lands = sorted({land for place, n in (facts.people or {}).items() if n != 0 and (land := country(place)) in area})
    if not lands:
        return Route((), "it is not known where in the area the people live", (), ("people",))
    why = "no establishment in the area, so the authority of each country where people live"
    return Route(
        tuple(map(_authority_of, lands)), why, ("organisation.establishments", *(f"people.{land}" for land in lands))
    )


def home_state(facts: Facts, on: date) -> Route:
    """The member state of the main or only establishment, where a law leaves each state to name its authority."""
    own, every = facts.organisation, each_state(facts, on)
    main = country(own.main_establishment) if own.main_establishment else ""
    if f"state/{main.lower()}" in every.to:
        return Route(
            (f"state/{main.lower()}",), f"the main establishment is in {main}", ("organisation.main_establishment",)
        )
    if len(every.to) < 2:
        return every
    why = f"{every.because}: which of them is the home state follows from the main one"
    return Route((), why, every.used, ("organisation.main_establishment",))


def each_state(facts: Facts, on: date) -> Route:
    """Every member state with an establishment, where each supervises what is on its own ground."""
    return _grounds(facts, "EU27", on, "state")


def law_enforcement_supervisory(facts: Facts, on: date) -> Route:
    """Directive (EU) 2016/680 Art 41: the authority of each state where the body works; most often that of the GDPR too."""
    return _grounds(facts, "EU27", on, "eu")


def _by_ground_in(group: str) -> Rule:
    """NIS 2 Art 26(1): every state of a group with an establishment, each with the act and the response team of its own."""
    return lambda facts, on: _grounds(facts, group, on, "nis")


def states_of_people(facts: Facts, on: date) -> Route:
    """Every member state where it happened to somebody."""
    area = members("EU27", on)
    lands = sorted({land for place, n in (facts.people or {}).items() if n != 0 and (land := country(place)) in area})
    if not lands:
        return Route((), "it is not known in which member state it happened", (), ("people",))
    return Route(tuple(f"state/{land.lower()}" for land in lands), f"it happened in {', '.join(lands)}", ("people",))


def _grounds(facts: Facts, area: str, on: date, room: str) -> Route:
    inside = members(area, on)
    places = facts.organisation.establishments or ()
    lands = sorted({land for place in places if (land := country(place)) in inside})
    if not lands:
        return Route(
            (), "it is not known in which state of the area it is established", (), ("organisation.establishments",)
        )
    to = tuple(f"{room}/{land.lower()}" for land in lands)
    return Route(to, f"established in {', '.join(lands)}", ("organisation.establishments",))


def _one(place: str, because: str, used: tuple[str, ...]) -> Route:
    return Route((_authority_of(country(place)),), because, used)


def _authority_of(land: str) -> str:
    return "uk/ico" if land == "GB" else f"eu/{land.lower()}"


ROUTES: Final[Mapping[str, Rule]] = MappingProxyType(
    {
        "gdpr_supervisory": gdpr_supervisory,
        "law_enforcement_supervisory": law_enforcement_supervisory,
        "home_state": home_state,
        "each_state": each_state,
        "states_of_people": states_of_people,
        "nis2": _by_ground_in("NIS2"),
        "nis2_detection": _by_ground_in("NIS2_DETECTION"),
        "nis2_elsewhere": _by_ground_in("NIS2_ELSEWHERE"),
    }
)

MEANING: Final[Mapping[str, str]] = MappingProxyType(
    {
        "gdpr_supervisory": "the lead authority, of the main or only establishment; without one, of each country where people live",
        "law_enforcement_supervisory": "the supervisory authority of each member state where the body works",
        "home_state": "the authority that the member state of the main or only establishment named",
        "each_state": "the authority that each member state with an establishment named",
        "states_of_people": "the authority of each member state where it happened to somebody",
        "nis2": "the response team or authority of each state with an establishment, under its own act",
        "nis2_detection": "the response team or authority of each state with an establishment, under its own act",
        "nis2_elsewhere": "the response team or authority of each state with an establishment, under its own act",
    }
)
