"""What in the book needs a person's look: laws not compared for a year, calendars that end, duties without an example."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from rulebook import calendars
from rulebook.law import Duty
from rulebook.library import Rulebook
from rulebook.places import groups, members, names
from rulebook.reading import BadYaml, parse
from rulebook.routes import ROUTES

A_YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at: in which file, about which law or duty, and what."""

    file: str
    key: str
    says: str


def review(book: Rulebook, on: date, examples: Path | None) -> tuple[Finding, ...]:
    """Everything that needs a look on a day. `examples` is the folder of worked examples, where there is one."""
    found = [*_stale(book, on), *_ending_calendars(book, on), *_unreachable(book)]
    return tuple([*found, *_without_example(book, examples)] if examples else found)


def _stale(book: Rulebook, on: date) -> Iterator[Finding]:
    for law in book.laws.values():
        if on - law.checked_on > A_YEAR:
            yield Finding(
                book.files[law.law], law.law, f"last compared with its source on {law.checked_on}, over a year ago"
            )
        elif law.checked_on > on:
            yield Finding(book.files[law.law], law.law, f"checked on {law.checked_on}, which is still to come")


def _ending_calendars(book: Rulebook, on: date) -> Iterator[Finding]:
    """A limit that begins this year may end in the next, and is left uncounted where nobody knows its holidays."""
    for calendar, duties in sorted(_calendars(book).items()):
        last = calendars.last_year(calendar)
        if last <= on.year:
            says = f"holidays are known up to {last} ({calendars.source()}); {duties[0]} cannot be counted beyond: update the package"
            yield Finding("calendars.py", calendar, says)


def _calendars(book: Rulebook) -> dict[str, list[str]]:
    """Each calendar that a limit may ask for, and the duties that ask."""
    asked: dict[str, list[str]] = {}
    for _, key, duty in book.duties():
        for version in duty.limits:
            named = [version.calendar] if version.calendar != "authority" else _of_authorities(book, duty)
            for calendar in filter(None, named):
                asked.setdefault(calendar, []).append(key)
    return asked


def _of_authorities(book: Rulebook, duty: Duty) -> list[str]:
    """The countries whose authorities a duty may fall to; by a rule that is a state of the European Economic Area."""
    if duty.to in ROUTES:
        return [land for land in names() if land in members("GDPR", date.max)]
    land = book.authorities[duty.to].country if duty.to else None
    return [land] if land and land not in groups() else []


def _unreachable(book: Rulebook) -> Iterator[Finding]:
    for key, authority in book.authorities.items():
        if not authority.ways:
            yield Finding(f"authorities/{key.partition('/')[0]}.yaml", key, "no way of reporting is written")


def _without_example(book: Rulebook, examples: Path) -> Iterator[Finding]:
    """A law needs a file of examples at the same place, and each duty that is or was law must be owed in one of them."""
    for law in book.laws.values():
        file = book.files[law.law]
        path = examples / Path(file).relative_to("laws")
        if not path.exists():
            yield Finding(file, law.law, f"no worked examples: {path.name} is missing among the examples")
            continue
        try:
            page = parse(path.read_text(encoding="utf-8"))
        except BadYaml as trouble:
            yield Finding(file, law.law, f"its worked examples cannot be read: line {trouble.line}, {trouble.says}")
            continue
        owed = _owed(page.value)
        yield from (
            Finding(file, key, "no worked example in which it is owed")
            for key, duty in law.duties.items()
            if duty.dated and key not in owed
        )


def _owed(page: object) -> set[str]:
    listed = page.get("examples") if isinstance(page, dict) else None
    return {key for example in listed or () if isinstance(example, dict) for key in example.get("owed") or ()}
