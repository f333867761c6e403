"""What needs a look: stale laws, laws without examples, duties that no example owes."""

from datetime import date
from pathlib import Path

from rulebook import library
from rulebook.review import review
from tests.rulebook.shelves import shelf

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
