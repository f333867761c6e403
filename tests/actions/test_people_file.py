"""Reading a list: what spreadsheets write is read, and what no list can be is refused in plain words."""

from pathlib import Path

import pytest

from actions.bad_people import BadPeople, Problem
from actions.people_file import RawRow, list_at, rows

HEAD = b"kind,name\n"


def read(folder: Path, content: bytes) -> list[RawRow | Problem]:
    path = folder / "people.csv"
    path.write_bytes(content)
    return list(rows(list_at(path)))


@pytest.mark.parametrize(
    ("content", "wrong"),
    [
        (b"", "kind is missing from the heading"),
        (HEAD + b"customer,S\0am\n", "row 2, the row holds a NUL character"),
        ("kind,name,prénom\n".encode("latin-1"), "row 1, column 3 is not written in UTF-8"),
        ("kind,name\ncustomer,Sam\n".encode("utf-16"), "the list is written in UTF-16"),
        (b"PK\x03\x04rest", "the list is an archive"),
        (b"kind,name," + b"x," * 16_384 + b"\n", "the list has 16,387 columns"),
        (b"kind,name,e mall\ncustomer,Sam,x\n", "is not a column that is asked for; call it email"),
        (b"kind,name,name\ncustomer,Sam,Sam\n", "name stands twice in the heading"),
        (b"name\nSam\n", "kind is missing from the heading"),
        (HEAD + b'customer,"Sam\n', "row 2, the row breaks off"),
        (HEAD + b'customer,"Sam\n' + b"more of the same name\n" * 10_000, "row 2, the row breaks off"),
        (HEAD + b"customer," + b"x" * 200_000 + b"\n", "row 2, the row has a line of more than 100,000 characters"),
    ],
)
def test_a_hostile_file_is_refused_in_plain_words(tmp_path: Path, content: bytes, wrong: str) -> None:
    with pytest.raises(BadPeople) as caught:
        read(tmp_path, content)
    assert wrong in "; ".join(map(str, caught.value.problems))


def test_a_row_with_a_cell_too_many_is_a_problem_of_that_row_alone(tmp_path: Path) -> None:
    first, second = read(tmp_path, HEAD + b"customer,Sam,more\ncustomer,Alex\n")
    assert isinstance(first, Problem)
    assert (first.row, first.wrong) == (2, "has 3 cells where the heading has 2")
    assert second == RawRow(3, {"kind": "customer", "name": "Alex"})


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbfkind,name\r\ncustomer,Sam\r\n",
        b'kind;name\n"customer";Sam',
        b"Kind,NAME\n\n , \ncustomer,Sam\n\n,\n",
        b"kind\tname\rcustomer\tSam\r",
    ],
)
def test_what_spreadsheets_write_is_read(tmp_path: Path, content: bytes) -> None:
    [row] = read(tmp_path, content)
    assert isinstance(row, RawRow)
    assert row.cells == {"kind": "customer", "name": "Sam"}


def test_a_quoted_cell_may_hold_lines_and_separators(tmp_path: Path) -> None:
    [row] = read(tmp_path, b'kind,name,address\ncustomer,"Sample, Sam","1 Sample Street\nSampletown"\n')
    assert isinstance(row, RawRow)
    assert row.cells == {"kind": "customer", "name": "Sample, Sam", "address": "1 Sample Street\nSampletown"}


def test_rows_are_counted_as_a_spreadsheet_counts_them(tmp_path: Path) -> None:
    read_rows = read(tmp_path, HEAD + b'customer,"Sam\nSample"\n\ncustomer,Alex\n')
    assert [row.number for row in read_rows if isinstance(row, RawRow)] == [2, 4]


def test_a_line_in_another_encoding_is_a_problem_of_that_row_alone(tmp_path: Path) -> None:
    first, second = read(tmp_path, HEAD + "customer,Zoë\n".encode("latin-1") + "customer,Zoë\n".encode())
    assert isinstance(first, Problem)
    assert (first.row, first.column, first.wrong) == (2, "name", "holds letters that are not in UTF-8")
    assert second == RawRow(3, {"kind": "customer", "name": "Zoë"})
