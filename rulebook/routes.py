"""To which authority a duty falls where the law gives a rule instead of a name."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Final, NamedTuple

from rulebook.facts import Facts
from rulebook.places import country, members


class Route(NamedTuple):
    """The authorities (keys), why those, the facts that decided, and the facts still wanted to name them all."""

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
        return _led(facts, place, f"the main establishment is in {place}", "organisation.main_establishment")
    if len(inside) == 1:
        why = f"the only establishment in the area is in {inside[0]}"
        return _led(facts, inside[0], why, "organisation.establishments")
    if inside:
        why = f"establishments in {', '.join(inside)}: the lead authority follows from which of them is the main one"
        return Route((), why, ("organisation.establishments",), ("organisation.main_establishment",))
    places = [place for place, n in (facts.people or {}).items() if n != 0 and country(place) in area]
    if not places:
        return Route((), "it is not known where in the area the people live", (), ("people",))
    return _each(facts, places, ("organisation.establishments", *(f"people.{land}" for land in _lands(places))))


def _led(facts: Facts, place: str, because: str, used: str) -> Route:
    """The authority of one place; in Germany that of the Land, which the place itself or the establishments tell."""
    parts = [part for part in facts.organisation.establishments or () if part.startswith(f"{place}-")]
    to = authority_of(parts[0] if len(parts) == 1 else place, facts)
    missing = {"de/land": ("organisation.main_establishment" if len(parts) > 1 else used,)}
    return Route((to,), because, (used,), missing.get(to, ()))


def _each(facts: Facts, places: list[str], used: tuple[str, ...]) -> Route:
    """Without an establishment: the authority of every country, and of every Land, where somebody lives."""
    finest = [place for place in places if not any(other.startswith(f"{place}-") for other in places)]
    to = tuple(sorted({authority_of(place, facts) for place in finest}))
    why = "no establishment in the area, so the authority of each country where people live"
    return Route(to, why, used, ("people.DE",) if "de/land" in to else ())


def authority_of(place: str, facts: Facts) -> str:
    """Who supervises data protection at a place."""
    land = country(place)
    if land == "GB":
        return "uk/ico"
    return _german(place, facts) if land == "DE" else f"eu/{land.lower()}"


def _german(place: str, facts: Facts) -> str:
    """BDSG sections 9 and 40: the Federal Commissioner for federal bodies and telecommunications, the Länder for all others."""
    roles, sectors = facts.organisation.roles or (), facts.organisation.sectors or ()
    public = not {"public_body", "competent_authority"}.isdisjoint(roles)
    if public and "central_government" in sectors:
        return "eu/de"
    if not {"communications_provider", "network_provider"}.isdisjoint(roles):
        return "eu/de"
    part = place.partition("-")[2].lower()
    return f"de/{part}{'-public' if part == 'by' and public else ''}" if part else "de/land"


def _lands(places: Iterable[str]) -> list[str]:
    return sorted({country(place) for place in places})


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
    found = _grounds(facts, "EU27", on, "eu")
    if "eu/de" not in found.to:
        return found
    german = [place for place in facts.organisation.establishments or () if country(place) == "DE"]
    finest = [place for place in german if "-" in place] or german
    to = {*(each for each in found.to if each != "eu/de"), *(authority_of(place, facts) for place in finest)}
    missing = ("organisation.establishments",) if "de/land" in to else ()
    return found._replace(to=tuple(sorted(to)), missing=missing)


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
