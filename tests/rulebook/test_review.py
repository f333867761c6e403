"""What needs a look: stale laws, laws without examples, duties that no example owes."""

from datetime import date
from pathlib import Path

import pytest

from rulebook import calendars, library
from rulebook.review import review
from tests.rulebook.shelves import LAW, shelf

EXAMPLES = Path(__file__).parents[1] / "laws"


def test_the_book_that_is_shipped_needs_no_look_on_the_day_it_was_checked() -> None:
    assert review(library.book(), date(2026, 11, 21), EXAMPLES) == ()


def test_a_law_not_compared_for_over_a_year_is_stale(tmp_path: Path) -> None:
    book = library.read(shelf(tmp_path))
    assert not [each for each in review(book, date(2027, 11, 21), None) if each.key == "xx-act"]
    assert [each.file for each in review(book, date(2027, 11, 22), None) if each.key == "xx-act"] == [
        "laws/xx/act.yaml"
    ]


def test_a_law_checked_in_the_future_was_not_checked(tmp_path: Path) -> None:
    book = library.read(shelf(tmp_path))
    assert [each.key for each in review(book, date(2026, 11, 20), None) if "to come" in each.says] == ["xx-act"]


def test_a_law_without_examples_and_a_duty_that_none_owes_are_found(tmp_path: Path) -> None:
    book = library.read(shelf(tmp_path / "shelf"))
    on = date(2026, 11, 21)
    missing = [each for each in review(book, on, tmp_path / "laws") if "worked" in each.says]
    assert [each.key for each in missing] == ["xx-act"]
    path = tmp_path / "laws/xx/act.yaml"
    path.parent.mkdir(parents=True)
    path.write_text("examples:\n  - {name: one, owed: {xx-people: null}}\n", encoding="utf-8")
    missing = [each for each in review(book, on, tmp_path / "laws") if "worked" in each.says]
    assert {each.key for each in missing} == {"xx-ag", "xx-proof"}  # nobody can owe what a bill would demand
    path.write_text("examples: [", encoding="utf-8")
    assert ["cannot be read" in each.says for each in review(book, on, tmp_path / "laws") if "worked" in each.says] == [
        True
    ]


def test_an_authority_with_no_way_to_reach_it_is_found(tmp_path: Path) -> None:
    book = library.read(shelf(tmp_path))
    assert "xx/ag" in [each.key for each in review(book, date(2026, 11, 21), None)]


def test_a_calendar_that_ends_before_a_limit_could_is_found_and_names_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    law = LAW.replace(
        "within: 3 days, counting: calendar_days_exclude_start",
        "within: 3 business days, counting: business_days, calendar: US",
    )
    book = library.read(shelf(tmp_path, law))
    monkeypatch.setattr(calendars, "last_year", lambda calendar: 2027)
    assert not [each for each in review(book, date(2026, 12, 31), None) if each.key == "US"]
    found = [each for each in review(book, date(2027, 1, 1), None) if each.key == "US"]
    assert len(found) == 1 and "xx-proof" in found[0].says and calendars.source() in found[0].says


def test_the_calendars_of_all_authorities_that_a_rule_may_choose_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calendars, "last_year", lambda calendar: 2020)
    found = {each.key for each in review(library.book(), date(2026, 11, 21), None) if each.file == "calendars.py"}
    assert {"DE", "FR", "NO", "US", "GB-ENG"} <= found and "authority" not in found
