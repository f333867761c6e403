"""Countries, their subdivisions, and groups of countries on a given day."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast

from rulebook.reading import near, parse


@cache
def _atlas() -> dict[str, Any]:
    text = (Path(__file__).parent / "places.yaml").read_text(encoding="utf-8")
    return cast("dict[str, Any]", parse(text).value)


@cache
def names() -> Mapping[str, str]:
    """Every country and known subdivision: code → name."""
    atlas = _atlas()
    inside = {f"{land}-{part}": name for land, parts in atlas["subdivisions"].items() for part, name in parts.items()}
    return MappingProxyType({**atlas["countries"], **inside})


@cache
def groups() -> Mapping[str, str]:
    """Every group of countries that a law may name: code → meaning."""
    return MappingProxyType({code: group["says"] for code, group in _atlas()["groups"].items()})


@cache
def country(place: str) -> str:
    """The country that a place belongs to for these laws: GB-SCT → GB, RE → FR, PR → US."""
    land = place.partition("-")[0]
    return _overseas().get(land, land)


@cache
def _overseas() -> dict[str, str]:
    return cast("dict[str, str]", _atlas()["parts"])


def checked(place: str) -> str:
    """The place in its one spelling (PR → US-PR); a ValueError with a hint when there is no such place."""
    land, dash, part = place.partition("-")
    if land not in _atlas()["countries"]:
        hint = " The United Kingdom is GB." if land == "UK" else near(place, names())
        raise ValueError(f"{place!r} is not an ISO 3166 country or subdivision.{hint}")
    parts = _atlas()["subdivisions"].get(land)
    if dash and (
        part not in parts if parts else not (part.isascii() and part.isalnum() and part.isupper() and len(part) <= 3)
    ):
        raise ValueError(f"{place!r} is not a subdivision of {land}.")
    own = country(land)
    return f"{own}-{land}" if own == "US" and land != "US" else place


@cache
def members(group: str, on: date) -> frozenset[str]:
    """The countries of a group on a day."""
    return frozenset(
        land
        for land, (first, last) in _atlas()["groups"][group]["members"].items()
        if (first is None or date.fromisoformat(first) <= on) and (last is None or on <= date.fromisoformat(last))
    )


def within(place: str, area: str, on: date) -> bool | None:
    """Whether a place lies in an area (country, subdivision or group) on a day; None when the place is too coarse to tell."""
    if area in groups():
        return country(place) in members(area, on)
    if place == area or country(place) == area:
        return True
    return None if area.startswith(f"{place}-") else False
