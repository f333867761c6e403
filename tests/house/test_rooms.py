"""The rooms on disk are those that are shipped, checked and drawn in the map."""

import subprocess
import sys
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder

from tests.house.source import PROJECT, ROOMS, ROOT, SHIPPED, files

NOT_SHIPPED = {"bench", "docs", "tests"}
NO_PYTHON = {"templates"}


def rooms_on_disk() -> set[str]:
    return {path.relative_to(ROOT).parts[0] for path in files() if len(path.relative_to(ROOT).parts) > 1} - {
        name for name in (one.name for one in ROOT.iterdir()) if name.startswith(".")
    }


def test_the_rooms_on_disk_are_the_packages_of_the_wheel() -> None:
    assert rooms_on_disk() - NOT_SHIPPED == set(SHIPPED)


def test_the_import_contracts_and_the_types_cover_every_room_with_python() -> None:
    assert set(ROOMS) == set(SHIPPED) - NO_PYTHON
    assert set(PROJECT["tool"]["mypy"]["packages"]) == set(ROOMS)


def test_every_file_of_a_room_is_in_the_wheel() -> None:
    """The build ships a wheel without a listed package that is missing, and says nothing; so compare file by file."""
    shipped = {file.relative_path for file in WheelBuilder(str(ROOT)).recurse_included_files()}
    tracked = {path.relative_to(ROOT).as_posix() for path in files() if path.relative_to(ROOT).parts[0] in SHIPPED}
    assert tracked - shipped == set()


def test_the_archive_of_the_source_holds_what_the_tests_need() -> None:
    included = {
        Path(name.strip("/")).parts[0] for name in PROJECT["tool"]["hatch"]["build"]["targets"]["sdist"]["include"]
    }
    assert set(SHIPPED) <= included
    assert {"tests", "README.md", "LICENSE"} <= included


@pytest.mark.parametrize("room", sorted(set(SHIPPED) - NO_PYTHON))
def test_every_room_says_what_it_is_for(room: str) -> None:
    assert (ROOT / room / "__init__.py").read_text("utf-8").startswith('"""')
    assert f"{room}/" in (ROOT / "ARCHITECTURE.md").read_text("utf-8")


def test_the_import_contracts_hold() -> None:
    command = [
        sys.executable,
        "-c",
        "from importlinter.cli import lint_imports; raise SystemExit(lint_imports(cache_dir=None))",
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
