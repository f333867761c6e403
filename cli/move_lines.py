"""How answers that differ are shown: what a wish would change, or another book would move."""

from collections.abc import Iterable, Iterator

from rich.console import Group, RenderableType
from rich.text import Text

from actions.moments import spelt
from cli.paper import pairs
from rulebook.answer import Answer
from rulebook.moves import Move


def moved_lines(moves: Iterable[Move]) -> Iterator[RenderableType]:
    """Each duty with its two sides."""
    for move in moves:
        known = move.after or move.before
        title = Text.assemble((move.duty, "bold"), f"  {known.title if known else ''}")
        to = [("to", move.authority)] if move.authority else []
        yield Group(title, pairs([*to, ("now", _side(move.before)), ("then", _side(move.after))], indent=2), Text())


def _side(answer: Answer | None) -> str:
    if answer is None:
        return "not asked"
    return f"{answer.answer.replace('_', ' ')}{_by(answer)}; {answer.because}"


def _by(answer: Answer) -> str:
    if answer.answer == "does_not_apply":
        return ""
    if answer.due_at:
        return f", by {spelt(answer.due_at, answer.time_zone)}"
    if answer.target_at:
        return f", target {spelt(answer.target_at, answer.time_zone)}"
    return ", no date yet"
