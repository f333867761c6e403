"""Reading a spreadsheet: cells are what a person sees, and whatever is hostile ends in words, in a process of its own."""

import io
import struct
import zipfile
from pathlib import Path

import pytest

from actions.bad_people import BadPeople
from actions.people_file import RawRow, list_at, rows
from tests.sheets import DAY, MAIN, a_sheet

HEAD = ("kind", "name", "phone", "birth_date")


def read(path: Path) -> list[RawRow]:
    found = list(rows(list_at(path)))
    assert all(isinstance(one, RawRow) for one in found)
    return found


def said(path: Path) -> str:
    with pytest.raises(BadPeople) as caught:
        list(rows(list_at(path)))
    return "; ".join(map(str, caught.value.problems))


def test_cells_are_read_as_the_text_that_a_person_sees(tmp_path: Path) -> None:
    rows_ = [HEAD, ("customer", "Zoë <Sample>", 7700900123, (38138, DAY)), (), ("customer", 12.5, True, "2004-05-31")]
    first, second = read(a_sheet(tmp_path / "a.xlsx", rows_))
    assert first.cells == {
        "kind": "customer",
        "name": "Zoë <Sample>",
        "phone": "7700900123",
        "birth_date": "2004-05-31",
    }
    assert (first.number, second.number) == (2, 4), "as the spreadsheet counts them"
    assert (second.cells["name"], second.cells["phone"]) == ("12.5", "yes")


def test_a_formula_is_its_value_and_one_never_worked_out_is_refused_by_its_cell(tmp_path: Path) -> None:
    valued = b'<c r="HERE" t="str"><f>A1&amp;B1</f><v>Sam Sample</v></c>'
    [row] = read(a_sheet(tmp_path / "a.xlsx", [HEAD[:2], ("customer", valued)]))
    assert row.cells["name"] == "Sam Sample"
    for bare in (b'<c r="HERE"><f>A1&amp;B1</f></c>', b'<c r="HERE" t="str"><f t="shared" si="0"/></c>'):
        told = said(a_sheet(tmp_path / "b.xlsx", [HEAD[:2], ("customer", bare)]))
        assert "row 2, column B holds a formula that was never worked out" in told
    wrong = b'<c r="HERE" t="e"><f>1/0</f><v>#DIV/0!</v></c>'
    assert "row 2, column B holds a formula that ends in an error" in said(
        a_sheet(tmp_path / "c.xlsx", [HEAD[:2], ("customer", wrong)])
    )


def test_a_number_of_which_the_spreadsheet_has_lost_digits_is_refused(tmp_path: Path) -> None:
    told = said(a_sheet(tmp_path / "a.xlsx", [("kind", "name", "reference"), ("customer", "Sam", 1234567890123456789)]))
    assert "row 2, column 3 is a number of more than fifteen digits" in told


def test_a_second_sheet_is_never_left_out_in_silence(tmp_path: Path) -> None:
    one = [HEAD[:2], ("customer", "Sam")]
    assert "has several sheets" in said(a_sheet(tmp_path / "a.xlsx", one, one))
    assert len(read(a_sheet(tmp_path / "b.xlsx", one, []))) == 1
    assert "holds no people" in said(a_sheet(tmp_path / "c.xlsx", []))


def test_a_zip_bomb_is_refused_whatever_its_directory_says(tmp_path: Path) -> None:
    bomb = {"xl/media/big.bin": b"\0" * 600_000_000}
    path = a_sheet(tmp_path / "a.xlsx", [HEAD], parts=bomb)
    assert path.stat().st_size < 1_000_000
    assert "becomes larger than 500 MB" in said(path)
    lying = path.read_bytes().replace(struct.pack("<L", 600_000_000), struct.pack("<L", 10))
    path.write_bytes(lying)
    with zipfile.ZipFile(io.BytesIO(lying)) as archive:
        assert sum(one.file_size for one in archive.infolist()) < 1_000_000, "or this tries nothing"
    assert "is damaged" in said(path) or "becomes larger" in said(path)


@pytest.mark.parametrize("name", ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml"])
def test_definitions_that_multiply_are_refused_before_anything_reads_them(tmp_path: Path, name: str) -> None:
    laughs = b'<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><l>&b;</l>'
    assert "holds definitions of its own" in said(a_sheet(tmp_path / "a.xlsx", [HEAD], parts={name: laughs}))


def test_values_from_other_files_are_refused(tmp_path: Path) -> None:
    path = a_sheet(tmp_path / "a.xlsx", [HEAD], parts={"xl/externalLinks/externalLink1.xml": b"<x/>"})
    assert "takes values from other files" in said(path)


def test_a_sheet_that_claims_to_be_vast_takes_nothing_down(tmp_path: Path) -> None:
    corner = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    head = b'<row r="1"><c r="A1" t="inlineStr"><is><t>kind</t></is></c></row>'
    vast = f'<worksheet xmlns="{MAIN}"><sheetData>'.encode() + head + corner + b"</sheetData></worksheet>"
    told = said(a_sheet(tmp_path / "a.xlsx", [HEAD], parts={"xl/worksheets/sheet1.xml": vast}))
    assert "memory" in told or "200,000 rows" in told


def test_a_damaged_workbook_is_refused_in_words(tmp_path: Path) -> None:
    whole = a_sheet(tmp_path / "a.xlsx", [HEAD, ("customer", "Sam")]).read_bytes()
    for start, stop in ((0, len(whole) // 2), (0, len(whole) - 30)):
        (tmp_path / "b.xlsx").write_bytes(whole[start:stop])
        assert "the list is damaged" in said(tmp_path / "b.xlsx")
    broken = a_sheet(tmp_path / "c.xlsx", [HEAD], parts={"xl/worksheets/sheet1.xml": b"<worksheet><sheetData><row"})
    assert said(broken)
