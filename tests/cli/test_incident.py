"""One incident on the command line: declared in three ways, looked at from all sides, refused in plain words."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.call import Called, call
from tests.conftest import MANAGER, OFFICER, Time

REFERENCE = "FW-2026-0001"
FILE = """
title: Discs lost between two offices
source: the court's clerk
events: {occurred_from: 2026-11-16T16:00+00:00, detected: 2026-11-20T10:00+00:00, aware: 2026-11-20T10:00+00:00}
organisation: {roles: [controller, competent_authority]}
data: [criminal_offence, sexual_life, video, name]
protection: {encrypted: false}
people: {GB: 15}
kinds: [victim, child]
story:
  what_happened: "A parcel was lost: fifteen discs."
  accused: {what_happened: Material about you was lost.}
"""


def done(*arguments: str) -> dict[str, Any]:
    """The JSON answer of a call that must work."""
    ended = call(*arguments, "--json")
    assert ended.code == 0, ended.err
    told: dict[str, Any] = json.loads(ended.out)
    return told


def refused(*arguments: str) -> str:
    """The sentence of a call that must be refused, and says nothing on the standard output."""
    ended = call(*arguments)
    assert (ended.code, ended.out) == (2, ""), ended
    return ended.err


@pytest.fixture
def declared(home: Path, tmp_path: Path) -> Path:
    """The file above, declared."""
    file = tmp_path / "incident.yaml"
    file.write_text(FILE, encoding="utf-8")
    assert done("declare", "--file", str(file))["incident"] == REFERENCE
    return file


def known() -> dict[str, Any]:
    facts: dict[str, Any] = done("show", REFERENCE)["facts"]
    return facts


def test_a_file_brings_its_facts_its_story_and_its_source(declared: Path) -> None:
    facts = known()
    assert facts["people.GB"] == 15
    assert facts["story.what_happened"] == "A parcel was lost: fifteen discs."
    assert facts["story.accused.what_happened"] == "Material about you was lost."
    assert facts["organisation.time_zone"] == "Europe/London", "the deployment's own where the file is silent"
    assert {one["source"] for one in done("fact", "list", REFERENCE)["facts"]} == {"the court's clerk"}


def test_options_alone_declare_too_and_what_was_just_noticed_was_noticed_now(home: Path, time: Time) -> None:
    done("declare", "--title", "Lost laptop", "--fact", "risk=high", "--fact", "data=[name, income]")
    facts = known()
    assert facts["data"] == ["name", "income"]
    assert facts["events.detected"] == facts["events.aware"] == time.now.isoformat()


def test_noticing_is_being_aware_until_someone_says_otherwise(home: Path) -> None:
    done("declare", "--title", "Lost laptop", "--detected", "2026-11-19T10:00+01:00")
    assert known()["events.aware"] == "2026-11-19T09:00:00+00:00"


def test_the_first_incident_founds_the_deployment_and_says_where_the_key_is(nowhere: Path) -> None:
    ended = call("declare", "--title", "Lost laptop")
    assert ended.code == 0
    assert str(nowhere / "master.key") in ended.err.replace("\n", "")
    assert "master.key" not in call("declare", "--title", "Another").err, "once is enough"


def test_questions_are_asked_on_a_terminal_and_asked_again_until_they_can_be_read(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter(
        ["", "Lost laptop", "yesterday", "2026-11-19T10:00+00:00", "", "name, nonsense", "name", "employee", "GB=x", "GB=3, FR=2", "no", "grave", "high"]
    )  # fmt: skip
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("typer.prompt", lambda *_, **__: next(answers))
    ended = call("declare")
    assert ended.code == 0, ended.err
    facts = known()
    assert (facts["people.GB"], facts["people.FR"], facts["risk"]) == (3, 2, "high")
    assert facts["protection.encrypted"] is False
    assert "not a time" in ended.err
    assert "nonsense" in ended.err


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ("kinds: [victim, child]", "kinds: [victim, dragon]"),
        ("people: {GB: 15}", "peeple: {GB: 15}"),
        ("aware: 2026-11-20T10:00+00:00", "aware: 2026-11-20T10:00"),
        ("aware: 2026-11-20T10:00+00:00", "aware: 2026-11-19T10:00+00:00"),
        ("title: Discs lost between two offices", "title: [Discs]"),
        ('what_happened: "A parcel was lost: fifteen discs."', "what_hapened: x"),
    ],
)
def test_a_file_with_a_fault_is_refused_with_its_line_and_nothing_is_written(
    home: Path, tmp_path: Path, wrong: str, says: str
) -> None:
    file = tmp_path / "incident.yaml"
    file.write_text(FILE.replace(wrong, says), encoding="utf-8")
    line = next(place for place, text in enumerate(file.read_text("utf-8").splitlines(), 1) if says in text)
    sentence = refused("declare", "--file", str(file))
    assert f"{file}, line {line}" in sentence
    assert len(sentence.strip().splitlines()) == 1
    assert done("list", "--closed")["incidents"] == []


@pytest.mark.parametrize("content", [b"\xff\xfe", b"- a list", b"a: [1", b"a: &x 1\nb: *x"])
def test_a_file_that_is_no_facts_file_is_refused_in_one_sentence(home: Path, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "incident.yaml"
    file.write_bytes(content)
    assert str(file) in refused("declare", "--file", str(file))


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "--title"),
        (("--title", " "), "title"),
        (("--title", "x", "--fact", "risk"), "NAME=VALUE"),
        (("--title", "x", "--fact", "risk=high", "--fact", "risk=high"), "twice"),
        (("--title", "x", "--fact", "risk=dragon"), "dragon"),
        (("--title", "x", "--fact", "rsik=high"), "rsik"),
        (("--title", "x", "--detected", "2026-11-19T10:00"), "no offset"),
        (("--title", "x", "--detected", "yesterday"), "not a time"),
        (("--title", "x", "--detected", "2027-11-19T10:00+00:00"), "future"),
        (("--title", "x", "--file", "missing.yaml"), "missing.yaml"),
    ],
)
def test_a_declaration_that_cannot_stand_is_refused(home: Path, arguments: tuple[str, ...], says: str) -> None:
    assert says in refused("declare", *arguments)
    assert done("list", "--closed")["incidents"] == []


def test_facts_are_added_and_what_was_known_before_can_still_be_asked(declared: Path, time: Time) -> None:
    before = time.now.isoformat()
    time.move(hours=5)
    told = done("fact", "add", REFERENCE, "people.GB=18", "protection.recovered=true", "--source", "the archive")
    assert [one["name"] for one in told["facts"]] == ["people.GB", "protection.recovered"]
    assert told["waits_for"]
    assert known()["people.GB"] == 18
    then = {one["name"]: one["value"] for one in done("fact", "list", REFERENCE, "--at", before)["facts"]}
    assert then["people.GB"] == 15
    assert "protection.recovered" not in then
    assert [one["value"] for one in done("fact", "history", REFERENCE, "people.GB")["facts"]] == [15, 18]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "NAME=VALUE"),
        (("people.GB=many", "--source", "x"), "people.GB"),
        (("story.advice=text", "--source", "x"), "story.advice"),
        (("events.aware=2026-11-20T10:30+00:00", "--source", "x"), "second person"),
        (("people.GB=18", "--source", "x", "--known-at", "2026-11-20"), "offset"),
    ],
)
def test_a_fact_that_cannot_be_is_refused_and_leaves_everything_as_it_was(
    declared: Path, arguments: tuple[str, ...], says: str
) -> None:
    before = known()
    assert says in refused("fact", "add", REFERENCE, *arguments)
    assert known() == before


def test_every_name_of_a_fact_is_listed_with_its_meaning(home: Path) -> None:
    told = done("fact", "names")
    assert "events.aware" in told["law"]
    assert all(told["law"].values())
    assert "story.what_happened" in told["story"]


def test_the_page_shows_clocks_duties_and_what_it_waits_for(declared: Path, time: Time) -> None:
    done("assess", REFERENCE)
    time.move(hours=2)
    page = call("show", REFERENCE).out
    assert "Discs lost between two offices" in page
    assert "UNKNOWN  uk-p3-67-1  to uk/ico" in page
    assert "Mon 23 Nov 2026" in page
    assert "forthwith take FW-2026-0001" in page
    assert "in 3 d" not in page.split("aware")[0]


def test_the_first_awareness_stays_on_view_beside_a_later_one(declared: Path, time: Time) -> None:
    later = "2026-11-20T10:45+00:00"
    done("decide", REFERENCE, "awareness", later, "--about", "events.aware", "--reasons", "it was a different parcel")
    done("second", REFERENCE, "1", "--as", OFFICER)
    told = done("show", REFERENCE)
    assert told["facts"]["events.aware"] == later
    assert told["earliest_awareness"] == "2026-11-20T10:00:00+00:00"
    assert "first said to be Fri 20 Nov 2026 10:00 UTC" in " ".join(call("show", REFERENCE).out.split())


def test_what_may_be_owed_is_due_and_never_looks_like_nothing_to_do(declared: Path) -> None:
    done("assess", REFERENCE)
    dues = {one["what"]: one["kind"] for one in done("due")["due"]}
    assert dues["uk-p3-67-1 to uk/ico"] == "limit, if owed"
    done("decide", REFERENCE, "risk", "high", "--reasons", "intimate material of children")
    done("assess", REFERENCE)
    dues = {one["what"]: one["kind"] for one in done("due")["due"]}
    assert dues["uk-p3-67-1 to uk/ico"] == "limit"
    [listed] = done("list")["incidents"]
    assert listed["stage"] == "assessed"
    assert not listed["limit_is_sure"], "nobody said yet whether the discs were held for law enforcement alone"


def test_late_is_said_in_words(declared: Path, time: Time) -> None:
    done("decide", REFERENCE, "risk", "high", "--reasons", "intimate material of children")
    done("assess", REFERENCE)
    time.move(hours=80)
    assert all(one["late"] for one in done("due", "--within", "0")["due"])
    assert "LATE by" in call("list").out
    assert "LATE by" in call("due").out
    assert "LATE by" in call("show", REFERENCE).out


@pytest.mark.parametrize("verb", ["show", "timeline", "assess", "take", "draft", "verify"])
def test_an_incident_that_is_not_there_is_refused_with_what_to_do(home: Path, verb: str) -> None:
    assert "forthwith list" in refused(verb, "FW-2026-0099")


def test_a_title_cannot_move_the_terminal(home: Path) -> None:
    done("declare", "--title", "Lost \x1b[2J\x9b1mdiscs [bold red]x[/]")
    for ended in (call("list"), call("show", REFERENCE), call("timeline", REFERENCE)):
        assert "\x1b" not in ended.out
        assert "\x9b" not in ended.out
    assert "[bold red]x[/]" in call("show", REFERENCE).out


@pytest.mark.parametrize("width", [60, 80, 120])
def test_no_page_is_wider_than_the_terminal(declared: Path, width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    done("assess", REFERENCE)
    monkeypatch.setenv("COLUMNS", str(width))
    pages: list[Called] = [
        call(*arguments)
        for arguments in (("list",), ("due",), ("show", REFERENCE, "--all"), ("timeline", REFERENCE, "--all"), ("fact", "list", REFERENCE), ("fact", "names"), ("task", "list", REFERENCE))
    ]  # fmt: skip
    assert [line for page in pages for line in page.out.splitlines() if len(line) > width] == []


def test_the_journal_is_read_as_a_timeline(declared: Path) -> None:
    entries = done("timeline", REFERENCE)["entries"]
    assert entries[0]["act"] == "declare"
    assert [entry["number"] for entry in entries] == list(range(1, len(entries) + 1))
    assert {entry["actor"] for entry in entries} == {MANAGER}
    assert "fact people.GB = 15, from the court's clerk" in call("timeline", REFERENCE).out


def test_a_number_of_people_near_a_threshold_is_shown(home: Path) -> None:
    facts = ("organisation.establishments=[US-TX]", "data=[name, social_security_number]", "medium=[electronic]")
    facts += ("nature=[acquisition]", "protection.encrypted=false", "people.US-TX=240")
    done("declare", "--title", "Lost laptop", *(part for fact in facts for part in ("--fact", fact)))
    assert [near["owed_at"] for near in done("show", REFERENCE)["nearby"]] == [250]
    page = " ".join(call("show", REFERENCE).out.split())
    assert "240 people in US-TX known; at 250 (at least 250) us-tx-ag would be owed" in page
