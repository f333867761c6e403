"""A book in one file: whole, refused once touched, and compared law by law."""

import json
from pathlib import Path

import pytest

from rulebook import library, volume
from rulebook.differences import differences
from rulebook.law import BadLaw
from tests.rulebook.shelves import AUTHORITIES, LAW, shelf


def test_the_book_of_a_file_is_the_book_of_its_folder(tmp_path: Path) -> None:
    path = tmp_path / "kept" / "book.json"
    written = volume.write(library.SHELF, path)
    assert volume.read(path) == written == library.book() == volume.read(library.SHELF)
    assert written.version != "unversioned" and volume.name(written).startswith(
        f"{written.version}-{written.hash[:12]}"
    )


def test_a_file_that_was_touched_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "book.json"
    volume.write(shelf(tmp_path / "shelf"), path)
    told = json.loads(path.read_text(encoding="utf-8"))
    told["files"]["laws/xx/act.yaml"] = told["files"]["laws/xx/act.yaml"].replace("60 days", "90 days")
    path.write_text(json.dumps(told), encoding="utf-8")
    with pytest.raises(BadLaw, match="not that of this hash"):
        volume.read(path)


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"hash": "a", "files": {"laws/x.yaml": 1}}', '{"hash": 1, "files": {}}']
)
def test_a_file_that_holds_no_book_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "book.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadLaw):
        volume.read(path)
    with pytest.raises(BadLaw, match="cannot be read"):
        volume.read(tmp_path / "missing.json")


def test_an_amendment_is_one_difference_and_leaves_the_older_limit_alone(tmp_path: Path) -> None:
    old = library.read(shelf(tmp_path / "old"))
    amended = LAW.replace("within: 30 days", "within: 20 days")
    found = differences(old, library.read(shelf(tmp_path / "new", amended)))
    assert [tuple(each) for each in found] == [
        ("xx-act", "duties.xx-ag.limits[2023-09-01].within.n", "30", "20"),
    ]


def test_what_is_new_gone_or_said_of_an_authority_is_a_difference(tmp_path: Path) -> None:
    old = library.read(shelf(tmp_path / "old"))
    moved = AUTHORITIES.replace("America/Chicago", "America/Denver")
    new = library.read(shelf(tmp_path / "new", LAW.replace("law: xx-act", "law: xx-statute"), moved))
    assert [tuple(each) for each in differences(old, new)] == [
        ("xx-act", "the whole of it", "Breach Act of Examplia", None),
        ("xx-statute", "the whole of it", None, "Breach Act of Examplia"),
        ("xx/ag", "time_zone", "America/Chicago", "America/Denver"),
    ]


def test_the_same_law_in_other_bytes_is_no_difference(tmp_path: Path) -> None:
    old, new = (library.read(shelf(tmp_path / name, LAW + tail)) for name, tail in (("old", ""), ("new", "# a word\n")))
    assert old.hash != new.hash and differences(old, new) == ()
