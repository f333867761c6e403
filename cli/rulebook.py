"""`forthwith rulebook`: read the law that this program counts by, its words, and what in it needs a look."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import RenderableType
from rich.text import Text

from actions.clock import now
from actions.errors import Conflict
from cli.paper import heading, pairs, show, show_json, table
from rulebook import codes, library, places, volume
from rulebook.law import Law
from rulebook.library import Rulebook
from rulebook.pages import MARK, pages
from rulebook.reading import near
from rulebook.review import review
from rulebook.telling import duty_lines, law_lines

app = typer.Typer(help="Read the law that Forthwith counts by.", no_args_is_help=True)
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object instead of pages for people.")]
Home = Annotated[
    Path | None, typer.Option("--home", metavar="FOLDER", help="The deployment.", show_default="FORTHWITH_HOME")
]
A_BOOK = "A folder of laws, a file written by 'export', or the version or hash of a kept book."
SHIPPED = "the book of this program"
EXAMPLES = library.SHELF.parent / "tests" / "laws"  # in a checkout; an installed copy has none


def _told(as_json: bool, told: Mapping[str, Any], *page: RenderableType) -> None:
    if as_json:
        show_json(told)
    else:
        show(*page)


@app.command("list")
def list_laws(
    where: Annotated[str | None, typer.Option(help="Only laws of this place, such as GB, US-TX or EU.")] = None,
    as_json: AsJson = False,
) -> None:
    """List the laws of the book."""
    rules = library.book()
    area = where.upper() if where else None
    laws = [
        law for law in rules.laws.values() if area is None or any(_about(place, area) for place in law.jurisdiction)
    ]
    if not laws:
        raise Conflict(f"No law of the book is about {where}. 'forthwith rulebook list' shows all.")
    rows = ([law.law, " ".join(law.jurisdiction), str(len(law.duties)), str(law.checked_on), law.title] for law in laws)
    told = {"version": rules.version, "hash": rules.hash, "laws": [_brief(law) for law in laws]}
    page = table(["law", "where", "duties", "checked", "title"], rows, fixed=(0, 2, 3))
    _told(as_json, told, f"Rulebook {rules.version}, {rules.hash[:12]}", page)


def _about(place: str, area: str) -> bool:
    """Whether a law of `place` is a law of `area`: itself, a country's parts, or the group that a country is in."""
    if place == area or place.startswith(f"{area}-") or area.startswith(f"{place}-"):
        return True
    return place in places.groups() and places.country(area) in places.members(place, now().date())


def _brief(law: Law) -> dict[str, Any]:
    return {
        "law": law.law,
        "title": law.title,
        "jurisdiction": list(law.jurisdiction),
        "checked_on": law.checked_on,
        "duties": list(law.duties),
    }


@app.command("show")
def show_law(key: Annotated[str, typer.Argument(help="A law or a duty.")], as_json: AsJson = False) -> None:
    """Show a law as a lawyer would want it: who, when, what, exemptions, penalties, source and mark."""
    rules = library.book()
    owner = {duty: law.law for law in rules.laws.values() for duty in law.duties}
    law = rules.laws.get(key) or rules.laws.get(owner.get(key, ""))
    if law is None:
        raise Conflict(f"{key} is neither a law nor a duty of the book.{near(key, [*rules.laws, *owner])}")
    told = law.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    _told(as_json, told, *_law(rules, law, None if key in rules.laws else key))


def _law(rules: Rulebook, law: Law, only: str | None) -> Iterator[RenderableType]:
    yield Text(f"{law.law}  {law.title}", "bold")
    yield pairs(law_lines(law), indent=2)
    for key, duty in law.duties.items():
        if only in (None, key):
            yield heading(f"{key}  {duty.title}")
            yield pairs(duty_lines(rules, duty), indent=2)


@app.command("codes")
def list_codes(
    name: Annotated[str | None, typer.Argument(help="One list, such as data or roles.")] = None, as_json: AsJson = False
) -> None:
    """List the words that a facts file may use, with their meaning."""
    lists = {**codes.words(), "places": {**places.groups(), **places.names()}}
    if name is not None and name not in lists:
        raise Conflict(f"{name} is not a list of codes; there are: {', '.join(lists)}.")
    wanted = {each: lists[each] for each in lists if (each != "places" if name is None else each == name)}
    page = [table([each, "meaning"], map(list, meanings.items())) for each, meanings in wanted.items()]
    more = [] if name else ["Places have a list of their own: 'forthwith rulebook codes places'."]
    _told(as_json, {each: dict(meanings) for each, meanings in wanted.items()}, *page, *more)


@app.command("check")
def check(
    shelf: Annotated[Path, typer.Option(help="Another folder of laws to check.")] = library.SHELF,
    on: Annotated[str | None, typer.Option(help="As on this day.", show_default="today")] = None,
    as_json: AsJson = False,
) -> None:
    """Check the book: every file's shape, stale laws, missing examples and links. Exit code 2 where something needs a look."""
    day = _day(on) if on else now().date()
    rules = library.read(shelf)
    found = review(rules, day, EXAMPLES if EXAMPLES.is_dir() else None)
    told = {"version": rules.version, "hash": rules.hash, "found": [asdict(each) for each in found]}
    count = sum(len(law.duties) for law in rules.laws.values())
    lines = [f"{each.file}, {each.key}: {each.says}" for each in found] or ["Nothing needs a look."]
    _told(as_json, told, f"Rulebook {rules.version}: {len(rules.laws)} laws, {count} duties.", *lines)
    if found:
        raise typer.Exit(2)


def _day(given: str) -> date:
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise Conflict(f"--on: {given!r} is not a day; write it as 2026-11-21.") from None


@app.command("export")
def export(
    file: Annotated[
        Path | None, typer.Argument(help="The file to write.", show_default="named by version and hash")
    ] = None,
    shelf: Annotated[Path, typer.Option(help="Another folder of laws.", show_default=SHIPPED)] = library.SHELF,
    as_json: AsJson = False,
) -> None:
    """Write the whole book as one file, which 'diff' and 'replay' can read years later."""
    path = file or Path(volume.name(library.read(shelf)))
    if path.exists():
        raise Conflict(f"{path} exists already; a book that is kept is not written over.")
    rules = volume.write(shelf, path)
    told = {"file": str(path), "version": rules.version, "hash": rules.hash}
    _told(as_json, told, f"Rulebook {rules.version}, {rules.hash[:12]}, is written to {path}.")


@app.command("diff")
def diff(
    old: Annotated[str, typer.Argument(help=A_BOOK, show_default=False)],
    new: Annotated[str | None, typer.Argument(help="The same.", show_default=SHIPPED)] = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Show what two books say differently, law by law."""
    _books().diff(old=old, new=new, home=home, as_json=as_json)


@app.command("replay")
def replay(
    book: Annotated[str | None, typer.Argument(help=A_BOOK, show_default=SHIPPED)] = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Show for every open incident what a book would move. Nothing moves: an obligation keeps its terms."""
    _books().replay(book=book, home=home, as_json=as_json)


def _books() -> Any:
    return import_module("cli.books")  # only now, since it knows of incidents and their database


@app.command("pages")
def write_pages(
    folder: Annotated[Path, typer.Argument(help="Where the pages go.", show_default=False)], as_json: AsJson = False
) -> None:
    """Write a page for each law, an index, and a matrix of all limits, as Markdown; take away pages of laws that are gone."""
    wanted = {folder / name: text for name, text in pages(library.book()).items()}
    gone = [path for path in folder.glob("**/*.md") if path not in wanted and path.read_text("utf-8").startswith(MARK)]
    for path in gone:
        path.unlink()
    for path, text in wanted.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    _told(as_json, {"written": len(wanted), "taken_away": len(gone)}, f"{len(wanted)} pages are written to {folder}.")
