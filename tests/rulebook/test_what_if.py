"""Playing with facts: what a wish may say, what it changes, and what is refused."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from rulebook import library
from rulebook.facts import BadFacts, assemble
from rulebook.moves import moves, side
from rulebook.obligations import answers
from rulebook.what_if import imagined
from tests.rulebook.shelves import shelf

TODAY = date(2026, 11, 21)
TOLD: dict[str, Any] = {
    "organisation.roles": ["controller"],
    "medium": ["electronic"],
    "people.US-TX": 249,
    "people.FR": None,
    "events.determined": "2026-11-20T12:00+00:00",
}


@pytest.mark.parametrize(
    ("wish", "name", "value"),
    [
        ("people.US-TX=+12", "people", {"US-TX": 261, "FR": None}),
        ("people.US-TX=-49", "people", {"US-TX": 200, "FR": None}),
        ("people.US-TX=7", "people", {"US-TX": 7, "FR": None}),
        ("people.US-CA=+3", "people", {"US-TX": 249, "US-CA": 3, "FR": None}),
        ("people.FR=4", "people", {"US-TX": 249, "FR": 4}),
        ("medium=[paper, spoken]", "medium", ("paper", "spoken")),
        ("risk=high", "risk", "high"),
        ("medium=null", "medium", None),
    ],
)
def test_a_wish_changes_one_fact_and_no_other(wish: str, name: str, value: object) -> None:
    facts = assemble(TOLD)
    after = imagined(facts, [wish], TODAY)
    assert getattr(after, name) == value
    others = set(type(facts).model_fields) - {name}
    assert {each: getattr(after, each) for each in others} == {each: getattr(facts, each) for each in others}


def test_a_place_may_be_added_where_it_was_known_that_nobody_is_affected() -> None:
    assert imagined(assemble({"people": {}}), ["people.FR=+2"], TODAY).people == {"FR": 2}


@pytest.mark.parametrize(
    ("wish", "says"),
    [
        ("people.FR=+1", "not known how many"),
        ("people.US-TX=-250", "too small"),
        ("risk=+1", "only numbers of people"),
        ("people=+1", "only numbers of people"),
        ("people.US-TX", "not a wish"),
        ("rizk=high", "Did you mean 'risk'"),
        ("people.US-XX=1", "not a subdivision"),
        ("risk=[high", "not YAML"),
    ],
)
def test_a_wish_that_cannot_be_granted_is_refused(wish: str, says: str) -> None:
    with pytest.raises(BadFacts, match=says):
        imagined(assemble(TOLD), [wish], TODAY)


def test_a_step_from_a_country_that_was_counted_only_as_a_whole_is_refused() -> None:
    with pytest.raises(BadFacts, match="not known how many there are now"):
        imagined(assemble({"people.US": 500}), ["people.US-TX=+1"], TODAY)


def test_what_moves_is_told_with_both_sides_and_nothing_else_is(tmp_path: Path) -> None:
    book, facts = library.read(shelf(tmp_path)), assemble(TOLD)
    before = list(map(side, answers(facts, book)))
    assert moves(before, before) == ()
    found = moves(before, map(side, answers(imagined(facts, ["people.US-TX=+1"], TODAY), book)))
    assert [move.duty for move in found] == ["xx-ag"]
    told = found[0].as_json()
    assert (told["before"]["answer"], told["after"]["answer"]) == ("does_not_apply", "applies")
    assert {"answer", "due_at", "due_on"} <= set(told["differs"])
    assert told["after"]["due_at"].startswith("2026-12-21")
