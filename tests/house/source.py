"""The repository as the house tests see it: its rooms, its tracked files, its Python modules."""

import ast
import shutil
import subprocess
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
ROOMS: list[str] = PROJECT["tool"]["importlinter"]["root_packages"]
SHIPPED: list[str] = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]


@cache
def files() -> tuple[Path, ...]:
    """Every file that git tracks; every file at all where this is no clone (an unpacked archive)."""
    if shutil.which("git") and (ROOT / ".git").exists():
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
        found = (ROOT / name for name in listed.decode().split("\0") if name)
        return tuple(path for path in found if path.is_file())
    return tuple(path for path in ROOT.rglob("*") if path.is_file() and not _hidden(path))


def _hidden(path: Path) -> bool:
    return any(part.startswith(".") or part == "__pycache__" for part in path.relative_to(ROOT).parts)


def texts() -> dict[str, str]:
    """Every tracked file that is text, by its path from the root."""
    found = {}
    for path in files():
        data = path.read_bytes()
        if b"\0" not in data:
            found[path.relative_to(ROOT).as_posix()] = data.decode("utf-8")
    return found


@cache
def modules() -> dict[str, ast.Module]:
    """Every Python module of the rooms, parsed, by its path from the root."""
    paths = (path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py")))
    return {path.relative_to(ROOT).as_posix(): ast.parse(path.read_text("utf-8")) for path in paths}


def functions() -> list[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    """Every function of the rooms, with the path of its module."""
    kinds = ast.FunctionDef | ast.AsyncFunctionDef
    return [(path, node) for path, tree in modules().items() for node in ast.walk(tree) if isinstance(node, kinds)]
