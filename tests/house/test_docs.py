"""What is documented is what there is: settings, verbs, make targets, decisions."""

import re

import pytest

from cli.verbs import VERBS
from settings.model import Settings
from tests.house.source import ROOT

README = (ROOT / "README.md").read_text("utf-8")
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_in_the_readmes_table_with_its_description(name: str) -> None:
    field = Settings.model_fields[name]
    assert field.description
    row = re.search(rf"^\| `FORTHWITH_{name.upper()}` \|.*$", README, re.MULTILINE)
    assert row, name
    assert field.description.rstrip(".") in row.group()


@pytest.mark.parametrize("verb", [verb.name for verb in VERBS])
def test_every_verb_is_in_the_readme(verb: str) -> None:
    assert re.search(rf"\bforthwith {verb}\b|`{verb}`", README)


@pytest.mark.parametrize("target", ["demo", "test", "check", "up"])
def test_every_command_of_the_readme_is_a_target(target: str) -> None:
    assert f"make {target}" in README
    assert re.search(rf"^{target}:.*## ", MAKEFILE, re.MULTILINE)


def test_decisions_are_numbered_once_each_and_short() -> None:
    records = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    numbers = [path.name[:4] for path in records]
    assert len(set(numbers)) == len(numbers)
    for path in records:
        text = path.read_text("utf-8")
        assert re.match(rf"# {int(path.name[:4])}\. ", text), path.name
        assert len(text.splitlines()) <= 40, path.name
