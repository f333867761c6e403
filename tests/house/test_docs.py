"""What is documented is what there is: settings, verbs, make targets, decisions."""

import re

import pytest

from cli.shelf import fetched
from cli.verbs import VERBS
from rulebook.library import book
from rulebook.pages import MARK, pages
from settings.model import Settings
from tests.house.source import ROOT, SHIPPED, texts

README = (ROOT / "README.md").read_text("utf-8")
ROOMS = (*SHIPPED, "docs", "tests")
SHIPPED_TEXTS = (*(f"{room}/" for room in SHIPPED), "README.md", "SECURITY.md")
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


@pytest.mark.parametrize("name", ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"])
def test_every_file_that_a_document_names_exists(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", text)
    paths = [one for one in re.findall(r"`([\w./-]+)`", text) if "/" in one and one.split("/")[0] in ROOMS]
    assert [one for one in {*links, *paths} if not (ROOT / one).exists()] == []


def commands() -> set[str]:
    """Every command there is: verbs, and verbs with their own verbs."""
    found = set()
    for verb in VERBS:
        inner = getattr(fetched(verb), "commands", None) or {}
        found |= {f"{verb.name} {name}" for name in inner} or {verb.name}
    return found


def test_every_command_that_a_sentence_names_exists() -> None:
    """A refusal says what to type; it must be something that can be typed."""
    known = commands()
    groups, verbs = {one.split()[0] for one in known if " " in one}, {one.split()[0] for one in known}
    named = [
        (name, *found)
        for name, text in texts().items()
        if name.startswith(SHIPPED_TEXTS)
        for found in re.findall(r"['`$] ?forthwith ([a-z]+)(?: ([a-z-]+)\b)?", text)
    ]
    assert named
    assert [one for one in named if one[1] not in verbs] == []
    assert [one for one in named if one[1] in groups and one[2] and f"{one[1]} {one[2]}" not in known] == []


def test_the_version_of_the_rulebook_stands_in_the_changelog_under_law() -> None:
    law = (ROOT / "CHANGELOG.md").read_text("utf-8").partition("\n## Law\n")[2]
    assert re.search(rf"^### {re.escape(book().version)}$", law, re.MULTILINE)


def test_the_pages_of_the_laws_say_what_the_rulebook_says() -> None:
    """Written by `make pages`; run it after a law was changed."""
    folder = ROOT / "docs" / "law"
    wanted = pages(book())
    there = {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in folder.glob("**/*.md")}
    assert [name for name in wanted if there.get(name) != wanted[name]] == []
    assert [name for name, text in there.items() if text.startswith(MARK) and name not in wanted] == []
