"""`forthwith report missing`, `changes`, `data` and `told`, as somebody at a terminal asks them."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from notices.schema import schemas
from tests.cli.call import call

REF = "FW-2026-0001"
FACTS = ("organisation.roles=[controller]", "organisation.establishments=[DE]", "people.DE=20", "data=[name]", "nature=[loss]", "risk=risk", "story.what_happened=A parcel was lost.")  # fmt: skip


def told(*arguments: str) -> Any:
    """The JSON that a verb answers with."""
    answer = call(*arguments, "--json")
    assert answer.code == 0, answer.err
    return json.loads(answer.out)


@pytest.fixture
def drafted(home: Path) -> int:
    """A loss in Germany with its notification drawn up: the number of the report on the board's template."""
    facts = [part for fact in FACTS for part in ("--fact", fact)]
    told(
        "declare",
        "--title",
        "Lost",
        "--detected",
        "2026-11-20T10:00+00:00",
        "--aware",
        "2026-11-20T11:00+00:00",
        *facts,
    )
    told("draft", REF)
    numbers = [one["number"] for one in told("report", "list", REF)["reports"] if one["form"] == "edpb-33"]
    assert numbers
    return int(numbers[0])


def test_what_is_missing_comes_with_who_wants_it_and_what_supplies_it(drafted: int) -> None:
    rows = {one["code"]: one for one in told("report", "missing", REF, str(drafted))["missing"]}
    assert rows["62"]["how"] == [f"forthwith fact add {REF} story.how=VALUE"]
    assert "Art. 33(3)(a)" in rows["62"]["wanted_by"]
    plain = call("report", "missing", REF, str(drafted))
    assert "story.how" in plain.out and "can be filed as preliminary" in " ".join(plain.out.split())


def test_the_supplied_answer_is_missing_no_more(drafted: int) -> None:
    told("fact", "add", REF, "story.cause=External malicious", "story.incident_nature=[Device lost or stolen]")
    told("draft", REF)
    codes = {one["code"] for one in told("report", "missing", REF, str(drafted))["missing"]}
    assert not codes & {"60", "61"}


def test_an_option_that_the_form_does_not_have_is_refused_with_those_it_has(drafted: int) -> None:
    answer = call("fact", "add", REF, "story.cause=dragons")
    assert answer.code != 0 and "External malicious" in answer.err


def test_the_json_is_written_and_fits_its_schema(drafted: int, tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    told("report", "data", REF, str(drafted), "--file", str(file))
    Draft202012Validator(schemas()["edpb-33"]).validate(json.loads(file.read_text("utf-8")))


def test_the_first_report_follows_nothing_and_nobody_was_told_anything_old(drafted: int) -> None:
    assert told("report", "changes", REF, str(drafted))["since"] is None
    assert told("report", "told", REF) == {"told": []}
    assert "Nobody was told" in call("report", "told", REF).out
