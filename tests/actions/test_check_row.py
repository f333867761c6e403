"""Rows of a list of people: what is kept of them, and what is said of them when something is wrong."""

import json
import string
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.cells import Setting
from actions.check_row import check_row
from actions.columns import COLUMNS
from actions.details import Details

TODAY = Setting(date(2026, 12, 1), "GB")
GOOD = {"kind": "customer", "name": "Sam Sample"}
SAFE = {
    "safe_channel": "phone",
    "safe_number": "07700 900123",
    "safe_until": "2027-01-01",
    "safe_confirmed_by": "Case worker",
    "safe_confirmed_on": "2026-11-01",
}

# Most cells look like something; the rest is anything at all.
LIKELY = st.sampled_from(
    [
        "yes",
        "no",
        "unknown",
        "victim",
        "customer",
        "guardian",
        "phone",
        "in person",
        "2004-05-31",
        "GB",
        "FR",
        "en",
        "child; victim",
        "sam@example.org",
        "020 7946 0018",
        "07700900123",
        "1 Sample Street; Sampletown",
        "SW1A 1AA",
        "no fixed abode",
        "R1",
        "R2",
    ]
)
CELLS = st.dictionaries(st.sampled_from(list(COLUMNS)), LIKELY | st.text(max_size=40), max_size=12)


def problems(**cells: str) -> list[str]:
    return [f"{one.column} {one.wrong}" for one in check_row(2, GOOD | cells, TODAY)[1]]


def kept(**cells: str) -> dict[str, str]:
    details, found = check_row(2, GOOD | cells, TODAY)
    assert found == []
    return details.cells


@given(CELLS)
def test_what_is_kept_is_kept_unchanged_when_it_is_read_again(cells: dict[str, str]) -> None:
    details, found = check_row(2, GOOD | cells, TODAY)
    if not found:
        again, more = check_row(2, details.cells, TODAY)
        assert (again.cells, more) == (details.cells, [])


@given(CELLS, st.text(string.ascii_letters, min_size=12, max_size=20))
def test_no_problem_repeats_what_the_cell_holds(cells: dict[str, str], marker: str) -> None:
    spoilt = {column: f"{marker}{cell}@" for column, cell in cells.items()}
    _, found = check_row(2, spoilt, TODAY)
    assert marker not in " ".join(map(str, found))
    assert marker not in repr(check_row(2, spoilt, TODAY))


@pytest.mark.parametrize(
    ("cells", "wrong"),
    [
        ({"kind": "hero"}, "kind is none of the known words"),
        ({"name": " "}, "name is missing"),
        ({"email": "sam at example"}, "email is not an e-mail address"),
        ({"email": "sam@example.org, eve@example.org"}, "email is not an e-mail address"),
        ({"email": "sam@example.org\r\nBcc: eve@example.org"}, "email is not an e-mail address"),
        ({"phone": "12"}, "phone is not a telephone number of a person"),
        ({"phone": "0900 1234567"}, "phone is not a telephone number of a person"),
        ({"birth_date": "31/05/2004"}, "birth_date is not a date"),
        ({"birth_date": "2026-12-02"}, "birth_date cannot be a birth date, since it is still to come"),
        ({"postcode": "ZZ"}, "postcode is not a postcode of the United Kingdom"),
        ({"country": "Utopia"}, "country is not a country's code"),
        ({"flags": "child; fragile"}, "flags holds an unknown flag"),
        ({"address": "1 A Street;B", "address_1": "1 A Street"}, "address is given twice"),
        ({"address": ";".join("abcdef"), "postcode": "SW1A 1AA"}, "address has more lines than an envelope's window"),
        ({"safe_number": "07700 900123"}, "safe_channel is missing"),
        (SAFE | {"safe_number": ""}, "safe_number is missing"),
        (SAFE | {"safe_until": ""}, "safe_until is missing"),
        (SAFE | {"safe_channel": "email"}, "safe_channel is none of the known words"),
        ({"guardian_conflict": "no"}, "guardian_reference is missing"),
        ({"reference": "R1", "guardian_reference": "R1"}, "guardian_reference is the person's own reference"),
        ({"kind": "guardian", "guardian_reference": "R2"}, "guardian_reference is given for a guardian"),
        ({"voicemail": "perhaps"}, "voicemail is neither yes nor no"),
    ],
)
def test_each_wrong_cell_is_named_with_what_is_wrong(cells: dict[str, str], wrong: str) -> None:
    assert wrong in problems(**cells)


def test_numbers_are_read_in_the_row_s_own_country() -> None:
    assert kept(phone="020 7946 0018")["phone"] == "+442079460018"
    assert kept(phone="01 99 00 12 34", country="fr")["phone"] == "+33199001234"


def test_no_fixed_abode_is_a_flag_and_no_address() -> None:
    assert kept(address="No fixed abode") == GOOD | {"flags": "no_fixed_abode"}
    assert kept(address_1="NFA", flags="child") == GOOD | {"flags": "child;no_fixed_abode"}


def test_the_lines_of_an_address_become_one_cell() -> None:
    assert kept(address_1="1 Sample Street", address_2="Sampletown", postcode="sw1a1aa") == GOOD | {
        "address": "1 Sample Street;Sampletown",
        "postcode": "SW1A 1AA",
    }


@pytest.mark.parametrize("column", ["address", "address_1", "address_4"])
def test_a_line_of_an_address_that_holds_several_is_read_like_the_whole_address(column: str) -> None:
    assert kept(**{column: " 1 Sample Street ;; Sampletown"})["address"] == "1 Sample Street;Sampletown"
    assert kept(**{column: "No fixed abode"})["flags"] == "no_fixed_abode"


def test_an_unknown_conflict_is_kept_as_unknown() -> None:
    assert "guardian_conflict" not in kept(guardian_reference="R9", guardian_conflict="unknown", reference="R1")


def test_a_formula_is_text_like_any_other() -> None:
    assert kept(name='=HYPERLINK("http://example.org")')["name"] == '=HYPERLINK("http://example.org")'


@given(cells=st.dictionaries(st.text(), st.text(), max_size=6))
def test_a_person_is_written_as_json_is_sorted_and_tight(cells: dict[str, str]) -> None:
    written = Details(cells).to_bytes()
    assert written == json.dumps(cells, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
    assert Details.from_bytes(written) == Details(cells)
