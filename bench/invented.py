"""Invented people, as many as wanted: names, example.org addresses and Ofcom's drama numbers; the same number gives the same person.

python bench/invented.py FILE PEOPLE      writes a list of so many
"""

import csv
import sys
from collections.abc import Iterator
from pathlib import Path

FIRST = [
    "Alex",
    "Bo",
    "Cam",
    "Dee",
    "Eli",
    "Fay",
    "Gus",
    "Hal",
    "Ida",
    "Jo",
    "Kim",
    "Lou",
    "Max",
    "Ned",
    "Oli",
    "Pat",
    "Quin",
    "Ray",
    "Sam",
    "Tam",
    "Una",
    "Val",
    "Wyn",
    "Yan",
    "Zoë",
    "Aled",
    "Siân",
    "Tomos",
]
LAST = [
    "Sample",
    "Example",
    "Muster",
    "Placeholder",
    "Specimen",
    "Template",
    "Pattern",
    "Proof",
    "Draft",
    "Sketch",
    "Model",
    "Figure",
    "Formula",
    "Blank",
    "Token",
]
STREETS = ["Sample Street", "Example Road", "Specimen Lane", "Pattern Avenue", "Model Way", "Template Close"]
TOWNS = (("Sampletown", "SW1A 1AA"), ("Exampleton", "M1 1AE"), ("Specimen Regis", "B33 8TH"), ("Llansampl", "CF10 1DD"))
DRAMA = (
    "07700 900{:03}",
    "020 7946 0{:03}",
    "0113 496 0{:03}",
    "0121 496 0{:03}",
    "0131 496 0{:03}",
    "029 2018 0{:03}",
)
"""Numbers that Ofcom keeps for drama: nobody has them. There are only so many, so that not everyone can have one of their own."""
COLUMNS = ("reference", "kind", "name", "email", "phone", "address", "postcode", "country", "language", "birth_date")


def person(number: int, *, phone: bool) -> tuple[str, ...]:
    """One customer, grown up, reached by nobody else's e-mail address and door; the number, if wanted, is shared by many."""
    town, postcode = TOWNS[number % len(TOWNS)]
    return (
        f"P{number:07}",
        "customer",
        f"{FIRST[number % len(FIRST)]} {LAST[number // len(FIRST) % len(LAST)]} {number}",
        f"person.{number}@{'mail.' if number % 3 else ''}example.{('org', 'com', 'net')[number % 3]}",
        DRAMA[number % len(DRAMA)].format(number // len(DRAMA) % 1000) if phone else "",
        f"{number} {STREETS[number % len(STREETS)]};{town}",
        postcode,
        "GB",
        "cy" if number % 20 == 0 else "en",
        f"{1940 + number % 65}-{number % 12 + 1:02}-{number % 28 + 1:02}",
    )


def people(count: int, *, phones: int | None = None) -> Iterator[tuple[str, ...]]:
    """So many people, in the order of COLUMNS. The first *phones* have a number; by default as many as there are numbers for one each."""
    most = len(DRAMA) * 1000 if phones is None else phones
    return (person(number, phone=number < most) for number in range(count))


def write_list(path: Path, count: int, *, phones: int | None = None) -> Path:
    """A list of so many people as a CSV file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows(people(count, phones=phones))
    return path


if __name__ == "__main__":
    write_list(Path(sys.argv[1]), int(sys.argv[2]))
