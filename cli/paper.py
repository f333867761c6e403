"""What is shown: pages on the standard output, notes on the standard error, JSON for machines."""

import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

_REMOTE_FONTS = re.compile(r"@font-face \{.*?\}", re.DOTALL)

Row = Iterable[str | Text]


def clean(words: str) -> str:
    """Without the control characters with which a title could move a terminal's cursor."""
    return "".join(one if one.isprintable() or one == "\n" else "\N{REPLACEMENT CHARACTER}" for one in words)


def show(*page: RenderableType) -> None:
    """Print for people. Plain text is text: nothing in it is taken as markup."""
    console = Console(markup=False, highlight=False, emoji=False)
    for part in page:
        console.print(Text(clean(part)) if isinstance(part, str) else part, soft_wrap=isinstance(part, Whole))


class Whole(str):
    """A line that is never broken, such as a path that someone copies."""

    __slots__ = ()


def draw(path: Path, title: str, *page: RenderableType) -> None:
    """Draw what show() would print as an SVG picture, which asks no other machine for anything."""
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        console = Console(
            record=True, width=112, file=nowhere, markup=False, highlight=False, emoji=False, force_terminal=True
        )
        for part in page:
            console.print(Text(clean(part)) if isinstance(part, str) else part)
        path.parent.mkdir(parents=True, exist_ok=True)
        svg = console.export_svg(title=title)
    path.write_text(_REMOTE_FONTS.sub("", svg), encoding="utf-8")


@contextmanager
def far_on(what: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on the standard error of a terminal, which hears how much of how much is done; silence elsewhere."""
    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as shown:
        task = shown.add_task(what, total=None)
        yield lambda done, of: shown.update(task, completed=done, total=of)


def note(sentence: str) -> None:
    """Print beside the answer; broken into lines on a terminal only, so that a path in a log stays whole."""
    console = Console(stderr=True, markup=False, highlight=False, emoji=False)
    console.print(Text(clean(sentence)), soft_wrap=not console.is_terminal)


def show_json(told: Mapping[str, Any]) -> None:
    """Print one object."""
    sys.stdout.write(json.dumps(told, default=_plain, ensure_ascii=True, indent=2) + "\n")


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no JSON")


def heading(words: str) -> RenderableType:
    """A line with a title."""
    return Rule(Text(clean(words), "bold"), align="left", style="dim")


def pairs(rows: Iterable[tuple[str, str | Text]], indent: int = 0) -> RenderableType:
    """Labels and what belongs to them, which wraps at any width."""
    grid = Table.grid(padding=(0, 2))
    grid.add_column(no_wrap=True, style="dim")
    grid.add_column(ratio=1, overflow="fold")
    for label, words in rows:
        grid.add_row(label, words if isinstance(words, Text) else Text(clean(words)))
    return Padding(grid, (0, 0, 0, indent)) if indent else grid


def table(heads: Iterable[str], rows: Iterable[Row], *, fixed: Iterable[int] = (0,)) -> RenderableType:
    """Columns under heads; those in *fixed* never wrap, the others share what is left."""
    grid, fixed = Table(box=None, padding=(0, 2, 0, 0), header_style="dim", pad_edge=False), set(fixed)
    for place, head in enumerate(heads):
        grid.add_column(head, no_wrap=place in fixed, overflow="fold")
    for row in rows:
        grid.add_row(*(cell if isinstance(cell, Text) else Text(clean(cell)) for cell in row))
    return grid
