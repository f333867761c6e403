"""The letter on paper: accessible, the same every time, and folded so that the window shows the address and nothing else."""

import io
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from notices.errors import BadData, BadTemplate, Unprintable
from notices.letter import letter
from notices.typesetting import fonts, typeset
from tests.notices.samples import ADDRESS, notice_of, pdf_text

DATED_ON = date(2026, 11, 23)
MM = 72 / 25.4
# What a DL window envelope may show, however the letter has slipped in it, and what it always shows: down from the top.
MAY_SHOW = (44 * MM, 91 * MM)
ALWAYS_SHOWS = (53 * MM, 82 * MM)
ACROSS = (20 * MM, 115 * MM)


def _xmp(pdf: bytes) -> str:
    trailer: Any = PdfReader(io.BytesIO(pdf)).trailer
    return str(trailer["/Root"]["/Metadata"].get_data().decode())


def test_a_letter_declares_itself_accessible_and_says_its_language_and_title() -> None:
    notice = notice_of("breach-notice")
    pdf = letter(notice, ADDRESS, DATED_ON)
    trailer: Any = PdfReader(io.BytesIO(pdf)).trailer
    root = trailer["/Root"]
    assert "<pdfuaid:part>1</pdfuaid:part>" in _xmp(pdf)
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert root["/Lang"] == "en-GB"
    assert trailer["/Info"]["/Title"] == notice.subject
    assert trailer["/Info"]["/CreationDate"].startswith("D:20261123")


def test_the_same_letter_is_the_same_bytes_also_from_many_threads() -> None:
    notice = notice_of("breach-notice")
    with ThreadPoolExecutor(4) as threads:
        made = set(threads.map(lambda _: letter(notice, ADDRESS, DATED_ON), range(12)))
    assert len(made) == 1
    assert letter(notice, ADDRESS, date(2026, 11, 24)) not in made


@pytest.mark.parametrize("lines", [2, 6])
@pytest.mark.parametrize("template", ["breach-notice", "victim-notice"])
def test_the_window_shows_the_whole_address_and_nothing_else(template: str, lines: int) -> None:
    address = [f"Line {number} of the address" for number in range(lines)]
    page = PdfReader(io.BytesIO(letter(notice_of(template), address, DATED_ON))).pages[0]
    seen: list[tuple[str, float]] = []

    def look(text: str, cm: list[float], tm: list[float], _font: object, _size: object) -> None:
        across, down = tm[4] * cm[0] + cm[4], float(page.mediabox.height) - (tm[5] * cm[3] + cm[5])
        if text.strip() and ACROSS[0] <= across <= ACROSS[1] and MAY_SHOW[0] <= down <= MAY_SHOW[1]:
            seen.append((text.strip(), down))

    page.extract_text(visitor_text=look)
    assert " ".join(text for text, _ in seen).split() == " ".join(address).split()
    assert all(ALWAYS_SHOWS[0] <= down <= ALWAYS_SHOWS[1] for _, down in seen)


def test_a_discreet_letter_does_not_show_its_sender_at_the_top() -> None:
    quiet = pdf_text(letter(notice_of("victim-notice"), ADDRESS, DATED_ON)).partition("Dear ")[0]
    plain = pdf_text(letter(notice_of("breach-notice"), ADDRESS, DATED_ON)).partition("Dear ")[0]
    assert "Example Organisation" not in quiet
    assert "Example Organisation" in plain


def test_every_page_carries_the_reference_and_its_number() -> None:
    pages = pdf_text(letter(notice_of("breach-notice"), ADDRESS, DATED_ON)).split("\n\f\n")
    for number, page in enumerate(pages, start=1):
        assert f"Our reference: 7K4M-2QPX Page {number} of {len(pages)}" in page


@pytest.mark.parametrize("address", [[], ["One line"], ["", "\u200b", "One line"], [f"Line {n}" for n in range(7)]])
def test_an_address_that_does_not_fit_the_window_is_refused(address: list[str]) -> None:
    with pytest.raises(BadData, match="address_lines"):
        letter(notice_of("breach-notice"), address, DATED_ON)


def test_a_notice_that_has_no_letter_is_not_printed() -> None:
    with pytest.raises(Unprintable, match="does not come as a letter"):
        letter(replace(notice_of("breach-notice"), shapes=("message",)), ADDRESS, DATED_ON)


@pytest.mark.parametrize(
    "name", ["Łucja Đặng-Þórsdóttir", "Ζωή Ωμέγα", "Юлія Їжак", "שרה", "سارة", "Aşkın İğdır", "Ngũgĩ"]
)
def test_names_in_many_scripts_can_be_printed(name: str) -> None:
    assert letter(notice_of("breach-notice", person={"salutation": name}), (name, "Sampletown"), DATED_ON)


def test_only_the_engine_s_own_fonts_are_used() -> None:
    assert "Libertinus Serif" in fonts().families()
    assert all(font.path is None for font in fonts().fonts())
    page = '#set document(title: "x")\n#set text(font: "DejaVu Serif", fallback: false)\nWords'
    with pytest.raises(BadTemplate, match="unknown font family") as refused:
        typeset(page, {}, dated_on=DATED_ON, what="a page", file="shapes/x.typ")
    assert refused.value.line == 2


@pytest.mark.parametrize("path", ["/etc/hostname", "/../pyproject.toml", "../pyproject.toml"])
def test_a_page_cannot_read_other_files(path: str) -> None:
    with pytest.raises(BadTemplate):
        typeset(
            f'#set document(title: "x")\n#read("{path}")', {}, dated_on=DATED_ON, what="a page", file="shapes/x.typ"
        )


def test_letters_do_not_depend_on_the_folder_that_the_program_runs_in(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    here = Path.cwd()
    os.chdir(gone)
    gone.rmdir()
    try:
        with ThreadPoolExecutor(1) as fresh:
            assert fresh.submit(letter, notice_of("breach-notice"), ADDRESS, DATED_ON).result()
    finally:
        os.chdir(here)
