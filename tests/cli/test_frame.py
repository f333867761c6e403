"""The command line as a whole: what it loads, how it ends, what goes where."""

import json
import os
import re
import subprocess
import sys
from inspect import getdoc
from pathlib import Path

import pytest
import typer

from cli.shelf import fetched, forthwith
from cli.trouble import REFUSALS, SENTENCES
from cli.verbs import VERBS, Verb
from tests.cli.call import call

MARKER = "marker-of-a-person"
HEAVY = ("sqlalchemy", "prefect", "alembic", "urllib3", "jinja2", "cryptography")


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A process of its own, as from a shell."""
    command = [sys.executable, "-m", "cli", *arguments]
    around = {**os.environ, "COLUMNS": "80", **environment}
    return subprocess.run(command, env=around, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)


def loaded_by(*arguments: str) -> set[str]:
    """Which of the heavy modules a call has loaded by its end."""
    code = f"""
import sys, atexit
atexit.register(lambda: print("LOADED", [name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr))
sys.argv = ["forthwith", *{arguments!r}]
import cli
cli.main()
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return set(eval(done.stderr.split("LOADED ")[1]))


def commands() -> list[tuple[str, typer.core.TyperCommand]]:
    """Every verb, and every verb of a group, with its command."""
    found = []
    for verb in VERBS:
        command = fetched(verb)
        inner = getattr(command, "commands", None)
        found += [(f"{verb.name} {name}", one) for name, one in inner.items()] if inner else [(verb.name, command)]
    return found


def test_help_loads_no_verb_and_no_library_that_it_does_not_need() -> None:
    assert loaded_by("--help") == set()
    assert loaded_by("--version") == set()


def test_the_duties_of_a_facts_file_need_no_database(tmp_path: Path) -> None:
    facts = tmp_path / "facts.yaml"
    facts.write_text("risk: high\n", encoding="utf-8")
    assert loaded_by("duties", str(facts)) == set()


def test_help_names_every_verb_in_the_words_of_the_verb() -> None:
    shown = re.sub(r"[\s│]+", " ", call("--help").out)
    for verb in VERBS:
        assert f" {verb.name} {verb.says}" in shown


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.name)
def test_a_verb_says_the_same_in_the_table_and_in_its_own_help(verb: Verb) -> None:
    command = fetched(verb)
    assert (command.help or "").splitlines()[0].startswith(verb.says.rstrip("."))
    assert forthwith.commands[verb.name].help == verb.says


@pytest.mark.parametrize(("name", "command"), commands())
def test_every_verb_answers_machines_too_and_explains_itself(name: str, command: typer.core.TyperCommand) -> None:
    options = {option for parameter in command.params for option in parameter.opts}
    assert "--json" in options, name
    assert getdoc(command.callback), name
    undocumented = [one.name for one in command.params if "--" in one.opts[0] and not one.help]
    assert undocumented == []


def test_an_unknown_verb_is_refused_with_the_one_that_was_meant() -> None:
    ended = run("shwo", "FW-2026-0001")
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "show" in ended.stderr


def test_answers_go_to_the_output_and_refusals_to_the_error(tmp_path: Path) -> None:
    home = str(tmp_path / "home")
    refused = run("list", "--home", home)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr.startswith("Nothing is kept in")
    assert not Path(home).exists(), "looking must not found anything"
    declared = run(
        "declare", "--title", "Lost discs", "--json", "--home", home, FORTHWITH_PREFECT_API_URL="http://127.0.0.1:9/api"
    )
    assert declared.returncode == 0
    assert re.fullmatch(r"FW-\d{4}-0001", json.loads(declared.stdout)["incident"])
    assert f"{home}/master.key" in declared.stderr
    listed = run("list", "--home", home)
    assert (listed.returncode, listed.stderr) == (0, "")
    assert "Lost discs" in listed.stdout


def test_a_reader_that_stops_reading_is_no_failure_to_speak_of(tmp_path: Path) -> None:
    command = f"{sys.executable} -m cli rulebook codes | head -1"
    ended = subprocess.run(command, shell=True, capture_output=True, text=True, check=False)
    assert "Traceback" not in ended.stderr


def test_what_is_broken_ends_with_one_sentence_and_a_trace_that_quotes_nothing(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError(MARKER)

    monkeypatch.setattr("cli.list.all_incidents", broken)
    ended = call("list")
    assert (ended.code, ended.out) == (1, "")
    assert len(ended.err.strip().splitlines()) == 1
    logs = list((home / "log").iterdir())
    kept = logs[0].read_text("utf-8")
    assert "ZeroDivisionError" in kept
    assert "cli/list.py" in kept
    assert MARKER not in kept + ended.err
    assert all(path.stat().st_mode & 0o077 == 0 for path in logs)
    reference = re.search(r"ref (\w{8})", ended.err)
    assert reference and reference[1] in kept


def test_every_kind_of_refusal_that_the_door_knows_by_name_exists() -> None:
    for name in {*REFUSALS, *SENTENCES}:
        module, _, kind = name.rpartition(".")
        assert issubclass(getattr(__import__(module, fromlist=[kind]), kind), BaseException), name


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("window = 9999", "FORTHWITH_WINDOW"),
        ("wimdow = 9", "FORTHWITH_WIMDOW"),
        ("window = ", "settings.toml"),
    ],
)
def test_a_wrong_setting_is_named_and_its_value_is_not(nowhere: Path, line: str, says: str) -> None:
    with (nowhere / "settings.toml").open("a", encoding="utf-8") as file:
        file.write(f"{line}\n")
    ended = call("list")
    assert (ended.code, ended.out) == (2, "")
    assert says in ended.err
    assert "9999" not in ended.err


def test_a_database_that_is_none_is_said_plainly(home: Path) -> None:
    (home / "forthwith.db").write_bytes(b"This is no database at all. " * 100)
    ended = call("list")
    assert ended.code == 1
    assert "not a database" in ended.err


def test_a_database_of_an_older_version_says_how_to_bring_it_up_to_date(home: Path) -> None:
    (home / "forthwith.db").write_bytes(b"")
    ended = call("list")
    assert ended.code == 2
    assert "forthwith up" in ended.err


def test_a_missing_master_key_is_said_before_anything_is_written(home: Path) -> None:
    assert call("declare", "--title", "Lost discs").code == 0
    (home / "master.key").unlink()
    ended = call("declare", "--title", "Another")
    assert ended.code == 2
    assert "master key" in ended.err
    assert len(json.loads(call("list", "--json").out)["incidents"]) == 1
