"""`forthwith rulebook`: the laws, one law, the words, and what needs a look."""

import json
from pathlib import Path

import pytest

from rulebook.library import book
from rulebook.pages import MARK
from tests.cli.call import call
from tests.rulebook.shelves import LAW, shelf


@pytest.mark.parametrize(
    ("where", "some", "none"),
    [
        ("GB", "uk-gdpr", "eu-gdpr"),
        ("FR", "eu-gdpr", "uk-gdpr"),
        ("gb-sct", "uk-gdpr", "eu-gdpr"),
        ("GDPR", "eu-gdpr", "uk-gdpr"),
    ],
)
def test_laws_are_listed_by_place(where: str, some: str, none: str) -> None:
    told = json.loads(call("rulebook", "list", "--where", where, "--json").out)
    laws = {law["law"] for law in told["laws"]}
    assert some in laws and none not in laws


def test_a_place_without_law_is_refused() -> None:
    result = call("rulebook", "list", "--where", "AQ")
    assert result.code == 2 and "AQ" in result.err


@pytest.mark.parametrize("key", ["uk-dpa2018-part3", "eu-dora", "us-tx", "us-hipaa"])
def test_a_law_can_be_read_as_a_page_with_all_its_sources(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "4000")
    page = call("rulebook", "show", key).out
    for duty_key, duty in book().laws[key].duties.items():
        assert duty_key in page and duty.title in page
        for version in duty.limits:
            assert version.cite in page and version.href in page and version.status.replace("_", " ") in page
        assert all(words in page for words in duty.contents.values())
        assert all(exemption.says in page for exemption in duty.unless)


def test_one_duty_is_shown_with_its_law() -> None:
    page = call("rulebook", "show", "uk-p3-68-1").out
    assert "uk-dpa2018-part3" in page and "uk-p3-68-1" in page and "uk-p3-67-9" not in page


def test_a_law_that_is_not_in_the_book_is_refused_with_the_nearest() -> None:
    result = call("rulebook", "show", "uk-gdrp")
    assert result.code == 2 and "uk-gdpr" in result.err


def test_the_words_are_listed_with_their_meaning() -> None:
    told = json.loads(call("rulebook", "codes", "--json").out)
    assert told["data"]["criminal_offence"] and "places" not in told
    assert json.loads(call("rulebook", "codes", "places", "--json").out)["places"]["NO"] == "Norway"
    assert "competent_authority" in call("rulebook", "codes", "roles").out
    assert call("rulebook", "codes", "rolls").code == 2


def test_a_check_of_the_book_that_is_shipped_finds_nothing() -> None:
    result = call("rulebook", "check", "--on", "2026-11-21", "--json")
    assert (result.code, json.loads(result.out)["found"]) == (0, [])


def test_a_check_finds_what_is_stale() -> None:
    result = call("rulebook", "check", "--on", "2028-01-01")
    assert result.code == 2 and "over a year ago" in " ".join(result.out.split())


def test_a_check_of_a_broken_shelf_names_file_line_and_key(tmp_path: Path) -> None:
    broken = shelf(tmp_path, LAW.replace("clock: determined", "clok: determined", 1))
    result = call("rulebook", "check", "--shelf", str(broken))
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("laws/xx/act.yaml, line 14, duties.xx-people.clok: there is no such key here.")


def test_a_day_that_cannot_be_read_is_refused() -> None:
    assert call("rulebook", "check", "--on", "yesterday").code == 2


def test_the_pages_are_written_and_those_of_laws_that_are_gone_are_taken_away(tmp_path: Path) -> None:
    (tmp_path / "xx").mkdir()
    gone, kept = tmp_path / "xx/gone.md", tmp_path / "corrections.md"
    gone.write_text(f"{MARK}\n\n# Gone\n", encoding="utf-8")
    kept.write_text("# Corrections\n", encoding="utf-8")
    assert call("rulebook", "pages", str(tmp_path)).code == 0
    assert (tmp_path / "uk/gdpr.md").exists() and kept.exists() and not gone.exists()


def test_a_law_whose_key_is_a_duty_too_is_shown_whole() -> None:
    both = [key for key in book().laws if key in book().by_duty and len(book().laws[key].duties) > 1]
    assert both
    for key in both:
        assert all(duty in call("rulebook", "show", key).out for duty in book().laws[key].duties)
