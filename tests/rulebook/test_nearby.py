"""A number of people that comes near a threshold warns before the duty begins."""

from pathlib import Path
from typing import Any

import pytest

from rulebook import library
from rulebook.answer import Nearby
from rulebook.facts import assemble
from rulebook.obligations import answers
from tests.rulebook.shelves import LAW, shelf

TOLD: dict[str, Any] = {"organisation.roles": ["controller"], "medium": ["electronic"]}


def _near(folder: Path, told: dict[str, Any], law: str = LAW) -> tuple[Nearby, ...]:
    found = {answer.duty: answer for answer in answers(assemble(told), library.read(shelf(folder, law)))}
    return found["xx-ag"].nearby


def test_it_names_the_number_known_and_the_number_that_would_make_it_owed(tmp_path: Path) -> None:
    near = _near(tmp_path, TOLD | {"people.US-TX": 238})
    assert near == (Nearby("US-TX", 238, 250, "238 people in US-TX known; at 250 (at least 250) xx-ag would be owed"),)


@pytest.mark.parametrize(("people", "warned"), [(199, False), (200, True), (249, True), (250, False), (0, False)])
def test_it_warns_from_fifty_people_below(tmp_path: Path, people: int, warned: bool) -> None:
    assert bool(_near(tmp_path, TOLD | {"people.US-TX": people})) is warned


@pytest.mark.parametrize(("people", "warned"), [(800, False), (801, True), (1000, True), (1001, False)])
def test_it_warns_from_a_fifth_below_a_large_number(tmp_path: Path, people: int, warned: bool) -> None:
    law = LAW.replace("at_least: 250", "more_than: 1000")
    assert bool(_near(tmp_path, TOLD | {"people.US-TX": people}, law)) is warned


def test_it_is_silent_where_something_else_stands_against_the_duty_too(tmp_path: Path) -> None:
    assert not _near(tmp_path, TOLD | {"people.US-TX": 240, "medium": ["paper"]})
    assert not _near(tmp_path, {"people.US-TX": 240, "medium": ["electronic"]})  # nobody said as what it acts


def test_it_speaks_of_any_one_part_and_of_all_places_too(tmp_path: Path) -> None:
    told = TOLD | {"people.US-TX": 240, "people.US-CA": 3}
    each = LAW.replace("{in: US-TX, at_least: 250}", "{each_part_of: US, at_least: 250}")
    assert [(near.where, near.known) for near in _near(tmp_path, told, each)] == [("US-TX", 240)]
    everywhere = LAW.replace("{in: US-TX, at_least: 250}", "{at_least: 250}")
    assert [(near.where, near.known) for near in _near(tmp_path, told, everywhere)] == [("all places", 243)]


def test_it_is_told_to_a_machine(tmp_path: Path) -> None:
    found = answers(assemble(TOLD | {"people.US-TX": 249}), library.read(shelf(tmp_path)))
    told = {answer.duty: answer.as_json()["nearby"] for answer in found}
    assert [near["owed_at"] for near in told["xx-ag"]] == [250]
    assert told["xx-people"] == []
