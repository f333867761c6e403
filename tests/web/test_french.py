"""The dashboard in French: chosen by hand or by the browser, whole, and as safe as in English."""

import re
from pathlib import Path

import pytest

from actions.desk import Desk
from tests.web.browser import Team
from tests.web.page import Page
from tests.web.scene import a_full_incident
from web.catalogue import forms
from web.languages import catalogue, chosen
from web.speech import spoken
from web.spelling import Spelling
from web.table import ROUTES

NBSP, NARROW = "\u00a0", "\u202f"
OF_THE_REPORT = "what happened"
"""A section of the report itself, which stays in its language."""
OF_THE_PORTAL = re.compile(r'<ul class="options">.*?</ul>', re.DOTALL)
"""What the authority's form offers to tick, in the words of that form."""


@pytest.mark.parametrize(
    ("wanted", "accepted", "spoken_"),
    [
        ("", "fr-CA,fr;q=0.9,en;q=0.8", "fr"),
        ("", "en;q=0.3, fr;q=0.7", "fr"),
        ("", "fr;q=0, en", "en"),
        ("", "de, ja;q=0.5", "en"),
        ("", "fr;q=much", "en"),
        ("fr", "en", "fr"),
        ("xx", "fr", "fr"),
    ],
)
def test_the_language_is_the_one_chosen_or_the_one_liked_best(wanted: str, accepted: str, spoken_: str) -> None:
    assert chosen(wanted, accepted) == spoken_


def test_a_language_is_chosen_without_script_and_stays(team: Team) -> None:
    browser = team.nobody()
    assert 'lang="en"' in browser.get("/sign-in").text
    answer = browser.post("/language", {"language": "fr", "back": "/sign-in"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    assert '<html lang="fr" dir="ltr"' in browser.get("/sign-in").text
    assert "Se connecter" in browser.page("/sign-in").words


@pytest.mark.parametrize(
    ("language", "says", "counted"),
    [
        ("en", "People entered: 1,234,567. Rows: 20,000. On the ledger already: 0.", "20,000"),
        (
            "fr",
            f"Personnes inscrites{NBSP}: 1{NARROW}234{NARROW}567. Lignes{NBSP}: 20{NARROW}000. Déjà",
            f"20{NARROW}000",
        ),
    ],
)
def test_many_are_told_with_their_thousands_apart(language: str, says: str, counted: str) -> None:
    english = "People entered: 1,234,567. Rows: 20,000. On the ledger already: 0."
    assert spoken(language, english).startswith(says)
    spelling = Spelling(language)
    assert spelling.number(20_000) == counted
    assert counted in spelling.count("%(num)s row is wrong.", "%(num)s rows are wrong.", 20_000)


def sentences() -> dict[str, str]:
    """Each English message of some length that is not spelt alike in French."""
    return {
        str(one.id): forms(one)[0]
        for one in catalogue("fr")
        if isinstance(one.id, str)
        and "{" not in one.id
        and "%" not in one.id
        and len(one.id) > 9
        and " " in one.id
        and forms(one)[0] != one.id
    }


def test_no_english_is_left_on_any_page(team: Team, desk: Desk, tmp_path: Path) -> None:
    """Every page that a manager and approver can look at; the words of laws, letters and people stay as they are."""
    reference = a_full_incident(desk, tmp_path).reference
    browser = team.member("all@example.org", "manager", "approver", "auditor", "responder")
    looked, left = 0, []
    for route in ROUTES:
        path = route.path.replace("{reference}", reference).replace("{number:int}", "1")
        if route.method != "GET" or "{" in path or path.endswith(("/pack", "/pdf", "/sheet", "/journal")):
            continue
        answer = browser.get(path, **{"accept-language": "fr"})
        if answer.status_code == 200 and "<html" in answer.text:
            assert '<html lang="fr"' in answer.text, path
            visible, looked = Page(OF_THE_PORTAL.sub("", answer.text)), looked + 1
            lines = {" ".join(one.split()) for one in visible._words}
            left += [(path, one) for one in sorted(lines & set(sentences()) - {OF_THE_REPORT})]
    assert looked > 30
    assert left == []


def test_a_refusal_is_said_in_french_with_its_values(team: Team, desk: Desk, tmp_path: Path) -> None:
    reference = a_full_incident(desk, tmp_path).reference
    answer = team["manager"].post(f"/incidents/{reference}/do/launch", {"number": "1"}, **{"accept-language": "fr"})
    assert "La vague 1 est un projet" in Page(answer.text).refusal
    closing = team["manager"].post(
        f"/incidents/{reference}/do/close", {"reasons": "All is done."}, **{"accept-language": "fr"}
    )
    assert f"{reference} ne peut pas encore être clos" in Page(closing.text).refusal


def test_values_in_a_sentence_stay_as_they_were_typed() -> None:
    assert spoken("fr", "<b>x</b> is no member of FW-2026-0001.") == "<b>x</b> n’est pas membre de FW-2026-0001."
    assert spoken("fr", "You have it: manager to dpo, 2.5 hours after it was given.") == (
        f"C’est à vous{NBSP}: du responsable au délégué, 2,5 heures après la remise."
    )
    assert spoken("fr", "task 2 is open: Decide the risk to the people affected, with reasons").endswith(
        "avec les motifs"
    )
    assert spoken("fr", "A sentence that nobody wrote.") == "A sentence that nobody wrote."
    assert spoken("en", "Task 3 is done.") == "Task 3 is done."


def test_a_long_text_with_many_commas_is_looked_at_once() -> None:
    """Each sentence is matched from left to right: what somebody typed cannot make it slow."""
    typed = "a, " * 600
    assert spoken("fr", typed) == typed
