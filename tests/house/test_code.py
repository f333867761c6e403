"""Budgets and manners of the code, so that a reader can rely on them."""

import ast
import re
from collections.abc import Iterator
from statistics import mean, median

from tests.house.source import ROOT, functions, modules, texts

LONGEST_FILE, MEDIAN_FILE, MEAN_FUNCTION = 300, 80, 10
CLOCKS = {"now", "utcnow", "today", "time", "time_ns", "localtime", "gmtime"}
CLOCK_MODULES = {"datetime", "date", "time"}
EMPTY_NAMES = {"utils", "common", "core", "helpers", "manager", "service"}
STEPS = "db/migrations/versions/"
SILENCED = re.compile(r"#\s*(?P<what>noqa|type: ignore)(?P<rule>: [A-Z0-9, ]+|\[[\w, -]+\])?(?P<why>.*)$")

Function = ast.FunctionDef | ast.AsyncFunctionDef


def lines(path: str) -> int:
    return len((ROOT / path).read_text("utf-8").splitlines())


def every_python_file() -> list[str]:
    return [name for name in texts() if name.endswith(".py")]


def body_lines(node: Function) -> int:
    """Lines of code of a function, without its signature and its docstring."""
    body = node.body[1:] if ast.get_docstring(node) and len(node.body) > 1 else node.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1


def test_no_file_is_too_long_to_be_read_in_one_go() -> None:
    assert [name for name in every_python_file() if lines(name) > LONGEST_FILE and not name.startswith(STEPS)] == []


def test_most_files_are_short() -> None:
    assert median(lines(name) for name in modules()) <= MEDIAN_FILE


def test_most_functions_are_short() -> None:
    assert mean(body_lines(node) for _, node in functions()) <= MEAN_FUNCTION


def test_a_module_opens_with_one_sentence_on_what_it_is_for() -> None:
    said = {name: ast.get_docstring(ast.parse((ROOT / name).read_text("utf-8"))) or "" for name in every_python_file()}
    first = {name: text.split("\n\n")[0].replace("\n", " ") for name, text in said.items()}
    assert [(name, sentence) for name, sentence in first.items() if not sentence.endswith((".", ":", "?"))] == []


def test_only_one_module_reads_the_clock() -> None:
    readers = {
        (path, ast.unparse(node.func))
        for path, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in CLOCKS
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in CLOCK_MODULES
    }
    assert {path for path, _ in readers} == {"actions/clock.py"}, readers


def test_imports_stand_at_the_top() -> None:
    inside = [
        f"{path}:{child.lineno}"
        for path, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, Function)
        for child in ast.walk(node)
        if isinstance(child, ast.Import | ast.ImportFrom)
    ]
    assert inside == []


def silenced() -> Iterator[tuple[str, re.Match[str]]]:
    """Each place where a rule is switched off. Tests are not typed, so what they say to the type checker is no rule."""
    for name in every_python_file():
        for number, line in enumerate((ROOT / name).read_text("utf-8").splitlines(), 1):
            found = SILENCED.search(line)
            if (
                found
                and "re.compile" not in line
                and not (name.startswith("tests/") and found["what"] == "type: ignore")
            ):
                yield f"{name}:{number}", found


def test_whatever_is_silenced_names_one_rule_and_says_why() -> None:
    assert [place for place, found in silenced() if not found["rule"] or len(found["why"].strip(" -#")) < 8] == []


def test_every_rule_that_is_switched_off_for_all_says_why() -> None:
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    lists = ("ignore = [\n", "filterwarnings = [\n", "[tool.ruff.lint.per-file-ignores]\n")
    entries = [line for start in lists for line in re.split(r"\n(?:\]|\n|\[)", text.split(start)[1])[0].splitlines()]
    assert entries
    assert [line for line in entries if '"error"' not in line and "#" not in line] == []


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert [name for name in modules() if EMPTY_NAMES & set(re.split(r"[/._]", name))] == []
