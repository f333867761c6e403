"""`forthwith duties`: the object for machines, the page for people, and what is refused."""

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cli.duties import NOT_ADVICE
from rulebook.library import book
from tests.cli.call import call

FILE = """\
organisation: {roles: [controller, competent_authority], sectors: [], establishments: [GB], time_zone: Europe/London}
events: {occurred_from: 2016-11-18T16:00+00:00, detected: 2016-12-01T10:00+00:00, aware: 2016-12-01T10:00+00:00}
data: [criminal_offence, sexual_life, video, name]
protection: {encrypted: false, key_compromised: null, recovered: null}
people: {GB: 15}
kinds: [victim, child]
risk: high
"""


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "facts.yaml"
    path.write_text(FILE, encoding="utf-8")
    return str(path)


def _object(*arguments: str) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    result = call("duties", *arguments, "--json")
    assert result.code == 0, result.err
    told = json.loads(result.out)
    return told, {each["duty"]: each for each in told["duties"]}


def test_the_object_says_which_book_when_and_every_duty(file: str) -> None:
    told, found = _object(file, "--at", "2026-11-21T12:00+01:00")
    assert told["rulebook"] == {"version": book().version, "hash": book().hash}
    assert told["at"] == "2026-11-21T11:00:00+00:00"
    assert set(found) == {key for _, key, _ in book().duties()}


def test_the_act_of_2018_was_not_in_force_in_2016(file: str) -> None:
    _, found = _object(file)
    assert found["uk-p3-67-1"]["answer"] == "does_not_apply"
    assert found["uk-p3-67-1"]["because"] == "not in force on 1 December 2016"
    assert found["uk-p3-67-1"]["facts_used"] == ["events.aware"]


def test_the_facts_of_2016_under_the_law_of_2026(file: str) -> None:
    told, found = _object(file, "--law-as-of", "2026-11-21")
    assert told["law_as_of"] == "2026-11-21"
    duty = found["uk-p3-67-1"]
    assert duty["answer"] == "applies"
    assert (duty["due_kind"], duty["due_on"], duty["time_zone"]) == ("instant", None, "Europe/London")
    assert datetime.fromisoformat(duty["due_at"]) == datetime(2016, 12, 4, 11, tzinfo=UTC)
    assert datetime.fromisoformat(duty["target_at"]) == datetime(2016, 12, 4, 10, tzinfo=UTC)
    assert (duty["citation"], duty["status"]) == ("DPA 2018 s.67(1)-(4)", "verified")


@pytest.mark.parametrize("width", [60, 80, 120])
def test_the_page_for_people_fits_any_width_and_names_what_matters(
    file: str, width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    result = call("duties", file, "--law-as-of", "2026-11-21", "--at", "2016-12-05T09:00+00:00")
    assert result.code == 0
    assert all(len(line) <= width for line in result.out.splitlines())
    page = " ".join(result.out.split())
    for words in (
        "uk-p3-67-1",
        "Sun 4 Dec 2016 11:00 UTC",
        "LATE by 22 h 0 min",
        "verified",
        "missing purposes",
        "applies (4)",
    ):
        assert words in page
    assert page.count(NOT_ADVICE) == 1
    assert all(key in page for _, key, _ in book().duties())


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--at", "2026-11-21T12:00"], "no offset"),
        (["--at", "noon"], "not a time"),
        (["--law-as-of", "21.11.2026"], "not a day"),
    ],
)
def test_a_time_or_day_that_cannot_be_read_is_refused(file: str, arguments: list[str], says: str) -> None:
    result = call("duties", file, *arguments)
    assert (result.code, result.out) == (2, "")
    assert says in result.err


def test_bad_facts_are_refused_with_their_place_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "facts.yaml"
    path.write_text(FILE.replace("risk: high", "risc: high"), encoding="utf-8")
    result = call("duties", str(path), "--json")
    assert (result.code, result.out) == (2, "")
    assert result.err == f"{path}, line 7, risc: there is no such key here. Did you mean 'risk'?\n"
    assert call("duties", str(tmp_path / "missing.yaml")).code == 2


def test_a_limit_is_told_in_utc_in_the_authoritys_zone_and_in_the_teams(file: str) -> None:
    path = Path(file)
    path.write_text(FILE.replace("Europe/London", "America/New_York"), encoding="utf-8")
    page = " ".join(call("duties", file, "--law-as-of", "2026-11-21").out.split())
    assert "Sun 4 Dec 2016 11:00 UTC (11:00 Europe/London, 06:00 America/New_York)" in page


TEXANS = """\
organisation: {roles: [controller], sectors: [], establishments: [US-TX], time_zone: America/Chicago}
events: {detected: 2026-11-18T16:00+00:00, aware: 2026-11-18T16:00+00:00, determined: 2026-11-19T16:00+00:00}
data: [name, social_security_number]
medium: electronic
nature: acquisition
protection: {encrypted: false}
people: {US-TX: 238}
"""


@pytest.fixture
def texans(file: str) -> str:
    Path(file).write_text(TEXANS, encoding="utf-8")
    return file


def test_a_wish_shows_what_would_change_and_by_when(texans: str) -> None:
    page = " ".join(call("duties", texans, "--what-if", "people.US-TX=+12").out.split())
    assert "If people.US-TX=+12: one duty changes." in page
    assert "us-tx-ag" in page and "now does not apply" in page and "then applies, by" in page
    told, _ = _object(texans, "--what-if", "people.US-TX=+12", "--at", "2026-11-21T12:00+00:00")
    assert [each["duty"] for each in told["what_if"]["changes"]] == ["us-tx-ag"]
    assert told["what_if"]["wishes"] == ["people.US-TX=+12"]


def test_several_wishes_hold_together_and_one_that_changes_nothing_says_so(texans: str) -> None:
    paper = call("duties", texans, "--what-if", "people.US-TX=+12", "--what-if", "people.US-TX=-12")
    assert (paper.code, "no duty changes" in paper.out) == (0, True)
    refused = call("duties", texans, "--what-if", "people.US-TX=several")
    assert (refused.code, "people.US-TX" in refused.err) == (2, True)


def test_a_number_near_a_threshold_is_warned_of(texans: str) -> None:
    page = " ".join(call("duties", texans).out.split())
    assert "238 people in US-TX known; at 250 (at least 250) us-tx-ag would be owed" in page


def test_it_starts_without_a_database_or_prefect() -> None:
    code = "import sys, cli.duties, cli.rulebook; print([m for m in ('sqlalchemy', 'prefect', 'jinja2') if m in sys.modules])"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"
