"""`forthwith rulebook diff` and `replay`: what another book says, and what it would move in the open incidents."""

from typing import Any

from rich.console import RenderableType

from actions.keep_book import find_book
from actions.replay_book import Replayed, replay_book
from cli.door import Door, verb
from cli.move_lines import moved_lines
from cli.paper import heading, table
from cli.words import count
from rulebook import library
from rulebook.differences import differences
from rulebook.library import Rulebook


@verb
def diff(door: Door, old: str, new: str | None) -> None:
    """Show what two books say differently, law by law."""
    before, after = _book(door, old), _book(door, new)
    found = differences(before, after)
    told = {"old": _told(before), "new": _told(after), "differences": [each._asdict() for each in found]}
    rows = ([each.where, each.what, each.old or "-", each.new or "-"] for each in found)
    page: list[RenderableType] = [table(["where", "what", "old", "new"], rows)] if found else []
    door.answer(told, f"{_named(before)} and {_named(after)}: {count(len(found), 'difference')}.", *page)


@verb
def replay(door: Door, book: str | None) -> None:
    """Show for every open incident what a book would move."""
    rules = _book(door, book)
    with door.desk() as desk:
        found = replay_book(desk, rules)
    moved = [each for each in found if each.moves]
    told = {"rulebook": _told(rules), "open_incidents": len(found), "incidents": [_incident(each) for each in moved]}
    page: list[RenderableType] = []
    for each in moved:
        page += [heading(f"{each.incident} ({len(each.moves)})"), *moved_lines(each.moves, library.book(), rules)]
    door.answer(
        told, f"{_named(rules)} would move duties in {len(moved)} of {count(len(found), 'open incident')}.", *page
    )


def _incident(replayed: Replayed) -> dict[str, Any]:
    return {"incident": replayed.incident, "moves": [move.as_json() for move in replayed.moves]}


def _book(door: Door, wanted: str | None) -> Rulebook:
    return find_book(door.settings, wanted) if wanted else library.book()


def _told(rules: Rulebook) -> dict[str, str]:
    return {"version": rules.version, "hash": rules.hash}


def _named(rules: Rulebook) -> str:
    return f"Rulebook {rules.version}, {rules.hash[:12]}"
