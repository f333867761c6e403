"""Checks one row of a list of people, cell by cell and as a whole; a problem says what is wrong and what to do, never what it holds."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace

from actions.bad_people import Problem
from actions.cells import LINE_BREAK, Setting, Wrong, no_fixed_abode, postcode
from actions.columns import COLUMNS, REQUIRED
from actions.details import Details
from db.models.person import GUARDIAN

ADDRESS_LINES = tuple(f"address_{number}" for number in range(1, 7))
ANYWHERE = ("address", *ADDRESS_LINES)
SAFE = ("safe_until", "safe_confirmed_by", "safe_confirmed_on")
ABOUT_IT = ("safe_answers", "safe_language", "safe_source", "withhold_number", "ask_first")
OF_A_SAFE_CONTACT = ("safe_number", "safe_hours", "voicemail", "code_word", *ABOUT_IT, *SAFE)
WINDOW_LINES = 5
"""Under the name, which is the first of six."""
OF_A_GUARDIAN = ("guardian_verified", "guardian_conflict")
# Most rows have nothing of the kind, which is seen at once.
_ANY_LINE = frozenset(ADDRESS_LINES)
_ANYWHERE = frozenset(ANYWHERE)
_ANY_SAFE = frozenset(("safe_channel", *OF_A_SAFE_CONTACT))
_ANY_GUARDIAN = frozenset(("guardian_reference", *OF_A_GUARDIAN))

Cells = Mapping[str, str]
Found = list[tuple[str, str, str]]


def check_row(row: int, cells: Cells, setting: Setting) -> tuple[Details, list[Problem]]:
    """The row in its kept form, and everything that is wrong with it; the form may only be used when nothing is."""
    given = {column: cell for column, cell in cells.items() if cell.strip()}
    if given.get("country", setting.country) != setting.country:
        with suppress(Wrong):  # a wrong country is reported with the other cells
            setting = replace(setting, country=COLUMNS["country"].clean(given["country"], setting))
    kept, found = _cleaned(given, setting)
    for rule in (_required, _address, _safe_contact, _guardian):
        found += rule(given, kept)
    details = Details(_folded(given, kept))
    found += _deliverable(details)
    return details, [Problem(row, *one) for one in found]


def _deliverable(details: Details) -> Found:
    """An address that is there must be one that a letter can reach; one that is not there is no fault."""
    lines = details.address_lines
    if len(lines) > WINDOW_LINES:
        return [
            ("address", "has more lines than an envelope's window", f"write it in {WINDOW_LINES}, postcode included")
        ]
    if not lines and details.get("address"):
        return [("address", "is too short for a letter to arrive", "write street and town, or leave it empty")]
    return []


def _cleaned(given: Cells, setting: Setting) -> tuple[dict[str, str], Found]:
    kept: dict[str, str] = {}
    found: Found = []
    for column, cell in given.items():
        try:
            clean = COLUMNS[column].clean(cell, setting)
            kept[column] = postcode(clean, setting.country) if column == "postcode" else clean
        except Wrong as wrong:
            found.append((column, wrong.wrong, wrong.do))
    return kept, found


def _required(given: Cells, _: Cells) -> Found:
    return [(column, "is missing", "every person needs one") for column in REQUIRED if column not in given]


def _address(given: Cells, _: Cells) -> Found:
    if "address" in given and not given.keys().isdisjoint(_ANY_LINE):
        return [("address", "is given twice", "use either address, or address_1, address_2 and so on")]
    return []


def _safe_contact(given: Cells, kept: Cells) -> Found:
    """A safe contact is whole or is none: the way, until when it is safe, and who confirmed it."""
    if given.keys().isdisjoint(_ANY_SAFE):
        return []
    stray = [column for column in OF_A_SAFE_CONTACT if column in given]
    if "safe_channel" not in given:
        return [("safe_channel", "is missing", f"say which way is safe, or empty {', '.join(stray)}")] if stray else []
    found = [(column, "is missing", "a way is only safe with it") for column in SAFE if column not in given]
    if kept.get("safe_channel") == "phone" and "safe_number" not in given:
        found.append(("safe_number", "is missing", "write the number that they said is safe"))
    return found


def _guardian(given: Cells, kept: Cells) -> Found:
    if given.keys().isdisjoint(_ANY_GUARDIAN):
        return []
    stray = [column for column in OF_A_GUARDIAN if column in given]
    if "guardian_reference" not in given:
        return (
            [("guardian_reference", "is missing", f"name the guardian, or empty {', '.join(stray)}")] if stray else []
        )
    if kept.get("kind") == GUARDIAN:
        return [("guardian_reference", "is given for a guardian", "leave it empty")]
    if kept.get("guardian_reference") == kept.get("reference"):
        return [("guardian_reference", "is the person's own reference", "name someone else, or leave it empty")]
    return []


def _folded(given: Cells, kept: dict[str, str]) -> dict[str, str]:
    """The lines of the address as one cell, no fixed abode as a flag, and nothing that is empty."""
    empty = [column for column in given.keys() & _ANYWHERE if not kept.get(column)]
    if lines := [kept.pop(line) for line in ADDRESS_LINES if kept.get(line)]:
        kept["address"] = LINE_BREAK.join(lines)
    if any(no_fixed_abode(given[column]) for column in empty):
        kept.pop("address", None)
        flags = {*kept.get("flags", "").split(LINE_BREAK), "no_fixed_abode"} - {""}
        kept["flags"] = LINE_BREAK.join(sorted(flags))
    return {column: cell for column, cell in kept.items() if cell}
