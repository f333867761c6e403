"""How duties that would move are shown: what a wish would change, or another book."""

from collections.abc import Iterable, Iterator

from rich.console import Group, RenderableType
from rich.text import Text

from actions.moments import spelt
from cli.paper import pairs
from rulebook.library import Rulebook
from rulebook.moves import Move, Side


def moved_lines(moves: Iterable[Move], *books: Rulebook) -> Iterator[RenderableType]:
    """Each duty with its two sides; the last book that has it says what it is about."""
    for move in moves:
        titles = [each.by_duty[move.duty][1].title for each in books if move.duty in each.by_duty]
        title = Text.assemble((move.duty, "bold"), f"  {titles[-1] if titles else ''}")
        to = [("to", move.authority)] if move.authority else []
        yield Group(title, pairs([*to, ("now", _side(move.before)), ("then", _side(move.after))], indent=2), Text())


def _side(told: Side | None) -> str:
    if told is None:
        return "not asked"
    return f"{told.answer.replace('_', ' ')}{_by(told)}; {told.because} ({told.citation})"


def _by(told: Side) -> str:
    if told.answer == "does_not_apply":
        return ""
    if told.due_at:
        return f", by {spelt(told.due_at, told.time_zone)}"
    if told.target_at:
        return f", target {spelt(told.target_at, told.time_zone)}"
    return ", no date yet"
