"""Writes spreadsheets by hand, cell by cell, so that a test can put anything into one: what is hostile, no library would write."""

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    "</Types>"
)
RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
STYLES = f'<styleSheet xmlns="{MAIN}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>'
DAY = "day"
"""How a cell says that its number is a day."""


def a_sheet(path: Path, *sheets: Sequence[Sequence[object]], parts: Mapping[str, bytes] | None = None) -> Path:
    """A workbook of these sheets: text, numbers, (number, DAY) for a date; bytes are put in as they are. *parts* replace or join its own."""
    names = range(1, len(sheets) + 1)
    listed = "".join(f'<sheet name="Sheet{one}" sheetId="{one}" r:id="rId{one}"/>' for one in names)
    links = "".join(
        f'<Relationship Id="rId{one}" Type="{RELS}/worksheet" Target="worksheets/sheet{one}.xml"/>' for one in names
    )
    own = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" Type="{RELS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELS}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}">{links}<Relationship Id="rIdS" Type="{RELS}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": STYLES,
        **{f"xl/worksheets/sheet{number}.xml": _sheet(rows) for number, rows in enumerate(sheets, 1)},
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in (own | dict(parts or {})).items():
            archive.writestr(name, text)
    return path


def _sheet(rows: Sequence[Sequence[object]]) -> bytes:
    lines = [
        b"".join(
            (
                f'<row r="{down}">'.encode(),
                *(_cell(f"{chr(64 + across)}{down}", cell) for across, cell in enumerate(row, 1)),
                b"</row>",
            )
        )
        for down, row in enumerate(rows, 1)
    ]
    return b"".join((f'<worksheet xmlns="{MAIN}"><sheetData>'.encode(), *lines, b"</sheetData></worksheet>"))


def _cell(place: str, cell: object) -> bytes:
    if isinstance(cell, bytes):
        return cell.replace(b"HERE", place.encode())
    if isinstance(cell, tuple):
        return f'<c r="{place}" s="1"><v>{cell[0]}</v></c>'.encode()
    if isinstance(cell, bool):
        return f'<c r="{place}" t="b"><v>{int(cell)}</v></c>'.encode()
    if isinstance(cell, int | float):
        return f'<c r="{place}"><v>{cell}</v></c>'.encode()
    return (
        f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(str(cell))}</t></is></c>'.encode()
        if cell
        else b""
    )
