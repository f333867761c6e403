"""`forthwith rulebook export`, `diff`, `replay`: books are kept, compared, and played over open incidents without moving them."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from actions.assess import assess
from actions.desk import Desk
from actions.review import review
from rulebook import library, volume
from rulebook.library import book
from settings.model import load
from tests.builders import an_incident
from tests.cli.call import call
from tests.conftest import MANAGER


@pytest.fixture
def stricter(tmp_path: Path) -> Path:
    """The shipped book, with 24 hours instead of 72 in section 67."""
    folder = tmp_path / "stricter"
    shutil.copytree(library.SHELF, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    law = folder / "laws/uk/dpa-2018-part-3.yaml"
    text = law.read_text(encoding="utf-8")
    assert "within: 72 hours" in text
    law.write_text(text.replace("within: 72 hours", "within: 24 hours"), encoding="utf-8")
    return folder


def _told(*arguments: str) -> dict[str, Any]:
    ended = call("rulebook", *arguments, "--json")
    assert ended.code == 0, ended.err
    told: dict[str, Any] = json.loads(ended.out)
    return told


def test_a_book_is_exported_once_and_compared_with_another(home: Path, tmp_path: Path, stricter: Path) -> None:
    file = tmp_path / "kept.json"
    assert _told("export", str(file))["hash"] == book().hash
    assert call("rulebook", "export", str(file)).code == 2, "a kept book is not written over"
    assert _told("diff", str(file))["differences"] == []
    found = _told("diff", str(file), str(stricter))["differences"]
    assert {(each["where"], each["old"], each["new"]) for each in found} == {("uk-dpa2018-part3", "72", "24")}
    page = " ".join(call("rulebook", "diff", str(file), str(stricter)).out.split())
    assert "uk-dpa2018-part3" in page and "difference" in page


def test_the_daily_look_keeps_the_book_which_is_then_found_by_version_and_by_hash(home: Path) -> None:
    assert call("rulebook", "diff", "2016.1.0").code == 2
    with Desk(load(), MANAGER) as desk:
        review(desk)
        review(desk)
    assert [path.name for path in (home / "rulebooks").iterdir()] == [volume.name(book())]
    for name in (book().version, book().hash[:8], f"{book().version}-{book().hash[:12]}"):
        assert _told("diff", name)["differences"] == []
    refused = call("rulebook", "diff", "2016.1.0")
    assert (refused.code, book().version in refused.err) == (2, True)


def test_a_replay_says_what_another_book_would_move_and_moves_nothing(home: Path, stricter: Path) -> None:
    with Desk(load(), MANAGER) as desk:
        incident = an_incident(desk)
        assess(desk, incident.id)
    before = _told("replay")
    assert (before["open_incidents"], before["incidents"]) == (1, [])
    for _ in range(2):
        told = _told("replay", str(stricter))
        moved = {move["duty"]: move for each in told["incidents"] for move in each["moves"]}
        assert "uk-p3-67-1" in moved
        assert moved["uk-p3-67-1"]["after"]["due_at"] < moved["uk-p3-67-1"]["before"]["due_at"]
    page = " ".join(call("rulebook", "replay", str(stricter)).out.split())
    assert "would move duties in 1 of 1 open incident." in page and "uk-p3-67-1" in page
    assert _told("replay")["incidents"] == []
