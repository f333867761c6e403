"""Whatever bytes come as a list: they are refused in words, or taken in whole; nothing else ever happens."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actions.bad_people import BadPeople, Problem
from actions.bad_rows import readable
from actions.check_row import check_row
from actions.heading import guess
from actions.people_file import RawRow, cells_of, list_at, rows
from actions.preview_people import mask
from tests.actions.test_check_row import TODAY
from tests.sheets import a_sheet

PIECES = st.sampled_from(
    [b"kind,name\n", b"customer,Sam\n", b"customer", b",", b";", b"\t", b'"', b"\n", b"\r", b"\r\n", b"\xef\xbb\xbf", b"\xff\xfe",
     b"\0", b"\xe9", b"=1+1", b"PK\x03\x04", b"xl/", "Zoë".encode(), b"\xed\xa0\x80", b"\x1a", b"row,list,wrong,do,"]
)  # fmt: skip
ANY = st.one_of(st.binary(max_size=300), st.lists(PIECES, max_size=20).map(b"".join))


def taken(folder: Path, content: bytes) -> None:
    """Read it as an import and as a look do; only a refusal may come out."""
    path = folder / "people.list"
    path.write_bytes(content)
    try:
        for one in rows(list_at(path)):
            assert isinstance(one, RawRow | Problem)
            if isinstance(one, RawRow):
                check_row(one.number, one.cells, TODAY)
        with cells_of(list_at(path)) as found:
            guess(next(found, []), {})
            for cells in found:
                "".join(map(mask, map(readable, cells))).encode()
    except BadPeople as refused:
        assert refused.problems
        assert str(refused).encode()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
@given(content=ANY)
def test_any_bytes_are_a_list_or_are_refused(tmp_path: Path, content: bytes) -> None:
    taken(tmp_path, content)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15)
@given(data=st.data())
def test_a_spreadsheet_with_any_byte_changed_is_a_list_or_is_refused(tmp_path: Path, data: st.DataObject) -> None:
    whole = bytearray(a_sheet(tmp_path / "a.xlsx", [("kind", "name"), ("customer", "Sam")]).read_bytes())
    for place in data.draw(st.lists(st.integers(0, len(whole) - 1), min_size=1, max_size=4)):
        whole[place] = data.draw(st.integers(0, 255))
    taken(tmp_path, bytes(whole))


def test_what_is_no_file_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "pipe", tmp_path / "nowhere", tmp_path / "a\0b", Path(os.devnull)):
        with pytest.raises(BadPeople):
            list_at(path)


def test_a_list_that_vanishes_while_it_is_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("kind,name\n")
    file = list_at(path)
    path.unlink()
    with pytest.raises(BadPeople, match="cannot be read"), file.open():
        pass


def test_a_row_never_needs_more_memory_than_its_line(tmp_path: Path) -> None:
    for content in (
        b"kind,name\ncustomer," + b"x" * 10_000_000,
        b"kind" * 1_000_000,
        b"\r" * 3 + b"kind,name" + b"," * 99_999,
    ):
        path = tmp_path / "people.csv"
        path.write_bytes(content)
        with pytest.raises(BadPeople):
            list(rows(list_at(path)))
