"""A law in words: every condition and rule can be said, and the pages hold every duty, limit, source and mark."""

from pathlib import Path

import pytest

from rulebook import library
from rulebook.library import book
from rulebook.pages import MARK, pages, safe
from rulebook.prose import SAYS, conditions
from rulebook.routes import MEANING, ROUTES
from rulebook.when import When
from tests.rulebook.shelves import shelf


def test_every_condition_and_every_rule_for_authorities_has_its_words() -> None:
    assert set(SAYS) == set(When.model_fields)
    assert set(MEANING) == set(ROUTES)


@pytest.mark.parametrize(
    ("when", "says"),
    [
        ({"people": {"in": "US-TX", "at_least": 250}}, "at least 250 people live in Texas"),
        (
            {"people": {"each_part_of": "US", "more_than": 500}},
            "more than 500 people live in some one part of United States",
        ),
        ({"people": {"fewer_than": 500}}, "fewer than 500 people are affected, wherever they live"),
        ({"people_in": ["FR", "GDPR"]}, "someone affected lives in France or the GDPR area"),
        ({"protected": False}, "the data was not encrypted, or the key is compromised"),
        ({"risk": "at_least_risk"}, "there is a risk to people, high or not"),
        ({"recovered": False}, "the data was not recovered"),
        (
            {"any_of": [{"data": "login"}, {"data": "health", "data_with": "name"}]},
            "either (the data includes login), or (the data includes health and the data includes name)",
        ),
    ],
)
def test_a_condition_is_said_in_plain_words(when: dict[str, object], says: str) -> None:
    assert conditions(When.model_validate(when)) == (says,)


def test_the_pages_hold_every_law_duty_limit_source_and_mark() -> None:
    written = pages(book())
    assert len(written) == len(book().laws) + 2
    for law in book().laws.values():
        page = written[book().files[law.law].removeprefix("laws/").replace(".yaml", ".md")]
        assert page.startswith(MARK) and safe(law.title) in page and law.href in page
        for key, duty in law.duties.items():
            assert f"`{key}`" in page and f"[`{key}`]" in written["limits.md"]
            for version in duty.limits:
                for text in (page, written["limits.md"]):
                    assert safe(version.cite) in text and version.status.replace("_", " ") in text


def test_a_table_is_not_broken_by_what_a_law_says(tmp_path: Path) -> None:
    rules = library.read(shelf(tmp_path))
    rows = [line for line in pages(rules)["limits.md"].splitlines() if line.startswith("| [")]
    assert rows and all(row.replace("\\|", "").count("|") == 5 for row in rows)
    assert safe("a | b <c> *d*\n e") == "a \\| b &lt;c> \\*d\\* e"
